"""Drives `handrail practice … --plain` through a pipe, as an operator would.

Place is a home with nothing but practice in it; Practice one command, whose questions are
answered by a function from a Question to a line. Everything that was begun is ended by
Place.end(), the deployments by themselves when they are told to.
"""

import glob
import json
import os
import re
import select
import shutil
import socket
import subprocess
import tempfile
import time

BUILD = os.environ.get("HANDRAIL_BUILDDIR") or os.path.join(
    os.path.dirname(os.path.abspath(__file__)), "..", "..", "build")
HANDRAIL = os.path.abspath(os.path.join(BUILD, "handrail"))

# Only bounds a hang.
LIMIT_S = 90

QUESTION = re.compile(r"^\? ([^ :]+): (.*) \[([^\[\]]*)\]$")
WAITING = re.compile(r"^~ ([^ :]+): (.*)$")


class Question:
    def __init__(self, match):
        self.step, self.text, takes = match.groups()
        self.takes = takes.split(" | ")

    def __repr__(self):
        return "? %s: %s [%s]" % (self.step, self.text, " | ".join(self.takes))


def go(question):
    """The answer that goes on; a failure is tried again, once in a row."""
    first = question.takes[0]
    return "backup-of-today" if first == "TEXT" else first.replace("REASON", "it is so")


class Practice:
    """One command; `lines` are all that it has printed so far, on standard error too. With
    `aside`, a file, they are what it has printed there, and that has what is on standard output."""

    def __init__(self, place, arguments, aside=None, **env):
        self.lines = []
        self.buffer = b""
        self.began = time.monotonic()
        mine, its = os.pipe()
        self.process = subprocess.Popen(
            [HANDRAIL, *arguments], stdin=subprocess.PIPE, stdout=aside or its, stderr=its,
            env={**place.env, **env}, cwd=place.folder)
        os.close(its)
        self.said = os.fdopen(mine, "rb", buffering=0)

    def line(self, limit_s=LIMIT_S):
        """The next line; None at the end."""
        end = time.monotonic() + limit_s
        while b"\n" not in self.buffer:
            ready, _, _ = select.select([self.said], [], [],
                                        max(0, end - time.monotonic()))
            if not ready:
                raise AssertionError("nothing came; so far:\n" + self.text())
            piece = self.said.read(65536)
            if not piece:
                return None
            self.buffer += piece
        line, self.buffer = self.buffer.split(b"\n", 1)
        self.lines.append(line.decode())
        return self.lines[-1]

    def say(self, text):
        try:
            self.process.stdin.write(text.encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # it is over; its last lines say why

    def question(self):
        """The next question, or None at the end."""
        while (line := self.line()) is not None:
            match = QUESTION.match(line)
            if match:
                return Question(match)
        return None

    def answer(self, choose=go, waiting=None):
        """Answers until the end. `choose` (question) and `waiting` (step, text) give a line,
        or None to say nothing."""
        while (line := self.line()) is not None:
            asks, waits = QUESTION.match(line), WAITING.match(line)
            said = choose(Question(asks)) if asks else \
                waiting(*waits.groups()) if waits and waiting else None
            if said is not None:
                self.say(said)
        return self.end()

    def end(self):
        """The exit status, with everything read."""
        if not self.process.stdin.closed:
            self.process.stdin.close()
        while self.line() is not None:
            pass
        self.took_s = time.monotonic() - self.began
        return self.process.wait(LIMIT_S)

    def text(self):
        return "\n".join(self.lines)


class Place:
    def __init__(self, **env):
        self.folder = tempfile.mkdtemp(prefix="practice-test-")
        self.runtime = os.path.join(self.folder, "run")
        os.mkdir(self.runtime, 0o700)
        self.env = {**os.environ, "HOME": self.folder, "XDG_RUNTIME_DIR": self.runtime,
                    "XDG_CONFIG_HOME": os.path.join(self.folder, "config"),
                    "LC_ALL": "C.UTF-8", "TERM": "dumb", **env}
        self.begun = []
        self.move_state("state")

    def move_state(self, name):
        """What is kept is kept below the folder `name` from now on."""
        self.env["XDG_STATE_HOME"] = os.path.join(self.folder, name)
        self.state = os.path.join(self.folder, name, "handrail")
        self.kept = os.path.join(self.state, "practice")

    def practise(self, *arguments, **env):
        return self.run("practice", "--plain", *arguments, **env)

    def run(self, *arguments, **env):
        practice = Practice(self, arguments, **env)
        self.begun.append(practice)
        return practice

    def screen_env(self):
        """What a program in a terminal of its own is given."""
        return {name: self.env[name] for name in
                ("HOME", "XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "LC_ALL")}

    def roots(self):
        """Newest first."""
        return sorted(glob.glob(os.path.join(self.kept, "*")), reverse=True)

    def facts(self, root):
        with open(os.path.join(root, "practice.json")) as file:
            return json.load(file)

    def events(self, root, which=-1):
        """The journal of the newest run there, or of another one from the oldest on."""
        runs = sorted(glob.glob(os.path.join(root, "runs", "*")))
        with open(os.path.join(runs[which], "journal.jsonl"), "rb") as file:
            return [json.loads(line) for line in file.read().split(b"\n")[:-1]]

    def told(self, root):
        """What its deployment told, alive or put away."""
        folders = (self.facts(root)["folder"], root)  # the first is null once it is put away
        for path in (os.path.join(f, "world.jsonl") for f in folders if f):
            if os.path.exists(path):
                with open(path) as file:
                    return [json.loads(line) for line in file]
        return []

    def deployments(self):
        """The folders of those that are there, alive or not."""
        return sorted(glob.glob(os.path.join(self.state, "deployments", "handrail-practice-*")))

    def tell_deployment(self, folder, message):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(LIMIT_S)
        try:
            line.connect(os.path.join(folder, "control"))
            line.sendall(json.dumps(message).encode() + b"\n")
            said = b""
            while piece := line.recv(65536):
                said += piece
            return said
        finally:
            line.close()

    def end(self):
        for practice in self.begun:
            if practice.process.poll() is None:
                practice.process.kill()
            practice.process.wait(LIMIT_S)
            practice.said.close()
        for folder in self.deployments():
            try:
                self.tell_deployment(folder, {"end": True})
            except OSError:
                pass  # it has ended by itself
        shutil.rmtree(self.folder, ignore_errors=True)

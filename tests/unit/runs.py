"""Drives handrail-runner over its socket, for the tests of the runner."""

import glob
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

BUILD = os.environ.get("HANDRAIL_BUILDDIR") or os.path.join(
    os.path.dirname(os.path.abspath(__file__)), "..", "..", "build")
RUNNER = os.path.abspath(os.path.join(BUILD, "handrail-runner"))

# Only bounds a hang.
LIMIT_S = 30

SITE = """\
handrail-site: 1
name: here
production: false
platform: { compose: { project: none } }
services: { web: {} }
"""


class Place:
    """A state root, a site file and runbooks in a temporary folder."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="handrail-runner-")
        self.root = os.path.join(self.folder, "state")
        self.site = self.write("here.yaml", SITE)
        self.marks = os.path.join(self.folder, "marks")
        self.processes = []
        self.options = {}  # of how runners are started

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w") as file:
            file.write(text)
        return path

    def marked(self):
        if not os.path.exists(self.marks):
            return []
        with open(self.marks) as file:
            return file.read().split()

    def end(self):
        """Ends the runners that are still there, by their own handles."""
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.wait(LIMIT_S)

    def remove(self):
        """A runner that ends meanwhile removes its socket itself."""
        def failed(_, path, why):
            if not issubclass(why[0], FileNotFoundError):
                raise why[1]
        shutil.rmtree(self.folder, onerror=failed)

    def start(self, *arguments, **env):
        """Starts a runner; what it says on its descriptor, and its process."""
        mine, its = os.pipe()
        process = subprocess.Popen([RUNNER, *arguments, "--started-fd", str(its)],
                                   pass_fds=[its], stdin=subprocess.DEVNULL,
                                   env={**os.environ, **env}, **self.options)
        os.close(its)
        self.processes.append(process)
        with os.fdopen(mine, "rb") as pipe:
            line = pipe.read()
        return (json.loads(line) if line else None), process

    def run(self, runbook, *arguments, **env):
        said, process = self.start("run", runbook, "--site", self.site, "--state",
                                   self.root, *arguments, **env)
        return said, process

    def resume(self, run, *arguments, **env):
        return self.start("resume", run, *arguments, **env)


class Viewer:
    def __init__(self, run):
        self.socket = socket.socket(socket.AF_UNIX)
        folder = os.open(run, os.O_RDONLY)
        self.socket.connect("/proc/self/fd/%d/socket" % folder)
        os.close(folder)
        self.buffer = b""
        self.lines = []
        self.closed = False
        self.seen = 0

    def read(self, limit_s=LIMIT_S):
        """The next message, or None when the connection is over."""
        end = time.monotonic() + limit_s
        while b"\n" not in self.buffer:
            left = end - time.monotonic()
            ready, _, _ = select.select([self.socket], [], [], max(0, left))
            if not ready:
                raise AssertionError("nothing came; so far: %s" % self.lines[-5:])
            try:
                piece = self.socket.recv(65536)
            except ConnectionResetError:
                piece = b""
            if not piece:
                self.closed = True
                return None
            self.buffer += piece
        line, self.buffer = self.buffer.split(b"\n", 1)
        message = json.loads(line)
        self.lines.append(message)
        return message

    def until(self, wanted, limit_s=LIMIT_S):
        """The first message from now on that `wanted` is true of."""
        while True:
            message = self.read(limit_s)
            if message is None:
                raise AssertionError("the connection ended; last: %s" % self.lines[-3:])
            if wanted(message):
                return message

    def event(self, name, **members):
        return self.until(lambda m: m.get("event") == name and
                          all(m.get(key) == value for key, value in members.items()))

    def live(self, name, **members):
        return self.until(lambda m: m.get("live") == name and
                          all(m.get(key) == value for key, value in members.items()))

    def say(self, **message):
        self.socket.sendall(json.dumps(message).encode() + b"\n")

    def question(self):
        """The question that stands once the journal has been read, or the next one."""
        asked = None
        for message in self.lines:
            asked = self.standing(asked, message)
        while not asked or not any(m.get("live") == "caught-up" for m in self.lines):
            message = self.read()
            if message is None:
                raise AssertionError("the connection ended; last: %s" % self.lines[-3:])
            asked = self.standing(asked, message)
        return asked

    @staticmethod
    def standing(asked, message):
        if message.get("event") == "asked":
            return message
        if message.get("event") in ("answered", "withdrawn", "run-resumed"):
            return None
        return asked

    def answer(self, asked, text):
        self.say(say="answer", question=asked["question"], digest=asked["digest"], text=text)

    def close(self):
        self.socket.close()


def events(run):
    with open(os.path.join(run, "journal.jsonl"), "rb") as file:
        return [json.loads(line) for line in file.read().split(b"\n")[:-1]]


def kill(process, number=signal.SIGKILL):
    process.send_signal(number)
    process.wait(LIMIT_S)


def note(text):
    print("# " + text, flush=True)


def report(number, function, place):
    """Whether it went well, after saying so."""
    name = function.__name__[5:].replace("_", " ")
    try:
        function(place)
        print("ok %d - %s" % (number, name), flush=True)
        return True
    except Exception as error:  # a test's report, whatever it was
        print("not ok %d - %s" % (number, name))
        note(repr(error))
        for log in glob.glob(place.root + "/runs/*/runner.log"):
            with open(log) as file:
                note(file.read())
        return False


def main(names, *programs):
    """Every test_… of `names`, or those with the word of the command line in their name,
    each in a place of its own; where the programs are there."""
    lacking = [name for name in programs if not shutil.which(name)]
    if not os.access(RUNNER, os.X_OK) or lacking:
        print("1..0 # SKIP not here: %s" % (", ".join(lacking) or "handrail-runner"))
        sys.exit(77)
    tests = [function for name, function in names.items()
             if name.startswith("test_") and (len(sys.argv) < 2 or sys.argv[1] in name)]
    print("1..%d" % len(tests))
    failures = 0
    for number, function in enumerate(tests, 1):
        place = Place()
        failures += not report(number, function, place)
        place.end()
        place.remove()
    sys.exit(1 if failures else 0)

"""Drives `handrail … --plain` as an operator would: reads lines, answers questions.

Site holds a site file and the state folder of one test; Front is one viewer, on
pipes or on a terminal of its own; Run reads what a run has left on disk.
"""

import errno
import fcntl
import glob
import hashlib
import json
import os
import pty
import re
import select
import signal
import subprocess
import termios
import threading
import time

import bed
import tap

BUILD = os.environ.get("HANDRAIL_BUILDDIR") or os.path.join(
    os.path.dirname(os.path.abspath(__file__)), "..", "..", "build")
SOURCE = os.environ.get("HANDRAIL_SRCDIR") or os.path.join(
    os.path.dirname(os.path.abspath(__file__)), "..", "..")
HANDRAIL = os.path.abspath(os.environ.get("HANDRAIL") or os.path.join(BUILD, "handrail"))
RUNBOOKS = os.path.abspath(os.path.join(SOURCE, "runbooks"))

# Only bounds a hang: the longest wait of the runbooks is a container's grace.
LIMIT_S = 60

QUESTION = re.compile(r"^\? ([^ :]+): (.*) \[([^\[\]]*)\]$")
WAITING = re.compile(r"^~ ([^ :]+): (.*)$")


def needed():
    if not os.access(HANDRAIL, os.X_OK):
        tap.skip_all("%s is not built" % HANDRAIL)


class Question:
    def __init__(self, match):
        self.id, self.text, takes = match.groups()
        self.takes = takes.split(" | ")

    def is_failure(self):
        return "retry" in self.takes

    def is_uncertain(self):
        return "again" in self.takes and any(t.startswith("done") for t in self.takes)

    def is_running(self):
        return "end" in self.takes

    def go(self):
        """The answer that goes on where nothing else was said."""
        if self.is_failure() or "TEXT" in self.takes[0]:
            raise AssertionError("no answer is known to %s" % self)
        return self.takes[0].replace("REASON", "its checks say so")

    def __repr__(self):
        return "? %s: %s [%s]" % (self.id, self.text, " | ".join(self.takes))


class Site:
    """A site file for a project, with configuration and state of its own."""

    def __init__(self, project, production=False, identity=None, services=None, tag=""):
        self.project = project
        self.engine = project.engine
        self.name = project.name + tag
        self.state = self.engine.folder("state", self.name)
        self.config = self.engine.folder("config", self.name)
        self.file = os.path.join(self.config, self.name + ".yaml")
        self.write(production, project.identity() if identity is None else identity,
                   services or {name: {"health": project.health[name]}
                                if name in project.health else {}
                                for name in project.services})

    def write(self, production, identity, services):
        with open(self.file, "w") as file:  # each value JSON, which is YAML
            for key, value in {
                "handrail-site": 1,
                "name": self.name,
                "production": production,
                "platform": {"compose": {
                    "project": self.project.name,
                    "directory": self.project.directory,
                    "engine": self.engine.host}},
                "identity": identity,
                "services": services,
                **self.project.sections,
            }.items():
                file.write("%s: %s\n" % (key, json.dumps(value)))

    def runbook(self, name, text):
        path = os.path.join(self.config, name + ".yaml")
        with open(path, "w") as file:
            file.write(text)
        return path

    def quicker(self, name, timeout=None):
        """A shipped runbook, except that it takes a window of 30 s where the shipped one
        wants at least two minutes of watching; and with another timeout of its last step."""
        with open(os.path.join(RUNBOOKS, name + ".yaml")) as file:
            text, places = re.subn(r"(?m)^(    (?:default|min)): 2m$", r"\1: 30s", file.read())
        if places != 2:
            raise AssertionError("%s.yaml has no window of 2m any more" % name)
        if timeout:
            text = re.sub(r"timeout: [0-9a-z]+\s*\Z", "timeout: %s\n" % timeout, text)
        return self.runbook(name, text)

    def environment(self, **more):
        return self.engine.environment(XDG_STATE_HOME=self.state, XDG_CONFIG_HOME=self.config,
                                       **more)

    def front(self, *arguments, terminal=False, **env):
        return Front([HANDRAIL, *arguments, "--plain"], self.environment(**env), terminal)

    def run(self, runbook, *arguments, terminal=False, **env):
        """`handrail run RUNBOOK` on this site; a path, or a name of those installed."""
        return self.front("run", runbook, "--site", self.file, *arguments,
                          terminal=terminal, **env)

    def watch(self, *arguments):
        """`handrail queues` on this site, with the shortest window."""
        return Watch([HANDRAIL, "queues", "--site", self.file, "--json", "--window", "30s",
                      "--interval", "1s", *arguments], self.environment())

    def ask(self, *arguments, answers=""):
        """Runs a command that is over by itself: (status, standard output, standard
        error). `answers` is what it reads."""
        done = subprocess.run([HANDRAIL, *arguments], env=self.environment(), input=answers,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, timeout=LIMIT_S)
        return done.returncode, done.stdout, done.stderr

    def runs(self):
        """The runs of this site, oldest first."""
        return [Run(self, path) for path in
                sorted(glob.glob(os.path.join(self.state, "handrail", "runs", "*")),
                       key=lambda path: os.stat(path + "/journal.jsonl").st_ctime_ns
                       if os.path.exists(path + "/journal.jsonl") else 0)]

    def last(self):
        return self.runs()[-1]

    def end_runners(self):
        """Tells runners that outlived their viewers to end, and waits for that."""
        for run in self.runs():
            pid = run.runner() if run.is_held() else None
            if pid is not None:
                os.kill(pid, signal.SIGTERM)
                bed.wait_until(lambda: not run.is_held(), "the runner of %s to end" % run.name)


class Run:
    """What is on disk of a run."""

    def __init__(self, site, path):
        self.site = site
        self.path = path
        self.name = os.path.basename(path)
        self.file = os.path.join(path, "journal.jsonl")

    def lines(self):
        with open(self.file, "rb") as file:
            return file.read().split(b"\n")[:-1]

    def events(self, *types):
        events = [json.loads(line) for line in self.lines()]
        return [event for event in events if not types or event["event"] in types]

    def is_held(self):
        """Whether a runner has it now."""
        with open(os.path.join(self.path, "lock")) as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def chain_problem(self):
        """What breaks the chain of lines, or None."""
        before = "0" * 64
        for number, line in enumerate(self.lines(), 1):
            event = json.loads(line)
            if event["n"] != number:
                return "line %d says it is number %d" % (number, event["n"])
            if event["prev"] != before:
                return "line %d does not follow the line before it" % number
            before = hashlib.sha256(line).hexdigest()
        return None

    def runner(self):
        """Process id of the last runner."""
        return self.events("run-began", "run-resumed")[-1]["pid"]

    def state(self):
        status, out, err = self.site.ask("state", self.name, "--json")
        if status != 0:
            raise AssertionError("handrail state: %d %s %s" % (status, out, err))
        return json.loads(out)

    def by_hand(self):
        with open(os.path.join(self.path, "by-hand.txt")) as file:
            return file.read()


def alive(pid):
    """Whether a process still does anything (a zombie does not)."""
    try:
        with open("/proc/%d/stat" % pid) as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Front:
    """One `handrail` process and what it said."""

    def __init__(self, argv, env, terminal=False):
        self.terminal = terminal
        self.said = []     # whole lines
        self.rest = b""
        self.read_to = 0   # lines that next() has given
        self.ended = False
        if terminal:
            self._start_on_terminal(argv, env)
        else:
            self.process = subprocess.Popen(argv, env=env, stdin=subprocess.PIPE,
                                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                            start_new_session=True)
            self.out = self.process.stdout.fileno()
            self.input = self.process.stdin.fileno()

    def _start_on_terminal(self, argv, env):
        """The child leads a session whose terminal the far end is, so that closing
        ours hangs it up."""
        ours, theirs = pty.openpty()
        mode = termios.tcgetattr(theirs)
        mode[3] &= ~termios.ECHO
        termios.tcsetattr(theirs, termios.TCSANOW, mode)

        def take_terminal():
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(argv, env=env, stdin=theirs, stdout=theirs,
                                        stderr=theirs, preexec_fn=take_terminal)
        os.close(theirs)
        self.out = self.input = ours

    # -- lines ---------------------------------------------------------------

    def _read(self, until):
        """Reads what there is, waiting for it until that time. FALSE: nothing came."""
        if self.ended:
            return False
        ready, _, _ = select.select([self.out], [], [], max(0, until - time.monotonic()))
        if not ready:
            return False
        try:
            piece = os.read(self.out, 65536)
        except OSError as error:
            if error.errno != errno.EIO:  # a terminal's way to end
                raise
            piece = b""
        if not piece:
            self.ended = True
            if self.rest:
                self.said.append(self.rest.decode("utf-8", "replace"))
            return False
        *lines, self.rest = (self.rest + piece).split(b"\n")
        self.said += [line.decode("utf-8", "replace").rstrip("\r") for line in lines]
        return True

    def next(self, limit_s=LIMIT_S):
        """The next line; None at the end."""
        until = time.monotonic() + limit_s
        while self.read_to >= len(self.said):
            if not self._read(until):
                if self.ended and self.read_to >= len(self.said):
                    return None
                if not self.ended and time.monotonic() >= until:
                    raise TimeoutError("no line for %g s; said so far:\n%s"
                                       % (limit_s, self.text()))
        self.read_to += 1
        return self.said[self.read_to - 1]

    def find(self, pattern, limit_s=LIMIT_S):
        """The next line that matches; passes over the others."""
        while True:
            line = self.next(limit_s)
            if line is None:
                raise AssertionError("ended (%s) before %r; said:\n%s"
                                     % (self.process.wait(), pattern, self.text()))
            match = re.search(pattern, line)
            if match:
                return match

    def question(self, step=None, limit_s=LIMIT_S):
        """The next question; of that step, passing over nothing else that asks."""
        question = Question(self.find(QUESTION, limit_s))
        if step and question.id != step:
            raise AssertionError("wanted a question of %s, got %s" % (step, question))
        return question

    def waiting(self, limit_s=LIMIT_S):
        return self.find(WAITING, limit_s).groups()

    def say(self, text):
        os.write(self.input, (text + "\n").encode())

    def text(self):
        return "\n".join(self.said)

    # -- whole conversations ---------------------------------------------------

    def play(self, answers=None, stop_before=None, limit_s=LIMIT_S):
        """Answers every question until the program ends, and gives its status.

        `answers`: {step: text or list of texts, one a question}; or a function of the
        question. What it has nothing for (None) is answered with what goes on.
        `stop_before`: the id of a step whose question is given back unanswered."""
        answers = answers or {}
        left = {step: list(text) for step, text in answers.items()
                if isinstance(text, list)} if isinstance(answers, dict) else {}
        for _ in range(500):
            while True:
                line = self.next(limit_s)
                if line is None:
                    return self.status()
                match = QUESTION.match(line)
                if match:
                    break
            question = Question(match)
            if question.id == stop_before:
                return question
            if callable(answers):
                answer = answers(question)
            elif question.id in left:
                answer = left[question.id].pop(0) if left[question.id] else None
            else:
                answer = answers.get(question.id)
            self.say(question.go() if answer is None else answer)
        raise AssertionError("500 questions, and no end:\n" + "\n".join(self.said[-20:]))

    def status(self, limit_s=LIMIT_S):
        """Reads to the end and gives the exit status."""
        until = time.monotonic() + limit_s
        while not self.ended:
            if not self._read(until) and not self.ended:
                raise TimeoutError("did not end; said:\n" + self.text())
        return self.process.wait(limit_s)

    # -- ends ------------------------------------------------------------------

    def kill(self, number=signal.SIGKILL):
        if self.process.poll() is None:
            self.process.send_signal(number)
        self.process.wait(LIMIT_S)

    def hang_up(self):
        """The terminal goes away, as when an SSH connection drops."""
        os.close(self.out)
        self.ended = True
        self.process.wait(LIMIT_S)

    def close_input(self):
        self.process.stdin.close()


class Watch:
    """A `handrail queues --json` and the samples it printed."""

    def __init__(self, argv, env):
        self.samples = []
        self.news = threading.Condition()
        self.over = False
        self.process = subprocess.Popen(argv, env=env, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        start_new_session=True)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            try:
                sample = json.loads(line)
            except ValueError:
                sample = {"said": line.decode("utf-8", "replace")}
            with self.news:
                self.samples.append(sample)
                self.news.notify_all()
        with self.news:
            self.over = True
            self.news.notify_all()

    def until(self, holds, what, limit_s=LIMIT_S):
        """The first sample from now on (the last one counts) of which that is true."""
        end = time.monotonic() + limit_s
        with self.news:
            seen = max(0, len(self.samples) - 1)
            while True:
                for sample in self.samples[seen:]:
                    seen += 1
                    if holds(sample):
                        return sample
                left = end - time.monotonic()
                if left <= 0 or (self.over and seen == len(self.samples)):
                    raise TimeoutError("no sample with %s; the last: %s"
                                       % (what, self.samples[-3:]))
                self.news.wait(left)

    def verdict(self, *names, limit_s=LIMIT_S):
        """The first sample from now on with one of these verdicts."""
        return self.until(lambda sample: sample.get("verdict") in names,
                          " or ".join(names), limit_s)

    def stop(self):
        """Ends it as Ctrl-C does, and gives its status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        status = self.process.wait(LIMIT_S)
        self.reader.join(LIMIT_S)
        return status

"""A simulated deployment as a process, for the tests of practice."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

BUILD = os.path.abspath(os.environ.get("HANDRAIL_BUILDDIR") or os.path.join(
    os.path.dirname(os.path.abspath(__file__)), "..", "..", "build"))
SOURCE = os.path.abspath(os.environ.get("HANDRAIL_SRCDIR") or os.path.join(
    os.path.dirname(os.path.abspath(__file__)), "..", ".."))
PROGRAM = os.path.join(BUILD, "handrail-practice")
SCENARIOS = os.path.join(SOURCE, "runbooks", "practice")

# Only bounds a hang.
LIMIT_S = 60


def wait_until(holds, what):
    """Polls until it gives something true, and returns that."""
    end = time.monotonic() + LIMIT_S
    while True:
        value = holds()
        if value:
            return value
        if time.monotonic() > end:
            raise TimeoutError("waited %g s for %s" % (LIMIT_S, what))
        time.sleep(0.01)


def start(folder, scenario, *options, program=PROGRAM):
    """Starts it; returns the process and what it said."""
    out, to = os.pipe()
    process = subprocess.Popen(
        [program, "serve", "--folder", folder, "--scenario", scenario,
         "--started-fd", str(to), *options],
        pass_fds=[to], stdin=subprocess.DEVNULL)
    os.close(to)
    with os.fdopen(out) as file:
        line = file.readline()
    return process, json.loads(line) if line else None


class Served:
    """A deployment that is served until end(), of a shipped scenario or of a text."""

    def __init__(self, scenario, *options):
        self.folder = tempfile.mkdtemp(prefix="hp-", dir="/tmp")
        path = os.path.join(SCENARIOS, scenario + ".yaml")
        if "\n" in scenario:
            self.own = tempfile.mkdtemp(prefix="hp-", dir="/tmp")
            path = os.path.join(self.own, "own.yaml")
            with open(path, "w") as file:
                file.write(scenario)
        else:
            self.own = None
        self.process, self.hello = start(self.folder, path, "--seed", "7", *options)
        if "site" not in (self.hello or {}):
            self.end()
            raise RuntimeError("not served: %r" % self.hello)
        self.directory = os.path.join(self.folder, self.hello["project"])

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        self.end()

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(LIMIT_S)
        for folder in (self.folder, self.own):
            if folder:
                shutil.rmtree(folder, ignore_errors=True)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    # -- the stand-ins ------------------------------------------------------------

    def argv(self, line):
        words = line.split() if isinstance(line, str) else list(line)
        return [self.path("bin", words[0]), *words[1:]]

    def run(self, line, cwd=None, **more):
        """A stand-in's command, in an empty environment: (status, out, err)."""
        done = subprocess.run(self.argv(line), cwd=cwd or self.directory,
                              env=more.pop("env", {}), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=LIMIT_S, **more)
        return done.returncode, done.stdout, done.stderr

    def out(self, line):
        status, out, err = self.run(line)
        if status != 0:
            raise RuntimeError("%s: %d %s" % (line, status, err))
        return out

    # -- its sockets ---------------------------------------------------------------

    def connect(self, name):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(LIMIT_S)
        try:
            line.connect(self.path(name))
        except OSError:
            line.close()
            raise
        return line

    def say(self, message):
        """One message over control; the lines that come back."""
        with self.connect("control") as line:
            text = message if isinstance(message, bytes) else \
                json.dumps(message).encode() + b"\n"
            try:
                line.sendall(text)
                with line.makefile() as file:
                    return [json.loads(answer) for answer in file]
            except (BrokenPipeError, ConnectionResetError):
                return None  # it was closed before all was said

    def told(self):
        with open(self.path("world.jsonl")) as file:
            return [json.loads(line) for line in file]


def answers(served, name):
    """Whether somebody listens at that socket."""
    try:
        served.connect(name).close()
        return True
    except OSError:
        return False

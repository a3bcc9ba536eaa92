#!/usr/bin/python3
"""A state root that two people share: what one begins, the other goes on with."""

import fcntl
import glob
import json
import os
import select
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import runs

# Of nobody here; both in the one group that has the root.
ANN, BOB, GROUP = 61001, 61002, 61000

RUNBOOK = """\
handrail: 1
title: Shared
steps:
  - id: name
    title: Name it
    ask: { text: Which word? }
  - id: mark
    title: Leave a mark
    do: { run: [sh, -c, "echo mark >> MARKS"] }
  - id: last
    title: The last
    ask: { text: Another word? }
"""


def check(found, wanted, what):
    if found != wanted:
        raise AssertionError("%s: %r, not %r" % (what, found, wanted))


def as_user(uid):
    return dict(user=uid, group=GROUP, extra_groups=[], umask=0o022)


class Program:
    """handrail, called by somebody, on pipes."""

    def __init__(self, place, uid, *arguments):
        self.printed = ""
        self.process = subprocess.Popen(
            [os.path.join(runs.BUILD, "handrail"), *arguments], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd="/", **as_user(uid),
            env={"PATH": os.environ["PATH"], "HOME": place.folder, "LC_ALL": "C.UTF-8",
                 "XDG_STATE_HOME": place.folder})

    def until(self, text):
        """Reads until `text` was printed; what came before it is not looked at again."""
        end = time.monotonic() + runs.LIMIT_S
        while text not in self.printed:
            ready, _, _ = select.select([self.process.stdout], [], [],
                                        max(0, end - time.monotonic()))
            got = os.read(self.process.stdout.fileno(), 65536) if ready else b""
            if not got:
                raise AssertionError("%r did not come: %s" % (text, self.printed))
            self.printed += got.decode()
        self.printed = self.printed.split(text, 1)[1]

    def type(self, line):
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def ends(self, status):
        rest, _ = self.process.communicate(timeout=runs.LIMIT_S)
        check(self.process.returncode, status, "the status after %s" % rest.decode())
        return rest.decode()


def make_place():
    place = runs.Place()
    os.chmod(place.folder, 0o755)
    place.root = os.path.join(place.folder, "handrail")
    os.mkdir(place.root)
    os.chown(place.root, 0, GROUP)
    os.chmod(place.root, 0o2770)
    with open(place.site) as file:
        text = file.read()
    place.other = place.write("there.yaml", text.replace("name: here", "name: there"))
    marks = os.path.join(place.folder, "marks")
    os.mkdir(marks)
    os.chmod(marks, 0o777)
    place.marks = os.path.join(marks, "marks")
    place.runbook = place.write("shared.yaml", RUNBOOK.replace("MARKS", place.marks))
    for path in (place.site, place.other, place.runbook):
        os.chmod(path, 0o644)
    return place


def modes(place):
    """Nothing below the root keeps the group out, whatever the umask."""
    for folder, _, files in os.walk(place.root):
        check(os.stat(folder).st_mode & 0o070, 0o070, "the mode of " + folder)
        check(os.stat(folder).st_gid, GROUP, "the group of " + folder)
        for name in files:
            path = os.path.join(folder, name)
            check(os.stat(path).st_mode & 0o060, 0o060, "the mode of " + path)


def test_two_people(place):
    first = Program(place, ANN, "run", place.runbook, "--site", place.site)
    first.until("? name: ")
    name = os.listdir(place.root + "/runs")[0]
    told = Program(place, BOB, "runs").ends(0)
    check(name in told, True, told)

    second = Program(place, BOB, "attach", name)
    second.until("viewer 1 has the controls")
    second.type("take")
    first.until("has taken the controls")
    second.until("? name: ")
    second.type("hello")
    second.until("? mark: ")
    second.type("y")
    second.until("? last: ")

    third = Program(place, BOB, "run", place.runbook, "--site", place.other)
    third.until("? name: ")
    third.type("stop")
    third.ends(3)

    second.type("stop")
    second.ends(3)
    first.ends(3)
    modes(place)
    check(place.marked(), ["mark"], "marks")

    # Bob's site is free for Ann, and Ann's run is Bob's to go on with.
    refused = Program(place, ANN, "run", place.runbook, "--site", place.other)
    refused.until("? unfinished: ")
    refused.type("there")
    refused.until("? name: ")
    refused.type("stop")
    refused.ends(3)
    resumed = Program(place, BOB, "resume", name)
    resumed.until("? last: ")
    resumed.type("done")
    resumed.ends(0)
    modes(place)
    check(runs.events(place.root + "/runs/" + name)[-1]["event"], "run-finished", "the end")


SLOW = """\
handrail: 1
title: Slow
steps:
  - id: slow
    title: Wait for the gate
    do: { run: [sh, -c, "cat GATE"] }
"""


def test_the_command_of_another(place):
    gate = os.path.join(place.folder, "gate")
    os.mkfifo(gate)
    os.chmod(gate, 0o666)
    runbook = place.write("slow.yaml", SLOW.replace("GATE", gate))
    os.chmod(runbook, 0o644)
    first = Program(place, ANN, "run", runbook, "--site", place.site)
    first.until("? slow: ")
    first.type("y")
    writer = os.open(gate, os.O_WRONLY)  # returns when the command reads
    with open(place.root + "/sites/here.lock") as lock:
        os.kill(json.load(lock)["pid"], signal.SIGKILL)
    first.until("the runner died")
    first.ends(1)
    second = Program(place, BOB, "resume")
    second.until("? slow: ")
    second.type("end")
    second.until("it belongs to %d; only they or root can end it" % ANN)
    second.until("? slow: ")
    second.type("wait")
    os.close(writer)
    second.until("? slow: ")
    second.type("done seen")
    second.ends(0)


def end_runners(place):
    """Those that a failure has left, by the pids that they signed the sites' locks with."""
    for path in glob.glob(place.root + "/sites/*.lock"):
        with open(path) as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                os.kill(json.load(lock)["pid"], signal.SIGTERM)
                fcntl.flock(lock, fcntl.LOCK_SH)


def why_not():
    if os.geteuid() != 0:
        return "two people can be played by root only"
    try:
        subprocess.run([os.path.join(runs.BUILD, "handrail"), "--version"], check=True,
                       stdout=subprocess.DEVNULL, **as_user(ANN))
    except (OSError, subprocess.CalledProcessError):
        return "the build folder is not open to others"
    if os.path.exists("/var/lib/handrail"):
        return "this host has a shared state root"
    return None


def main():
    reason = why_not()
    if reason:
        print("1..0 # SKIP " + reason)
        return
    tests = (test_two_people, test_the_command_of_another)
    print("1..%d" % len(tests))
    failures = 0
    for number, function in enumerate(tests, 1):
        place = make_place()
        failures += not runs.report(number, function, place)
        end_runners(place)
        place.remove()
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()

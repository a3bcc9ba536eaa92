#!/usr/bin/python3 -B
"""Who comes late sees what they see who were there from the beginning: a run of practice, whose
runner is the real one, on two screens."""

import json
import os
import re
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "live"))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "practice"))

import bed
import driver
import practise
import screen
import tap

screen.needed()

# The busy machine takes its time.
LIMIT_S = 60

# As fast as leaves a look at two screens in peace: a sample every half second.
SPEED = "4"

WATCHED = """\
handrail: 1
title: Watched
steps:
  - id: watched
    title: Stop the proxy while jobs are queued
    require:
      - service: { name: tines-app, running: recorded }
      - queues: { state: shrinking, window: 30s }
    record: [ counts ]
    do: { scale: { service: nginx, to: 0 } }
"""

FAILS = """\
handrail: 1
title: Fails
steps:
  - id: fails
    title: Print and fail
    do: { run: [docker, frobnicate] }
"""


class Desk:
    """A home of its own, and screens in it."""

    def __init__(self):
        self.place = practise.Place()
        self.screens = []

    def screen(self, *arguments, columns=120, lines=40):
        env = {name: self.place.env[name] for name in
               ("HOME", "XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "LC_ALL")}
        self.screens.append(screen.Screen([driver.HANDRAIL, *arguments], env, columns, lines))
        return self.screens[-1]

    def practise(self, text):
        path = os.path.join(self.place.folder, "runbook.yaml")
        with open(path, "w") as file:
            file.write(text)
        return self.screen("practice", path, "--scenario", "backlog", "--seed", "11",
                           "--speed", SPEED)

    def attach(self):
        return self.screen("attach", self.run())

    def run(self):
        """The folder of the run."""
        runs = os.path.join(self.place.roots()[0], "runs")
        return os.path.join(runs, os.listdir(runs)[0])

    def runner(self):
        """Process id of the run's runner."""
        with open(os.path.join(self.run(), "journal.jsonl")) as file:
            return json.loads(file.readline())["pid"]

    def end(self):
        """No runner is left alone: it would wait at its question for an hour."""
        for one in self.screens:
            one.close()
        if self.place.roots():
            runner = self.runner()
            os.kill(runner, signal.SIGTERM)
            os.kill(runner, signal.SIGCONT)
            bed.wait_until(lambda: not driver.alive(runner), "the runner to end")
        self.place.end()


def desk_of(test):
    def run():
        desk = Desk()
        try:
            test(desk)
        finally:
            desk.end()
    run.__name__ = test.__name__
    return run


def what_is_true(shown, asked):
    """The screen without what depends on who looks: the head, which has who is here and the
    time; what says who can answer; the keys."""
    lines = shown.text().split("\n")
    begin = next(i for i, line in enumerate(lines) if "│ " + asked in line)
    end = next(i for i, line in enumerate(lines) if i > begin and "│ " + " " * 9 in line)
    return lines[1:end]


def settle(desk, *screens):
    """Nothing new comes any more, and all has been drawn."""
    os.kill(desk.runner(), signal.SIGSTOP)
    for one in screens:
        one.type("\033l")  # away and back: all is drawn anew
        one.type("q")


@desk_of
def the_same_at_a_question(desk):
    asked = "Stop the proxy while jobs are queued?"
    first = desk.practise(WATCHED)
    first.wait("│ " + asked, LIMIT_S)
    late = desk.attach()
    late.wait("│ " + asked, LIMIT_S)
    late.wait("workers", LIMIT_S)
    settle(desk, first, late)
    seen = what_is_true(first, asked)
    tap.equal(what_is_true(late, asked), seen, "the two screens are the same text")
    body = "\n".join(seen)
    tap.ok(re.search(r"▸ Stop the proxy while jobs are q… +1 ", body), "with the counts", body)
    tap.ok(re.search(r"all +\d+ +[▁▂▃▄▅▆▇█]{3}", body), "and how the queues came there", body)


@desk_of
def the_same_after_a_failure(desk):
    asked = "Print and fail failed"
    first = desk.practise(FAILS)
    first.wait("Type practice", LIMIT_S)
    first.type("\r")  # an empty one: whoever wants its keys has them from here on
    first.type("practice\r")
    first.wait("frobnicate", LIMIT_S)
    first.wait("│ " + asked, LIMIT_S)
    first.wait("retry", LIMIT_S)
    late = desk.attach()
    late.wait("frobnicate", LIMIT_S)
    late.wait("│ " + asked, LIMIT_S)
    late.wait("retry", LIMIT_S)
    seen = what_is_true(first, asked)
    tap.equal(what_is_true(late, asked), seen, "the two screens are the same text")


tap.run(the_same_at_a_question, the_same_after_a_failure)

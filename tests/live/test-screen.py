#!/usr/bin/python3 -B
"""The whole shutdown through the screen: what is typed is what an operator types, and what
is waited for is what the screen shows."""

import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import bed
import driver
import screen
import tap

bed.needed()
screen.needed()
engine = bed.Engine()

# The queues are watched twice, for what quicker() makes of two minutes.
QUEUES_LIMIT_S = 120

# What is asked on the production site "prod", what it says will change, and what is typed.
QUESTIONS = [
    ("Stop the proxy?", "nginx: 1 → 0", "prod/nginx"),
    ("Stop tines-app?", "tines-app: 2 → 0", "prod/tines-app"),
    ("Let tines-sidekiq finish what it has begun?", "tines-sidekiq", "prod/tines-sidekiq"),
    ("Stop tines-sidekiq?", "tines-sidekiq: 2 → 0", "prod/tines-sidekiq"),
    ("Stop tines-command-runner?", "tines-command-runner: 1 → 0", "prod/tines-command-runner"),
    ("Stop Redis?", "redis: 1 → 0", "prod/redis"),
    ("Stop Postgres?", "postgres: 1 → 0", "prod/postgres"),
    ("Stop pypi-server?", "pypi-server: 1 → 0", "prod/pypi-server"),
]
STEPS = ["backup", "drain-first", "stop-nginx", "stop-tines-app", "quiet-sidekiq",
         "stop-sidekiq", "stop-command-runner", "stop-redis", "stop-postgres",
         "stop-pypi-server", "all-down"]


def show(site, *arguments):
    """`handrail ARGUMENTS` on a screen, at this site."""
    env = {name: value for name, value in site.environment().items() if name != "TERM"}
    return screen.Screen([driver.HANDRAIL, *arguments], env)


def changes():
    """What was carried out so far that changes something."""
    return [line for line in engine.commands() if re.search(r" (stop|kill|start|up) ", line)]


def refuse_what_is_no_answer(shown):
    """An empty Enter, a paste, and almost the word: nothing is done by any of them."""
    shown.type("\r")
    shown.send("\033[200~prod/nginx\r\033[201~")
    shown.wait("Pasted text is not taken")
    shown.type("prod\r")
    shown.wait("\"prod\" is not \"prod/nginx\"")
    shown.type("\025")  # ^U: the field is empty again
    tap.equal(changes(), [], "an Enter, a paste and half a word change nothing")


def look_back(shown):
    """The way back, and to the question again."""
    shown.type("\033u")
    seen = shown.wait("The way back from here")
    tap.contains(seen, "-p prod start nginx",
                 "the way back shows the commands that would undo what was done")
    shown.type("q")
    shown.wait("Enter to answer")  # the field stays left
    shown.type("\r")
    shown.wait("other keys")


def leave_and_come_back(site, shown):
    """The line drops, as far as the run is concerned: it waits at its question."""
    shown.type("\033")
    shown.send("d")
    tap.equal(shown.end(), 1, "detached: status 1")
    shown.close()
    return show(site, "attach")


def confirm(shown, question, change, word):
    seen = shown.wait(question, QUEUES_LIMIT_S)
    seen = shown.wait("Type " + word)
    tap.contains(seen, change, "%s says what will change" % question)
    tap.contains(seen, "PRODUCTION", "and that it is production")
    return seen


def shut_down(site):
    shown = show(site, "run", site.quicker("shutdown"), "--site", site.file)
    shown.wait("Which backup or snapshot of the database")
    shown.type("snapshot-2026-11-23\r")
    shown.wait("near zero", QUEUES_LIMIT_S)
    tap.ok(True, "the queues are watched on the screen")
    for question, change, word in QUESTIONS:
        confirm(shown, question, change, word)
        if word == "prod/nginx":
            refuse_what_is_no_answer(shown)
        elif question == "Stop tines-sidekiq?":
            look_back(shown)
        elif word == "prod/redis":
            shown = leave_and_come_back(site, shown)
            confirm(shown, question, change, word)
        shown.type(word)
        shown.wait("Enter: do it")
        shown.type("\r")
    seen = shown.wait("q leaves", QUEUES_LIMIT_S)
    tap.contains(seen, "Finished: 11 of 11 steps done", "the screen says that it is done")
    shown.type("\r")  # what is said of the end is read before it goes
    shown.send("q")
    tap.equal(shown.end(), 0, "and handrail ends with status 0")
    shown.close()


def check(project, site):
    """What is true afterwards, whatever the screen showed."""
    tap.equal(project.running(), dict.fromkeys(project.services, 0), "nothing runs any more")
    run = site.last()
    tap.equal(run.chain_problem(), None, "the journal's chain holds")
    tap.equal([event["step"] for event in run.events("step-done")], STEPS,
              "every step was done, in order")
    answers = [event["answer"] for event in run.events("answered")]
    tap.equal(answers, ["text"] + ["go"] * len(QUESTIONS), "each question was answered once")
    order = [line.split()[-1] for line in engine.commands() if " stop " in line]
    tap.equal(order, ["nginx", "tines-app", "tines-sidekiq", "tines-command-runner", "redis",
                      "postgres", "pypi-server"], "each service was stopped once, in order")


def the_whole_shutdown():
    project = bed.Project(engine, "prod", bed.tines).up()
    project.wait_healthy()
    site = driver.Site(project, production=True)
    engine.forget_commands()
    try:
        shut_down(site)
        check(project, site)
    finally:
        site.end_runners()
    project.down()


tap.run(the_whole_shutdown)

#!/usr/bin/python3 -B
"""Services that do not behave: deaf to TERM, odd exit codes, restarting again and again,
coming back while something else is done."""

import os
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import bed
import driver
import tap

bed.needed()
driver.needed()
engine = bed.Engine()

DEAF = ["/usr/bin/python3", "-S", "-c", "import signal; "
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: signal.pause()"]
# Runs until /srv/broken is there; then it ends at once with exit 1.
FRAGILE = ["/bin/sh", "-c", "trap 'exit 0' TERM; "
           "while [ ! -e /srv/broken ]; do sleep 0.2; done; exit 1"]

STOP = """\
handrail: 1
title: Stop one
steps:
  - id: note
    title: Note what there is
    ask: { text: Go on?, match: '^yes$' }
    record: [counts, images]
  - id: stop
    title: Stop %(service)s
    do: { scale: { service: %(service)s, to: 0 } }
"""

START = """\
handrail: 1
title: Start one
steps:
  - id: start
    title: Start %(service)s
    do: { scale: { service: %(service)s, to: recorded } }
    until: [ { service: { name: %(service)s, ready: recorded } } ]
    timeout: 25s
"""


def stopped(site, service):
    return site.run(site.runbook("stop-" + service, STOP % {"service": service})).play(
        {"note": "yes"})


def deaf_to_the_stop_signal():
    """Docker kills it when its grace is over. Nothing may hurry that: the grace is what
    the jobs of a worker have."""
    project = bed.Project(engine, "deaf", {
        "deaf": bed.service(DEAF, stop_grace_period="3s")}).up()
    site = driver.Site(project)
    tap.equal(stopped(site, "deaf"), 0, "stopping a deaf service ends well")
    tap.equal(project.of("deaf", "State", "ExitCode"), [137], "Docker had to kill it")
    ended = site.last().events("command-ended")[-1]
    tap.ok(ended["took_us"] >= 3_000_000, "after its whole grace", ended)
    project.down()


def odd_exit_codes_are_stops():
    project = bed.Project(engine, "odd", {
        "one": bed.service(bed.polite(1)), "other": bed.service(bed.polite(143))}).up()
    site = driver.Site(project)
    for service, code in (("one", 1), ("other", 143)):
        tap.equal(stopped(site, service), 0, "exit %d is a stop" % code)
        tap.equal(project.of(service, "State", "ExitCode"), [code], "and it was that code")
        tap.equal(site.ask("runs")[0], 0, "`runs` works")
        # What was recorded is open; a later run would ask to take it over.
        project.compose("start", service)
    project.down()


def restart_loop_is_not_up():
    """`start` says done while the service dies again and again."""
    project = bed.Project(engine, "loop", {
        "fragile": bed.service(FRAGILE, restart="always")}).up()
    site = driver.Site(project)
    tap.equal(stopped(site, "fragile"), 0, "it stops")
    start = site.runbook("start", START % {"service": "fragile"})

    project.write("broken", "")
    front = site.run(start)
    front.say(front.question("adopt").go())
    front.say(front.question("start").go())
    question = front.question("start")
    tap.ok(question.is_failure(), "a service in a restart loop fails the step", question)
    tap.ok(project.of("fragile", "RestartCount")[0] > 0, "Docker did restart it")
    tap.equal([event for event in site.last().events("step-done")
               if event["step"] == "start"], [], "the step was not done")
    tap.equal([event["verdict"] for event in site.last().events("verdict")
               if event["section"] == "until" and event["verdict"] == "holds"], [],
              "nothing was green while it restarted")
    tap.ok("undo" in question.takes, "undo is offered for what was scaled", question)

    front.say("skip")
    question = front.question("start")
    tap.ok(question.is_failure(), "skip wants a reason", question)
    project.remove("broken")
    front.say("retry")
    status = front.play()
    tap.equal(status, 0, "repaired and retried, it is up") or tap.note(front.text())
    tap.equal(project.running(), {"fragile": 1}, "Docker says so too")

    tap.equal(stopped(site, "fragile"), 0, "it stops again")
    project.write("broken", "")
    front = site.run(start)
    front.say(front.question("adopt").go())
    front.say(front.question("start").go())
    question = front.question("start")
    front.say("skip its image is broken, told to the owners")
    tap.equal(front.status(), 0, "skipped with a reason, the run ends") \
        or tap.note(front.text())
    answered = site.last().events("answered")[-1]
    tap.contains(str(answered), "told to the owners", "the journal keeps the reason")

    project.compose("stop", "fragile")
    front = site.run(start)
    question = front.question()
    if question.id == "adopt":
        front.say(question.go())
        question = front.question("start")
    front.say(question.go())
    question = front.question("start")
    front.say("stop")
    status = front.status()
    tap.ok(status in (1, 3), "stopped at the failure, it is not completed", status)
    tap.contains(site.last().by_hand(), "fragile", "by-hand.txt says what remains")
    project.down()


def undo_of_a_failed_start():
    project = bed.Project(engine, "undo", {
        "fragile": bed.service(FRAGILE, restart="always"),
        "other": bed.service(bed.polite())}).up()
    site = driver.Site(project)
    runbook = site.runbook("both", """\
handrail: 1
title: Restart into a loop
steps:
  - id: note
    title: Note what there is
    ask: { text: Go on?, match: '^yes$' }
    record: [counts]
  - id: stop-other
    title: Stop the other
    do: { scale: { service: other, to: 0 } }
    until:
      - service: { name: other, running: 0 }
      - service: { name: fragile, ready: 1 }
    timeout: 14s
""")
    project.write("broken", "")
    front = site.run(runbook)
    front.question("note")
    front.say("yes")
    front.say(front.question("stop-other").go())
    question = front.question("stop-other")
    tap.ok(question.is_failure() and "undo" in question.takes, "it can be undone", question)
    front.say("undo")
    question = front.question("stop-other")
    tap.ok(not question.is_failure(), "undo asks before it acts", question)
    tap.equal(project.running()["other"], 0, "and nothing was done until then")
    front.say(question.go())
    question = front.question("stop-other")
    tap.equal(project.running()["other"], 1, "undone, the other runs again")
    front.say("stop")
    front.status()
    project.down()


def something_comes_back_meanwhile():
    """`during`: while one is stopped, what must stay down is started by somebody."""
    project = bed.Project(engine, "back", {
        "app": bed.service(bed.polite()),
        "store": bed.service(DEAF, stop_grace_period="12s")}).up()
    site = driver.Site(project)
    project.compose("stop", "app")
    runbook = site.runbook("stop-store", """\
handrail: 1
title: Stop the store
steps:
  - id: stop-store
    title: Stop the store
    require: [ { service: { name: app, running: 0 } } ]
    do: { scale: { service: store, to: 0 } }
    during: [ { service: { name: app, running: 0 } } ]
""")
    front = site.run(runbook)
    question = front.question("stop-store")
    starter = threading.Thread(target=lambda: (
        bed.wait_until(lambda: site.last().events("command-began"), "the stop"),
        project.compose("start", "app")))
    starter.start()
    front.say(question.go())
    question = front.question("stop-store")
    starter.join()
    tap.ok(question.is_failure(), "something started meanwhile fails the step", question)
    tap.contains(front.text(), "app", "and is named")
    front.say("retry")
    step, missing = front.waiting()
    tap.ok(step == "stop-store" and "app" in missing, "a retry waits for app to be down",
           missing)
    project.compose("stop", "app")
    tap.equal(front.play(), 0, "then it goes on") or tap.note(front.text())
    tap.equal(project.running(), {"app": 0, "store": 0}, "and both are down")
    project.down()


def never_while_it_runs():
    """`require` holds at the instant of acting, not only when it was asked."""
    project = bed.Project(engine, "never", {
        "app": bed.service(bed.polite()), "store": bed.service(bed.polite())}).up()
    site = driver.Site(project)
    runbook = site.runbook("stop-store", """\
handrail: 1
title: Stop the store
steps:
  - id: stop-store
    title: Stop the store
    require: [ { service: { name: app, running: 0 } } ]
    do: { scale: { service: store, to: 0 } }
""")
    front = site.run(runbook)
    step, missing = front.waiting()
    tap.ok(step == "stop-store" and "app" in missing, "it waits, and says for what", missing)
    project.compose("stop", "app")
    question = front.question("stop-store")
    project.compose("start", "app")
    front.say(question.go())
    bed.wait_until(lambda: site.last().events("refused", "withdrawn"), "a refusal")
    tap.equal(project.running(), {"app": 1, "store": 1}, "nothing was stopped")
    tap.equal(site.last().events("command-began"), [], "no command was begun")
    project.compose("stop", "app")
    tap.equal(front.play(), 0, "down again, it asks anew and goes on") \
        or tap.note(front.text())
    project.down()


tap.run(deaf_to_the_stop_signal, odd_exit_codes_are_stops, restart_loop_is_not_up,
        undo_of_a_failed_start, something_comes_back_meanwhile, never_while_it_runs)

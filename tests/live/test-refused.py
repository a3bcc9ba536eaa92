#!/usr/bin/python3 -B
"""What is refused: the wrong target, production on a pipe, two runs on one site, a
scale-up that cannot be; and what an unfinished run leaves to the next."""

import os
import signal
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import bed
import driver
import tap
import tiny

bed.needed()
driver.needed()
engine = bed.Engine()


def untouched(small, name):
    tap.equal((engine.commands(), small.project.running()), ([], {"front": 2, "back": 1}),
              name + ": nothing was touched")


def the_wrong_target():
    for member, value in (("engine", "ABCD:EFGH"), ("project", "another")):
        small = tiny.Tiny(engine, driver.Site, "wrong-" + member)
        identity = dict(small.project.identity(), **{member: value})
        small.site.write(False, identity, {"front": {}, "back": {}})
        small.forget()
        front = small.site.run(small.down)
        status = front.play({"before": "snapshot-1"})
        tap.equal(status, 3, "another %s is refused with status 3" % member) \
            or tap.note(front.text())
        tap.contains(front.text(), value, "and both are named")
        tap.ok(not front.said or not any("stop-front:" in line and line.startswith("?")
                                         for line in front.said), "before it asks to act")
        untouched(small, member)
        small.project.down()


def production_wants_a_terminal_and_an_identity():
    small = tiny.Tiny(engine, driver.Site, "real", production=True)
    small.forget()
    front = small.site.run(small.down)
    front.close_input()
    tap.equal(front.status(), 3, "production on a pipe is refused with status 3")
    tap.contains(front.text(), "terminal", "and why")
    small.site.write(True, {}, {"front": {}, "back": {}})
    front = small.site.run(small.down, terminal=True)
    status = front.play({"before": "snapshot-1"})
    tap.equal(status, 3, "production without identity is refused with status 3") \
        or tap.note(front.text())
    tap.contains(front.text(), "--pin", "and how to get one is said")
    untouched(small, "production")

    status, out, err = small.site.ask("doctor", "--site", small.site.file, "--pin")
    tap.ok(status != 0 and "[y | stop]" in out, "doctor --pin asks before it writes", out)
    status, out, err = small.site.ask("doctor", "--site", small.site.file, "--pin",
                                      answers="y\n")
    tap.equal(status, 0, "doctor --pin writes it") or tap.note(out + err)
    with open(small.site.file) as file:
        tap.contains(file.read(), small.project.identity()["engine"], "the engine's id")
    oneline = small.site.file + "-on-one-line.yaml"
    with open(small.site.file) as file, open(oneline, "w") as other:
        other.write("{%s}\n" % ", ".join(
            line for line in file.read().splitlines() if ": " in line and line[0] not in " #"
            and not line.startswith("identity")))
    status, out, err = small.site.ask("doctor", "--site", oneline, "--pin", answers="y\n")
    tap.ok(status == 1 and "by hand" in out, "a file it cannot edit is said to be one",
           status, out, err)
    front = small.site.run(small.down, terminal=True)
    tap.equal(front.play({"unfinished": small.site.name, "before": "snapshot-1"}), 0,
              "then the run is let through") \
        or tap.note(front.text())
    small.project.down()


def one_run_a_site():
    small = tiny.Tiny(engine, driver.Site, "locked")
    small.forget()
    first = small.site.run(small.down)
    first.question("before")
    second = small.site.run(small.down)
    second.close_input()
    tap.equal(second.status(), 3, "a second run on the site is refused with status 3")
    tap.contains(second.text(), small.site.last().name, "the run that holds it is named")
    tap.contains(second.text(), "root", "and whose it is")
    tap.equal(len(small.site.runs()), 1, "it leaves no run behind")
    first.say("stop")
    tap.equal(first.status(), 3, "the first is stopped at its question")

    third = small.site.run(small.up)
    third.close_input()
    status = third.status()
    tap.ok(status in (1, 3) and small.site.last().name in third.text(),
           "an unfinished run stands in the way of the next", status, third.text())
    untouched(small, "lock")
    small.project.down()


def abandoned_by_typing_the_name():
    small = tiny.Tiny(engine, driver.Site, "given-up")
    small.forget()
    front = small.site.run(small.down)
    front.question("before")
    front.say("snapshot-1")
    front.say(front.question("stop-front").go())
    front.question("mark")
    front.say("stop")
    front.status()
    run = small.site.last()
    front = small.site.run(small.up)
    question = front.question("unfinished")
    tap.ok(run.name in question.text and question.takes == ["resume", "given-up", "stop"],
           "the unfinished run is named; it can be resumed or given up", question)
    front.say("y")
    tap.equal(front.question("unfinished").id, "unfinished", "y gives nothing up")
    front.say("given-up")
    question = front.question("adopt")
    tap.contains(question.text, run.name, "what the first recorded is offered")
    tap.equal([event["event"] for event in run.events()][-1], "run-abandoned",
              "its journal says that it was given up")
    front.say(question.go())
    tap.equal(front.play(), 0, "and the next run goes on") or tap.note(front.text())
    tap.equal(small.project.running(), {"front": 2, "back": 1}, "everything runs as recorded")
    small.project.down()


def the_ledger_is_adopted_once():
    small = tiny.Tiny(engine, driver.Site, "ledger")
    small.forget()
    tap.equal(small.site.run(small.down).play({"before": "snapshot-1"}), 0, "down")
    first = small.site.last()
    front = small.site.run(small.up)
    question = front.question("adopt")
    tap.ok(first.name in question.text and "front 2" in question.text,
           "whose counts, and which, is said", question)
    front.say("")
    tap.equal(front.question("adopt").id, "adopt", "an empty line is no answer")
    front.say("y")
    tap.equal(front.play(), 0, "up") or tap.note(front.text())
    adopted = small.site.last().events("ledger-adopted")
    tap.equal([event["run"] for event in adopted], [first.name], "the event names the run")
    tap.equal(small.project.running(), {"front": 2, "back": 1}, "as recorded")
    front = small.site.run(small.down)
    question = front.question()
    tap.equal(question.id, "before", "what was brought back is not offered again")
    front.say("stop")
    front.status()
    small.project.down()


def removed_containers_are_made_again():
    small = tiny.Tiny(engine, driver.Site, "gone")
    small.forget()
    tap.equal(small.site.run(small.down).play({"before": "snapshot-1"}), 0, "down")
    small.project.compose("rm", "-f")
    status, out, err = small.site.ask("doctor", "--site", small.site.file)
    tap.equal(status, 1, "a project without containers is a finding")
    tap.contains(out, "project gone has no containers on this engine", "and it is said")
    if engine.v2:
        small.project.down()
        return
    tap.contains(out, "it answers; docker-compose\n", "the tool is the one there is")
    front = small.site.run(small.up)
    front.question("adopt")
    front.say("y")
    status = front.play()
    tap.equal(small.project.running(), {"front": 2, "back": 1}, "they are made again")
    tap.equal(status, 0, "and the run is done") or tap.note(front.text())
    small.project.down()


def a_container_name_is_in_the_way():
    project = bed.Project(engine, "named", {
        "solo": bed.service(bed.polite(), container_name="solo-container")}).up()
    site = driver.Site(project)
    runbook = site.runbook("more", """\
handrail: 1
title: Have two of one
steps:
  - id: two
    title: Scale it up
    do: { scale: { service: solo, to: 2 } }
""")
    front = site.run(runbook)
    question = front.question("two")
    tap.ok(question.is_failure(), "a scale-up that cannot be fails before it acts", question)
    tap.contains(front.text(), "container_name", "and names what is in the way")
    tap.equal(site.last().events("command-began"), [], "nothing was run")
    front.say("stop")
    front.status()
    project.down()


def a_name_from_outside_is_shown_safely():
    """A fault in the engine's address is a sentence, and secrets do not show."""
    small = tiny.Tiny(engine, driver.Site, "gone")
    with open(small.site.file) as file:
        text = file.read()
    with open(small.site.file, "w") as file:
        file.write(text.replace(engine.host, "unix://%s/nothing.sock" % engine.root))
    front = small.site.run(small.down)
    front.question("before")
    front.say("snapshot-1")
    step, missing = front.waiting()
    tap.contains(missing, "nothing.sock", "an engine that does not answer is named")
    front.say("stop")
    front.status()
    small.project.down()


def the_end_of_input_means_stop():
    small = tiny.Tiny(engine, driver.Site, "ended")
    small.forget()
    front = small.site.run(small.down)
    front.question("before")
    run = small.site.last()
    pid = run.runner()
    front.close_input()
    tap.equal(front.status(), 3, "the end of a pipe stops with status 3")
    bed.wait_until(lambda: not driver.alive(pid), "the runner to end")
    tap.equal(run.events()[-1]["event"], "run-stopped", "the run is stopped in order")
    untouched(small, "end of input")
    front = small.site.front("resume")
    tap.equal(front.play({"before": "snapshot-1"}), 0, "and can be resumed") \
        or tap.note(front.text())
    small.project.down()


tap.run(the_wrong_target, production_wants_a_terminal_and_an_identity, one_run_a_site,
        abandoned_by_typing_the_name, the_ledger_is_adopted_once,
        removed_containers_are_made_again,
        a_container_name_is_in_the_way, a_name_from_outside_is_shown_safely,
        the_end_of_input_means_stop)

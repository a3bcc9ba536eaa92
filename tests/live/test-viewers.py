#!/usr/bin/python3 -B
"""Two viewers of one run: both see it, one has the controls."""

import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import bed
import driver
import tap
import tiny

bed.needed()
driver.needed()
engine = bed.Engine()


def taken_and_given_back():
    small = tiny.Tiny(engine, driver.Site, "two")
    small.forget()
    first = small.site.run(small.down, terminal=True)
    first.question("before")
    second = small.site.front("attach", terminal=True)
    question = second.question("before")
    tap.equal(question.id, "before", "the second viewer sees the question")
    second.say("snapshot-2")
    second.find("controls|take")
    tap.equal(small.site.last().events("answered"), [], "its answer is not taken")
    second.say("note looking on from the other desk")
    bed.wait_until(lambda: small.site.last().events("note"), "the note")
    second.say("take")
    bed.wait_until(lambda: small.site.last().events("controls")[-1]["how"] == "taken",
                   "the controls")
    first.find("controls")
    second.say("snapshot-2")
    second.find(r"^\? stop-front:")
    tap.ok(True, "after take it is")
    first.find(r"^\? stop-front:")
    tap.ok(True, "and the first sees what is next")
    first.say("y")
    first.find("controls|take")
    tap.equal(engine.commands(), [], "the first cannot answer any more")
    tap.equal(small.site.last().events("answered")[-1]["viewer"],
              small.site.last().events("controls")[-1]["viewer"], "the journal says who")
    second.kill()
    bed.wait_until(lambda: small.site.last().events("viewer-left"), "the second to be gone")
    first.say("take")
    bed.wait_until(lambda: small.site.last().events("controls")[-1]["viewer"] == 1
                   or small.site.last().events("controls")[-1]["how"] == "taken", "take")
    first.say("y")
    tap.equal(first.play(), 0, "the first goes on to the end") or tap.note(first.text())
    tap.equal(small.scaled(), {"front": 1, "back": 1}, "each service was stopped once")
    small.project.down()


def steps(front):
    """What a viewer told of the run itself."""
    return [line for line in front.said if re.match(r"[>+?] ", line)]


def both_see_the_same():
    small = tiny.Tiny(engine, driver.Site, "same")
    first = small.site.run(small.down)
    first.question("before")
    second = small.site.front("attach", small.site.last().name)
    second.question("before")
    first.say("snapshot-1")
    tap.equal(first.play(), 0, "the first ends with status 0") or tap.note(first.text())
    tap.equal(second.status(), 0, "and so does the one that looked on") \
        or tap.note(second.text())
    tap.equal(steps(second), steps(first), "both were told the same of the steps")
    small.project.down()


tap.run(taken_and_given_back, both_see_the_same)

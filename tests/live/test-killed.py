#!/usr/bin/python3 -B
"""Runner and viewer killed at every boundary between two events of a run, and resumed:
nothing is lost and nothing is done twice."""

import os
import shutil
import signal
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import bed
import driver
import tap
import tiny

bed.needed()
driver.needed()
engine = bed.Engine()

# More events than a run of the small project has.
EVENTS_MAX = 120


def build_killer():
    """The library that kills the runner at an exact line; None without a compiler."""
    compiler = os.environ.get("CC", "cc").split()
    if not shutil.which(compiler[0]):
        return None
    library = os.path.join(engine.root, "kill_at.so")
    subprocess.run([*compiler, "-shared", "-fPIC", "-D_GNU_SOURCE", "-o", library,
                    os.path.join(os.path.dirname(os.path.abspath(__file__)), "kill_at.c")],
                   check=True)
    return library


def is_sanitized():
    """The sanitizers' own library has to come first in a process."""
    with open(driver.HANDRAIL + "-runner", "rb") as file:
        return b"__asan_init" in file.read()


class Answers:
    """What the operator says, also to what only a crash brings up."""

    def __init__(self, small, mark):
        self.small = small
        self.mark = mark

    def __call__(self, question):
        if question.id == "before":
            return "snapshot-1"
        if question.is_running():
            return "wait"
        if question.is_uncertain() and question.id == "mark":
            # No check can tell; the operator looks at the file.
            return "done it is there" if self.mark in self.small.marked() else "again"
        return None  # what the checks support, or what goes on


def finish(small, answers):
    """Resumes until the run is over. Gives the front and how often it was resumed."""
    front = small.site.front("resume")
    status = front.play(answers)
    return status, front


def check_run(small, name, mark, running):
    """True if the run is whole; otherwise says what is not."""
    run = small.site.last()
    done = [event["step"] for event in run.events("step-done")]
    wrong = []

    def want(found, wanted, what):
        if found != wanted:
            wrong.append("%s: %r, not %r" % (what, found, wanted))
    want(run.chain_problem(), None, "the journal's chain")
    want(len(done), len(set(done)), "steps done twice: %s" % done)
    want(small.project.running(), running, "what Docker runs")
    want(small.scaled(), {"front": 1, "back": 1}, "commands carried out")
    want(small.marked(), [mark], "marks left")
    answered = [event["step"] for event in run.events("answered") if event["kind"] == "ask"]
    want(len(answered), len(set(answered)), "asked again what was answered: %s" % answered)
    want(len(run.events("run-finished")), 1, "ends of the run")
    if wrong:
        tap.note("%s: %s" % (name, "; ".join(wrong)))
        for line in engine.commands():
            tap.note("  ran: " + line)
        for event in run.events():
            tap.note("  %(n)d %(event)s" % event + " " + str(
                event.get("step", "")) + " " + str(event.get("answer", event.get("text", ""))))
    return not wrong


def killed_once(small, runbook, mark, running, way, line, library):
    """One run, killed at that line, resumed. None: it ended before that line."""
    small.forget()
    answers = Answers(small, mark)
    runs = len(small.site.runs())
    front = small.site.run(runbook, LD_PRELOAD=library, HANDRAIL_KILL="%s:%d" % (way, line))
    status = front.play(answers)
    front.kill()
    name = "%s %s:%d" % (os.path.basename(runbook), way, line)
    if status == 0:
        return check_run(small, name, mark, running) and None
    begun = [run for run in small.site.runs()[runs:] if os.path.exists(run.file)
             and run.lines()]
    if begun and begun[0].events()[-1]["event"] == "run-finished":
        status = 0  # it died with nothing left to do
    elif begun:
        status, front = finish(small, answers)
    else:  # it died before there was a run; there is nothing in the way of the next
        front = small.site.run(runbook)
        status = front.play(answers)
    if status != 0:
        tap.note("%s: then ended with status %s:" % (name, status))
        tap.note(front.text())
        return False
    return check_run(small, name, mark, running)


def sweep(down_way, up_way):
    library = build_killer()
    if not library or is_sanitized():
        tap.skip("killed at every line", "needs a compiler, and a build without sanitizers")
        return
    small = tiny.Tiny(engine, driver.Site, "sweep")
    full, none = {"front": 2, "back": 1}, {"front": 0, "back": 0}
    down_ended = up_ended = None
    bad = []
    for line in range(1, EVENTS_MAX):
        down = killed_once(small, small.down, "down", none, down_way, line, library)
        up = killed_once(small, small.up, "up", full, up_way, line, library)
        bad += ["down %s:%d" % (down_way, line)] * (down is False)
        bad += ["up %s:%d" % (up_way, line)] * (up is False)
        down_ended = down_ended or (line if down is None else None)
        up_ended = up_ended or (line if up is None else None)
        if (down_ended and up_ended) or len(bad) > 3:
            break
    tap.note("lines of a run: down %s, up %s" % (down_ended, up_ended))
    tap.ok(not bad, "killed %s each line going down, %s each going up: resumed and whole"
           % (down_way, up_way), *bad)
    tap.ok((down_ended or 0) > 15 and (up_ended or 0) > 15, "every line of both was reached")
    small.project.down()


def killed_at_every_line():
    sweep("after", "torn")
    if os.environ.get("HANDRAIL_SWEEP") == "all":
        sweep("torn", "after")


def viewer_killed_at_every_question():
    """The viewer dies, its terminal goes away, it is hung up: the run waits."""
    small = tiny.Tiny(engine, driver.Site, "viewer")
    answers = Answers(small, "down")
    ways = ["kill", "hang-up", "SIGHUP"]
    small.forget()
    front = small.site.run(small.down, terminal=True)
    first = front.question()
    seen = [first.id]
    for turn in range(20):
        way = ways[turn % len(ways)]
        if way == "hang-up":
            front.hang_up()
        else:
            front.kill(signal.SIGKILL if way == "kill" else signal.SIGHUP)
        run = small.site.last()
        if not tap.ok(driver.alive(run.runner()), "%s of the viewer leaves the runner" % way):
            break
        # Or the next one sees the question twice: looking on, and with the controls.
        bed.wait_until(lambda: len(run.events("viewer-left")) > turn, "the viewer to be gone")
        front = small.site.front("attach", terminal=True)
        question = front.question()
        tap.equal(question.id, seen[-1], "attach shows the same question again")
        front.say(answers(question) or question.go())
        question = next_question_or_end(front)
        if question is None:
            break
        seen.append(question.id)
    tap.equal(front.status(), 0, "the last viewer sees the end") or tap.note(front.text())
    tap.equal(seen, ["before", "stop-front", "mark", "stop-back"], "each was asked once")
    tap.ok(check_run(small, "viewers", "down", {"front": 0, "back": 0}), "the run is whole")
    small.project.down()


def next_question_or_end(front):
    while True:
        line = front.next()
        if line is None:
            return None
        match = driver.QUESTION.match(line)
        if match:
            return driver.Question(match)


def killed_while_a_command_runs():
    """The child outlives the runner: only wait or end are offered, then it is looked at."""
    small = tiny.Tiny(engine, driver.Site, "child")
    gate = os.path.join(small.project.directory, "gate")
    runbook = small.site.runbook("slow", """\
handrail: 1
title: Something slow
steps:
  - id: slow
    title: Take a while
    do: { run: [sh, -c, "echo began >> %s; until [ -e %s ]; do sleep 0.1; done; echo ended >> %s"] }
""" % (small.marks, gate, small.marks))

    def crash():
        small.forget()
        front = small.site.run(runbook)
        question = front.question("slow")
        front.say(question.go())
        bed.wait_until(lambda: small.marked() == ["began"], "the child")
        run = small.site.last()
        os.kill(run.runner(), signal.SIGKILL)
        tap.ok(front.status() != 0, "the viewer ends when the runner dies")
        bed.wait_until(lambda: not driver.alive(run.runner()), "the runner to be gone")
        tap.contains(front.text(), "resume", "and says how to go on")
        child = run.events("command-began")[-1]["pid"]
        tap.ok(driver.alive(child), "the child lives on")
        front = small.site.front("resume")
        question = front.question("slow")
        tap.equal(question.takes[:2], ["wait", "end"], "only waiting and ending are offered")
        return front, run, child

    front, run, child = crash()
    front.say("again")
    question = front.question("slow")
    tap.ok("again" not in question.takes, "doing it again is not taken while it runs")
    front.say("wait")
    open(gate, "w").close()
    question = front.question("slow")
    tap.ok(question.is_uncertain(), "when it is gone: done or again", question)
    tap.equal(small.marked(), ["began", "ended"], "it ran to its end")
    front.say("done its mark is there")
    tap.equal(front.status(), 0, "counted as done, the run goes on to its end")
    tap.equal(small.marked(), ["began", "ended"], "and it was not done again")

    os.unlink(gate)
    front, run, child = crash()
    front.say("end")
    question = front.question("slow")
    tap.ok(question.is_uncertain() and not driver.alive(child), "end ends the child", question)
    open(gate, "w").close()
    front.say("again")
    status = front.play()
    tap.equal(status, 0, "again does it anew, to its end") or tap.note(front.text())
    tap.equal(small.marked(), ["began", "began", "ended"], "once more, and once only")
    small.project.down()


def stopped_half_way(small):
    """A run whose runner was killed at the question of stop-front."""
    front = small.site.run(small.down)
    front.question("before")
    front.say("snapshot-1")
    front.question("stop-front")
    run = small.site.last()
    os.kill(run.runner(), signal.SIGKILL)
    front.status()
    front.kill()
    return run


def changed_and_damaged_files():
    small = tiny.Tiny(engine, driver.Site, "files")
    run = stopped_half_way(small)
    with open(run.file, "ab") as file:
        file.write(b'{"n":99,"wall":"20')
    status, _ = finish(small, Answers(small, "down"))
    tap.equal(status, 0, "a torn last line is dropped, and the run resumed")
    tap.equal(run.chain_problem(), None, "what follows it is a sound journal")
    tap.equal(small.site.run(small.up).play(Answers(small, "up")), 0, "up again")

    run = stopped_half_way(small)
    with open(run.file, "rb") as file:
        good = file.read()
    lines = good.split(b"\n")
    lines[2] = lines[2].replace(b'"wall":"2', b'"wall":"3')
    with open(run.file, "wb") as file:
        file.write(b"\n".join(lines))
    front = small.site.front("resume", run.name)
    front.close_input()
    status = front.status()
    tap.ok(status not in (0, None) and not driver.QUESTION.search(front.text()),
           "a changed line in the middle is refused", front.text())
    tap.ok("line 3" in front.text() or "line 4" in front.text(),
           "with the number of the line", front.text())
    with open(run.file, "wb") as file:
        file.write(good)

    with open(small.down) as file:
        old = file.read()
    small.site.runbook("down", old.replace("title: Stop the back", "title: Stop it"))
    front = small.site.front("resume", run.name)
    front.close_input()
    status = front.status()
    tap.ok(status == 3, "a changed runbook is not gone on with unasked", status, front.text())
    tap.contains(front.text(), "down.yaml", "the file that changed is named")
    tap.contains(front.text(), "-    title: Stop the back", "with the lines that changed")
    small.site.runbook("down", old)
    status, front = finish(small, Answers(small, "down"))
    tap.equal(status, 0, "put back, the run goes on") or tap.note(front.text())
    small.project.down()


tap.run(viewer_killed_at_every_question, killed_while_a_command_runs,
        changed_and_damaged_files, killed_at_every_line)

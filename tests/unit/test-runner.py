#!/usr/bin/python3
"""The runner as a whole, over its socket: runs, crashes, resumes, controls, refusals."""

import fcntl
import glob
import http.server
import json
import os
import resource
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import runs

SMALL = """\
handrail: 1
title: Small
vars:
  word: { type: text }
steps:
  - id: name
    title: Name it
    ask: { text: Which word?, match: '\\S{3,}', into: word }
  - id: mark
    title: Leave a mark
    require: [ { command: [test, -d, /tmp] } ]
    do: { run: [sh, -c, "echo ${word} >> MARKS"] }
  - id: again
    title: Leave another
    do: { run: [sh, -c, "echo second >> MARKS"] }
    until: [ { command: [grep, -q, second, MARKS] } ]
"""

SLOW = """\
handrail: 1
title: Slow
steps:
  - id: slow
    title: Wait for the gate
    do: { run: [sh, -c, "echo begun >> MARKS; cat GATE; echo ended >> MARKS"] }
"""

FAILING = """\
handrail: 1
title: Failing
steps:
  - id: fail
    title: Fail and say why
    do: { run: [sh, -c, "echo it took too long >&2; exit 3"] }
"""

MANY = """\
handrail: 1
title: Many
steps:
  - id: many
    title: Print a lot
    do: { run: [seq, "1", "1000000"] }
"""


NOTHING = """\
handrail: 1
title: Nothing
steps:
  - id: left-out
    title: Left out
    when: { service: absent }
    do: { run: ["true"] }
"""


ACCEPT = """\
handrail: 1
title: Without what is required
steps:
  - id: mark
    title: Leave a mark
    require:
      - command: { run: [test, -e, "GATE"], every: 1s }
        accept: no-gate
    do: { run: [sh, -c, "echo first >> MARKS"] }
"""


HEALTH = """\
handrail: 1
title: Health
vars:
  base: { type: text }
steps:
  - id: address
    title: Name the address
    ask: { text: Where is it?, into: base }
  - id: health
    title: See it well
    until:
      - http: { url: "${base}/health", json: { healthy: true }, reason: errors, every: 1s }
"""


def small(place):
    return place.write("small.yaml", SMALL.replace("MARKS", place.marks))


def slow(place):
    gate = os.path.join(place.folder, "gate")
    os.mkfifo(gate)
    return place.write("slow.yaml", SLOW.replace("MARKS", place.marks).replace("GATE", gate)), gate


def play(place, run):
    """Answers every question as an operator who looks would, until the run is over."""
    viewer = runs.Viewer(run)
    # The viewer before may not be seen to be gone yet.
    viewer.say(say="take")
    asked = None
    while True:
        message = viewer.read()
        if message is None:
            break
        asked = viewer.standing(asked, message)
        is_read = any(m.get("live") == "caught-up" for m in viewer.lines)
        if asked and is_read:
            viewer.answer(asked, answer_to(place, asked))
            asked = None
    viewer.close()


def answer_to(place, asked):
    if asked["kind"] == "ask":
        return "hello"
    if asked["kind"] == "running":
        return "wait"
    if asked["kind"] == "uncertain":
        mark = {"mark": "hello", "again": "second"}[asked["step"]]
        return "done seen by eye" if mark in place.marked() else "again"
    return "y"


def names(run):
    return [event["event"] for event in runs.events(run)]


def check(found, wanted, what):
    if found != wanted:
        raise AssertionError("%s: %r, not %r" % (what, found, wanted))


# ---- tests -------------------------------------------------------------------

def test_from_start_to_end(place):
    begin = time.monotonic()
    said, process = place.run(small(place))
    viewer = runs.Viewer(said["run"])
    viewer.question()
    runs.note("first question after %.1f ms" % ((time.monotonic() - begin) * 1000))
    check("1. Name it" in by_hand(said), True, "by-hand.txt at the first question")
    viewer.answer(viewer.question(), "hello")
    viewer.event("asked", step="mark")
    check("[x] Name it" in by_hand(said), True, "by-hand.txt at the second question")
    viewer.close()
    play(place, said["run"])
    check(process.wait(runs.LIMIT_S), 0, "the runner's status")
    check(place.marked(), ["hello", "second"], "marks")
    check(names(said["run"])[-1], "run-finished", "the last event")
    with open(said["run"] + "/output/mark.log") as file:
        check(file.readline(), "$ sh -c 'echo hello >> %s'\n" % place.marks, "the log")
    check(os.stat(said["run"] + "/output/mark.log").st_mode & 0o777, 0o640, "its mode")
    check(os.path.exists(said["run"] + "/by-hand.txt"), True, "by-hand.txt")
    check(sorted(os.listdir(said["run"] + "/inputs")), ["here.yaml", "small.yaml"], "inputs")


def by_hand(said):
    with open(said["run"] + "/by-hand.txt") as file:
        return file.read()


LONG = """\
handrail: 1
title: Long
steps:
  - { id: one, title: One, ask: { text: Which? } }
  - { id: two, title: Two, ask: { text: Which then? } }
  - { id: three, title: Three, ask: { text: %s } }
""" % ("And " * 1000)


def test_a_full_disk(place):
    # Python ignores SIGXFSZ; kept so, a write beyond the limit fails as on a full disk.
    place.options = {"restore_signals": False}
    said, process = place.run(place.write("long.yaml", LONG))
    viewer = runs.Viewer(said["run"])
    asked = viewer.question()
    before = by_hand(said)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (4000, 4000))
    viewer.answer(asked, "this")
    viewer.event("asked", step="two")
    # It is written after the question has gone out.
    viewer.say(say="note", text="x")
    viewer.event("note")
    with open(said["run"] + "/runner.log") as log:
        check("by-hand.txt cannot be written: File too large" in log.read(), True, "the log")
    check(os.path.exists(said["run"] + "/by-hand.txt.new"), False, "a part of by-hand.txt")
    check(by_hand(said), before, "by-hand.txt")
    runs.kill(process)
    place.options["preexec_fn"] = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))
    refused, process = place.resume(said["run"])
    check("File too large" in refused["refused"], True, refused)
    check(process.wait(runs.LIMIT_S), 1, "the status")


def kill_after(place, number):
    """A run whose runner is killed when its event `number` is there; FALSE if it ended."""
    said, process = place.run(small(place))
    viewer = runs.Viewer(said["run"])
    asked, answered = None, False
    while not answered:
        message = viewer.read()
        if message is None:
            return said["run"], False
        if message.get("n", 0) >= number:
            break
        asked = viewer.standing(asked, message)
        if asked and any(m.get("live") == "caught-up" for m in viewer.lines):
            viewer.answer(asked, answer_to(place, asked))
            asked = None
    runs.kill(process)
    viewer.close()
    return said["run"], True


def test_killed_at_every_event(place):
    number = 1
    killed = True
    while killed:
        if os.path.exists(place.marks):
            os.remove(place.marks)
        run, killed = kill_after(place, number)
        while names(run)[-1] != "run-finished":
            said, process = place.resume(run)
            check(said, {"run": run}, "resumed after event %d" % number)
            play(place, run)
            process.wait(runs.LIMIT_S)
        check(place.marked(), ["hello", "second"], "marks, killed after event %d" % number)
        asked = [e for e in runs.events(run) if e["event"] == "answered" and e["kind"] == "ask"]
        check(len(asked), 1, "answers to the ask, killed after event %d" % number)
        number += 1
    runs.note("killed at %d events" % (number - 2))
    check(number > 15, True, "enough events")


def test_accepted_and_killed(place):
    text = ACCEPT.replace("MARKS", place.marks).replace("GATE", place.folder + "/gate")
    said, process = place.run(place.write("accept.yaml", text))
    viewer = runs.Viewer(said["run"])
    waiting = viewer.live("waiting")
    check("(type no-gate to go on without it)" in waiting["text"], True, "the wait")
    check(waiting["section"], "require", "whose checks are waited for")
    check([one["verdict"] for one in waiting["checks"]], ["not-yet"], "how they stand")
    check(waiting["text"].startswith(waiting["checks"][0]["text"]), True, "and why")
    viewer.say(say="answer", question=0, digest="", text="yes-gate")
    viewer.live("refused")
    viewer.say(say="answer", question=0, digest="", text="no-gate")
    answered = viewer.event("answered", answer="accept", accept="no-gate", text="no-gate")
    check(answered["uid"], os.geteuid(), "who accepted it")
    viewer.event("asked", step="mark", kind="confirm")
    runs.kill(process)
    viewer.close()
    said, process = place.resume(said["run"])
    play(place, said["run"])
    check(process.wait(runs.LIMIT_S), 0, "the runner's status")
    check(place.marked(), ["first"], "marks")
    accepted = [e for e in runs.events(said["run"]) if e.get("answer") == "accept"]
    check(len(accepted), 1, "times it was accepted")


def test_the_command_outlives_the_runner(place):
    runbook, gate = slow(place)
    said, process = place.run(runbook)
    viewer = runs.Viewer(said["run"])
    viewer.answer(viewer.question(), "y")
    viewer.event("command-began")
    writer = os.open(gate, os.O_WRONLY)  # returns when the command reads
    runs.kill(process)
    said, process = place.resume(said["run"])
    viewer = runs.Viewer(said["run"])
    asked = viewer.question()
    check(asked["kind"], "running", "the question")
    viewer.say(say="looks")
    viewer.live("seen")
    printed = [m["text"] for m in viewer.lines if m.get("live") == "output"]
    check([text.startswith("$ sh -c") for text in printed], [True], "what it printed before")
    refused, _ = place.resume(said["run"])
    check(refused["status"], 3, "a second runner")
    viewer.answer(asked, "wait")
    viewer.event("answered")
    os.write(writer, b"out\n")
    os.close(writer)
    viewer.event("command-lost", alive=False)
    asked = viewer.question()
    check(asked["kind"], "uncertain", "the question then")
    check(place.marked(), ["begun", "ended"], "marks")
    viewer.answer(asked, "done I saw it")
    viewer.event("run-finished")
    with open(said["run"] + "/output/slow.log") as file:
        check(file.read().split("\n")[1:], ["out", ""], "the log")
    process.wait(runs.LIMIT_S)


def said_so_far(viewer):
    """What a viewer that asks for readings is told after the journal."""
    viewer.say(say="looks")
    viewer.live("seen")
    live = [m for m in viewer.lines if m.get("live") in ("reading", "output", "caught-up")]
    return live[[m["live"] for m in live].index("caught-up") + 1:]


def test_who_comes_late(place):
    runbook, gate = slow(place)
    said, process = place.run(runbook)
    first = runs.Viewer(said["run"])
    check(said_so_far(first), [], "nothing was seen before anything was looked at")
    first.answer(first.question(), "y")
    first.event("command-began")
    writer = os.open(gate, os.O_WRONLY)
    os.write(writer, b"one\ntwo\nth")
    printed = first.live("output")
    check(printed["text"], "one\ntwo", "whole lines")
    late = runs.Viewer(said["run"])
    check(said_so_far(late), [printed | {"text": "one\ntwo\n"}],
          "the lines, and when they came")
    os.write(writer, b"ree\n")
    check(late.live("output")["text"], "three", "then each as it comes")
    os.close(writer)
    first.live("bye")
    process.wait(runs.LIMIT_S)


def test_why_it_failed_after_a_resume(place):
    said, process = place.run(place.write("failing.yaml", FAILING))
    viewer = runs.Viewer(said["run"])
    viewer.answer(viewer.question(), "y")
    viewer.event("step-failed")
    viewer.answer(viewer.question(), "stop")
    viewer.live("bye")
    process.wait(runs.LIMIT_S)
    said, process = place.resume(said["run"])
    viewer = runs.Viewer(said["run"])
    check(viewer.question()["kind"], "failed", "the question")
    printed = [m["text"] for m in said_so_far(viewer) if m["live"] == "output"]
    check([text.split("\n")[1:] for text in printed], [["it took too long", ""]],
          "what the command had printed")
    viewer.answer(viewer.question(), "stop")
    viewer.live("bye")
    process.wait(runs.LIMIT_S)


def test_the_lost_command_is_ended(place):
    runbook, gate = slow(place)
    said, process = place.run(runbook)
    viewer = runs.Viewer(said["run"])
    viewer.answer(viewer.question(), "y")
    viewer.event("command-began")
    writer = os.open(gate, os.O_WRONLY)
    runs.kill(process)
    said, process = place.resume(said["run"])
    viewer = runs.Viewer(said["run"])
    viewer.answer(viewer.question(), "end")
    viewer.event("command-lost", alive=False)
    os.close(writer)
    check(place.marked(), ["begun"], "marks")
    viewer.answer(viewer.question(), "stop")
    viewer.live("bye")
    process.wait(runs.LIMIT_S)
    check(names(said["run"])[-1], "run-stopped", "the last event")


def test_a_command_is_not_ended_by_sigterm(place):
    runbook, gate = slow(place)
    said, process = place.run(runbook)
    viewer = runs.Viewer(said["run"])
    viewer.answer(viewer.question(), "y")
    viewer.event("command-began")
    writer = os.open(gate, os.O_WRONLY)
    process.send_signal(15)
    process.send_signal(1)
    viewer.say(say="note", text="still here")
    viewer.event("note", text="still here")
    os.close(writer)
    viewer.event("run-finished")
    process.wait(runs.LIMIT_S)
    check(place.marked(), ["begun", "ended"], "marks")


def test_sigterm_stops_at_a_question(place):
    said, process = place.run(small(place))
    viewer = runs.Viewer(said["run"])
    viewer.question()
    process.send_signal(15)
    stopped = viewer.event("run-stopped")
    check(stopped["held"], False, "held")
    viewer.live("bye")
    check(process.wait(runs.LIMIT_S), 0, "the status")


def test_controls(place):
    said, process = place.run(small(place))
    first, second = runs.Viewer(said["run"]), None
    check(first.live("hello")["controls"], True, "controls of the first")
    second = runs.Viewer(said["run"])
    check(second.live("hello")["controls"], False, "controls of the second")
    asked = second.question()
    second.answer(asked, "hello")
    refused = second.live("refused")
    check("viewer 1" in refused["text"], True, refused["text"])
    check(refused["needs"], "controls", "what it lacks; how to have it, its front end says")
    second.say(say="take")
    second.event("controls", viewer=2, how="taken")
    told = first.live("told")
    check("taken" in told["text"], True, "the former is told")
    check(("take" in told["text"].split(), told["needs"]), (False, "controls"), told["text"])
    first.answer(asked, "hello")
    first.live("refused")
    second.say(say="give", viewer=1)
    first.event("controls", viewer=1, how="given")
    second.answer(asked, "hello")
    second.live("refused")
    third = runs.Viewer(said["run"])
    check(third.live("hello")["controls"], False, "controls of the third")
    first.close()
    second.event("viewer-left", viewer=1)
    second.event("controls", viewer=0, how="left")
    second.answer(asked, "hello")
    check("nobody" in second.live("refused")["text"], True, "of two, neither gets them")
    fourth = runs.Viewer(said["run"])
    check(fourth.live("hello")["controls"], True, "a new one gets them")
    third.close()
    fourth.event("viewer-left", viewer=3)
    fourth.close()
    second.event("controls", viewer=2, how="left")
    second.answer(second.question(), "hello")
    second.event("answered", viewer=2)
    runs.kill(process)


def test_stale_answers_are_refused(place):
    said, process = place.run(small(place))
    viewer = runs.Viewer(said["run"])
    asked = viewer.question()
    viewer.say(say="answer", question=asked["question"] + 1, digest="", text="hello")
    check("has changed" in viewer.live("refused")["text"], True, "another number")
    viewer.say(say="answer", question=0, digest="", text="skip no")
    viewer.live("refused")
    viewer.answer(asked, "hello")
    asked = viewer.question() if viewer.event("answered") else None
    viewer.say(say="answer", question=asked["question"], digest="0" * 64, text="y")
    check("has changed" in viewer.live("refused")["text"], True, "another digest")
    check(place.marked(), [], "marks")
    runs.kill(process)


def test_a_misbehaving_viewer_harms_nobody(place):
    said, process = place.run(small(place))
    good = runs.Viewer(said["run"])
    asked = good.question()
    for rubbish in (b"\xff\x00{\n", b"[]\n", b"x" * 70000, b"\n" * 10):
        bad = runs.Viewer(said["run"])
        bad.live("caught-up")
        bad.socket.sendall(rubbish)
        bad.live("bye")
        check(bad.read(), None, "the connection of a bad one")
    good.answer(asked, "hello")
    good.event("answered")
    runs.kill(process)


def test_a_million_lines(place):
    said, process = place.run(place.write("many.yaml", MANY))
    viewer = runs.Viewer(said["run"])
    viewer.answer(viewer.question(), "y")
    viewer.event("command-began")
    slowest = count = 0
    while True:
        begin = time.monotonic()
        viewer.say(say="note", text="n%d" % count)
        message = viewer.until(lambda m: m.get("event") in ("note", "command-ended")
                               or m.get("live") == "bye")
        if message.get("event") != "note":
            break
        slowest = max(slowest, time.monotonic() - begin)
        count += 1
    with open("/proc/%d/status" % process.pid) as file:
        resident = [line for line in file if line.startswith(("VmHWM", "VmRSS"))]
    runs.note("%d answers while it printed, the slowest after %.1f ms; %s" %
         (count, slowest * 1000, " ".join(" ".join(resident).split())))
    process.wait(runs.LIMIT_S)
    with open(said["run"] + "/output/many.log") as file:
        check(sum(1 for _ in file), 1000001, "lines of the log")


def test_the_site_is_free_at_the_end(place):
    for _ in range(10):
        said, process = place.run(small(place))
        viewer = runs.Viewer(said["run"])
        viewer.answer(viewer.question(), "stop")
        viewer.live("bye")
        check(os.path.exists(said["run"] + "/socket"), False, "the socket")
        resumed, process = place.resume(said["run"])
        check(resumed, said, "resumed at once")
        viewer = runs.Viewer(said["run"])
        viewer.answer(viewer.question(), "stop")
        viewer.live("bye")
        more, process = place.run(small(place), "--abandon", os.path.basename(said["run"]))
        viewer = runs.Viewer(more["run"])
        viewer.answer(viewer.question(), "hello")
        viewer.event("answered")
        viewer.close()
        play(place, more["run"])


def wait_for_the_site(place):
    """Until the runner has given its locks back."""
    with open(place.root + "/sites/here.lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)


def test_over_before_anyone_came(place):
    said, process = place.run(place.write("nothing.yaml", NOTHING))
    wait_for_the_site(place)
    viewer = runs.Viewer(said["run"])
    check(viewer.live("hello")["controls"], False, "controls")
    viewer.event("run-finished")
    check(viewer.live("bye")["text"], "the run is finished", "the good-bye")
    check(process.wait(runs.LIMIT_S), 0, "the runner's status")
    check(os.path.exists(said["run"] + "/socket"), False, "the socket")


def test_over_and_nobody_comes(place):
    said, process = place.run(place.write("nothing.yaml", NOTHING))
    check(process.wait(runs.LIMIT_S), 0, "the runner's status")
    check(names(said["run"])[-1], "run-finished", "the last event")
    check(os.path.exists(said["run"] + "/socket"), False, "the socket")


def test_the_next_runner_keeps_its_socket(place):
    said, process = place.run(small(place))
    process.send_signal(15)
    wait_for_the_site(place)
    check(place.resume(said["run"])[0], said, "resumed while the old one waits")
    process.wait(runs.LIMIT_S)
    check(runs.Viewer(said["run"]).question()["step"], "name", "the question")


def test_nothing_to_do(place):
    """The program and the runner: a run that is over at once is told, status 0."""
    if os.access("/var/lib/handrail", os.W_OK):
        return
    for _ in range(5):
        told = program(place, "run", place.write("nothing.yaml", NOTHING), "--site", place.site)
        check((told.returncode, "left-out" in told.stdout), (0, True), told)


def program(place, *arguments, **env):
    return subprocess.run([os.path.join(runs.BUILD, "handrail"), *arguments],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=runs.LIMIT_S,
                          env={**os.environ, "XDG_STATE_HOME": place.folder,
                               "HOME": place.folder, "LC_ALL": "C.UTF-8", **env})


def test_refusals(place):
    runbook = small(place)
    said, process = place.run(runbook)
    refused, _ = place.run(runbook)
    check((refused["status"], refused["holder"]["pid"]), (3, process.pid), "a held site")
    runs.kill(process)
    refused, _ = place.run(runbook)
    name = os.path.basename(said["run"])
    check((refused["status"], refused["unfinished"], refused["step"]), (3, name, "name"),
          "an unfinished run")
    with open(runbook, "a") as file:
        file.write("# more\n")
    refused, _ = place.resume(said["run"])
    check(refused["status"], 3, "a changed runbook")
    check(len(refused["differences"]), 1, "differences")
    resumed, process = place.resume(said["run"], "--accept")
    check(resumed, said, "accepted")
    told = [e for e in runs.events(said["run"]) if e["event"] == "run-resumed"]
    check([len(e["differences"]) for e in told], [1], "written down")
    runs.kill(process)
    more, process = place.run(runbook, "--abandon", name)
    check(names(said["run"])[-1], "run-abandoned", "the old one's last event")
    check("run" in more, True, "the new one")
    runs.kill(process)
    refused, _ = place.run(runbook, "--abandon", os.path.basename(more["run"]), "--from", "mrak")
    check("mark" in refused["refused"] and refused["status"] == 2, True, refused)
    refused, _ = place.run(place.write("bad.yaml", "handrail: 1\ntitel: x\n"))
    check(refused["status"] == 2 and len(refused["problems"]) >= 2, True, refused)


def test_damage_is_refused(place):
    said, process = place.run(small(place))
    runs.Viewer(said["run"]).question()
    runs.kill(process)
    journal = said["run"] + "/journal.jsonl"
    with open(journal, "rb") as file:
        whole = file.read()
    with open(journal, "ab") as file:
        file.write(b'{"n":99,"wall"')
    resumed, process = place.resume(said["run"])
    check(resumed, said, "with a torn last line")
    runs.kill(process)
    check(b'"n":99' in open(journal, "rb").read(), False, "the torn line is gone")
    with open(journal, "wb") as file:
        file.write(whole.replace(b"Small", b"Smell", 1))
    refused, _ = place.resume(said["run"])
    check(refused["status"] == 1 and "line 2" in refused["refused"], True, refused)


def damage(run):
    journal = run + "/journal.jsonl"
    with open(journal, "rb") as file:
        whole = file.read()
    with open(journal, "wb") as file:
        file.write(whole.replace(b"Nothing", b"Nothung", 1))


def test_damage_is_not_passed_over(place):
    runbook = place.write("nothing.yaml", NOTHING)
    said, process = place.run(runbook)
    process.wait(runs.LIMIT_S)
    name = os.path.basename(said["run"])
    damage(said["run"])
    refused, _ = place.run(runbook)
    check(refused["status"], 3, "the status")
    check("the journal of %s is damaged (" % name in refused["refused"], True, refused)
    check("--after" in refused["refused"], True, refused)
    check([name in text for text in refused["problems"]], [True], "the problems")
    # Of another site: said, and no more.
    with open(place.site) as file:
        other = place.write("other.yaml", file.read().replace("name: here", "name: there"))
    more, process = place.start("run", runbook, "--site", other, "--state", place.root)
    viewer = runs.Viewer(more["run"])
    check(name in viewer.live("told")["text"], True, "the first viewer is told")
    viewer.live("bye")
    # A folder whose run never began holds nothing that could be missed.
    os.rename(said["run"], place.folder + "/moved-away")
    os.mkdir(said["run"])
    said, process = place.run(runbook)
    check("run" in said, True, said)
    viewer = runs.Viewer(said["run"])
    viewer.live("bye")
    check(any(m.get("live") == "told" for m in viewer.lines), False, "nothing is told")


def test_after_overrides_damage(place):
    """--after names the run that is meant; that it recorded nothing is another matter."""
    runbook = place.write("nothing.yaml", NOTHING)
    good, process = place.run(runbook)
    process.wait(runs.LIMIT_S)
    bad, process = place.run(runbook)
    process.wait(runs.LIMIT_S)
    damage(bad["run"])
    refused, _ = place.run(runbook, "--after", os.path.basename(good["run"]))
    check("recorded nothing" in refused["refused"], True, refused)


URLS = """\
handrail: 1
title: Urls
vars:
  one: { type: text }
  two: { type: text }
steps:
  - id: name
    title: Name it
    ask: { text: Which one?, into: two }
  - id: print
    title: Print them
    do: { run: [sh, -c, "echo ${one} ${two} given-one given-two http://a:of-the-output@h"] }
"""


def test_passwords_of_urls(place):
    said, process = place.run(place.write("urls.yaml", URLS), "--set",
                              "one=redis://:given-one@h")
    viewer = runs.Viewer(said["run"])
    viewer.answer(viewer.question(), "pg://u:given-two@h")
    viewer.answer(viewer.event("asked", step="print"), "y")
    viewer.live("output")
    viewer.live("bye")
    process.wait(runs.LIMIT_S)
    with open(said["run"] + "/output/print.log") as file:
        check(file.read().split("\n")[-2], "redis://:***@h pg://u:***@h *** *** http://a:***@h",
              "the log")
    places = [str(viewer.lines)]
    for path in glob.glob(said["run"] + "/**", recursive=True):
        if os.path.isfile(path):
            with open(path) as file:
                places.append(file.read())
    for secret in ("given-one", "given-two", "of-the-output"):
        # The runbook itself says these words, and was copied before the answer.
        check([text for text in places if secret in text and "handrail: 1" not in text], [],
              secret)


class Health(http.server.BaseHTTPRequestHandler):
    """Answers 200, well or sick; counts those who log in."""

    def do_GET(self):
        self.server.logins.append(self.headers.get("Authorization"))
        body = json.dumps({"healthy": self.server.well, "errors": {"redis": "refused"}})
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass


def test_a_web_address(place):
    """Sick although it answers 200, then well; its password is written nowhere."""
    with http.server.HTTPServer(("127.0.0.1", 0), Health) as server:
        server.well, server.logins = False, []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = str(server.server_address[1])
        said, process = place.run(place.write("health.yaml", HEALTH))
        viewer = runs.Viewer(said["run"])
        viewer.answer(viewer.question(), "http://ops:of-health@127.0.0.1:" + port)
        sick = viewer.event("verdict", verdict="not-yet")
        check(sick["text"], "http://127.0.0.1:%s/health: healthy is false, true wanted "
              "(redis: refused)" % port, "the reason is shown")
        server.well = True
        well = viewer.event("verdict", verdict="holds")
        check("answers 200 in" in well["text"], True, well["text"])
        viewer.live("bye")
        process.wait(runs.LIMIT_S)
        server.shutdown()
        check(set(server.logins), {"Basic b3BzOm9mLWhlYWx0aA=="}, "the login is used")
    kept = [path for path in glob.glob(said["run"] + "/**", recursive=True)
            if os.path.isfile(path) and "of-health" in open(path).read()]
    check(kept, [], "the password is kept nowhere")
    check("of-health" in str(viewer.lines), False, "and nobody sees it")


def test_a_secret_that_is_a_name(place):
    """A password that is also a step's id: hidden in texts, the story stays whole."""
    with open(place.site, "a") as file:
        file.write('redis: { url: "redis://:mark@redis.internal:6379/1" }\n')
    said, process = place.run(small(place))
    viewer = runs.Viewer(said["run"])
    viewer.answer(viewer.question(), "say-mark-aloud")
    viewer.event("asked", step="mark")
    runs.kill(process)
    viewer.close()
    said, process = place.resume(said["run"])
    viewer = runs.Viewer(said["run"])
    asked = viewer.question()
    check(asked["step"], "mark", "the step is known by its id")
    viewer.say(say="take")
    viewer.answer(asked, "stop")
    viewer.event("run-stopped")
    process.wait(runs.LIMIT_S)
    kept = [e for e in runs.events(said["run"]) if e["event"] == "answered"]
    check(kept[0]["text"], "say-***-aloud", "in a text it is hidden")


if __name__ == "__main__":
    runs.main(globals())

#!/usr/bin/python3
"""Practice as a whole, through a pipe: a shutdown, the start that follows, what is kept."""

import glob
import json
import os
import select
import shlex
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "live"))

import practise
import screen
import tap

FAST = ("--speed", "200")

# Real runs are kept there then, and not in a place of a test's own.
SHARED = os.path.isdir("/var/lib/handrail")

SCENARIOS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "runbooks",
                         "practice")


def place_of(test):
    """A place of its own, for a test function."""
    def run():
        place = practise.Place()
        try:
            test(place)
        finally:
            place.end()
    run.__name__ = test.__name__
    return run


def shut_down(place, *arguments, **env):
    practice = place.practise("shutdown", *arguments, *FAST, **env)
    status = practice.answer()
    tap.equal(status, 0, "the shutdown is finished") or tap.note(practice.text())
    tap.note("took %.1f s" % practice.took_s)
    return practice


@place_of
def shutdown_and_startup(place):
    first = shut_down(place, "--scenario", "backlog", "--seed", "11")
    tap.contains(first.text(), "PRACTICE ×200 · nothing real is changed", "it says what it is")
    tap.contains(first.text(), "--scenario backlog --seed 11 --speed 200",
                 "it says how to have the same again")
    tap.contains(first.text(), "Debrief: Shut down Tines", "there is a debrief")
    tap.contains(first.text(), "Nothing left the safe course", "which finds nothing")
    tap.contains(first.text(), "0 lost", "no job is lost")
    tap.contains(first.lines[-1], "handrail practice startup", "it says what comes next")
    tap.equal(len(place.deployments()), 1, "the deployment stays, down")
    root, = place.roots()
    tap.equal(place.events(root)[-1]["event"] if place.events(root) else None, "run-finished",
              "the run is kept")

    second = place.practise("startup")
    status = second.answer(lambda q: "nothing" if q.takes[0] == "TEXT" else practise.go(q))
    tap.equal(status, 0, "the start is finished") or tap.note(second.text())
    tap.note("took %.1f s" % second.took_s)
    tap.contains(second.text(), "as it was left", "it is the same deployment")
    tap.contains(second.text(), "= its deployment is the one that %s has left" %
                 place.events(root, 0)[0]["run"], "and it says which")
    tap.equal(place.roots(), [root], "and the same root")
    events = place.events(root)
    tap.ok(any(e["event"] == "ledger-adopted" for e in events),
           "the counts of the shutdown are taken over")
    tap.equal(place.deployments(), [], "the deployment has ended")
    tap.ok(len(place.told(root)) > 3, "what it told is kept")
    before, after = debrief_of(place, "shutdown"), debrief_of(place, "startup")
    tap.equal((before["state"], after["state"], before["safe"], after["safe"]),
              ("finished", "finished", True, True), "each has its debrief")
    tap.equal([bool(said["careful"]) for said in (before, after)], [True, False],
              "a scenario's advice is about the runbook that it is made for")
    jobs = [said["jobs"] for said in (before, after)]
    tap.ok(jobs[0]["arrived"] > 0 and jobs[1]["arrived"] > 0 and all(
        abs(said["jobs"]["counted_s"] - said["ended_s"]) < 2 * 200
        for said in (before, after)), "and its own jobs", jobs)
    tap.equal([e for e in after["told"] if e["event"] == "stopped"], [],
              "what happened in the shutdown is none of the start's")
    tap.ok([e for e in after["told"] if e["event"] == "up"], "but what came up is",
           after["told"])


@place_of
def startup_alone(place):
    """Nothing was shut down before: everything is down, and comes to what the site says."""
    practice = place.practise("startup", *FAST)
    status = practice.answer(lambda q: "nothing" if q.takes[0] == "TEXT" else practise.go(q))
    tap.equal(status, 0, "the start is finished") or tap.note(practice.text())
    tap.contains(practice.text(), "this one is new, and was brought down for it", "it says so")
    tap.equal(place.deployments(), [], "the deployment has ended")


@place_of
def startup_beside_another(place):
    """Somebody is at a newer deployment: it is left alone, for one that is down or a new one."""
    shut_down(place, "--scenario", "calm")
    down, = place.deployments()
    other = place.practise("shutdown", "--scenario", "growing", *FAST)
    other.question()
    both = place.deployments()
    first = place.practise("startup")
    first.question()
    tap.contains(first.text(), "-shutdown-practice has left", "it says which it takes")
    tap.equal(os.path.dirname(place.events(place.roots()[-1])[0]["site"]["file"]), down,
              "the one that is down")
    tap.ok("! " not in first.text(), "without being refused", first.text())
    first.say("stop")
    first.end()
    place.tell_deployment(down, {"end": True})
    second = place.practise("startup", *FAST)
    second.question()
    tap.contains(second.text(), "this one is new", "where none is down a new one is begun")
    tap.ok(set(place.deployments()) - set(both), "beside the other", place.deployments())
    second.say("stop")
    second.end()
    other.say("stop")
    tap.equal(other.end(), 3, "which went on all the while")


@place_of
def a_scenario_of_ones_own(place):
    """It stands anywhere, is like a shipped one, and is named by its path."""
    with open(os.path.join(place.folder, "mine.yaml"), "w") as file:
        file.write("handrail-practice: 1\ntitle: My own\nlike: backlog\n"
                   "queues:\n  low: { holds: 60 }\n"
                   "careful:\n  - Mine is worked off in a minute.\n")
    first = shut_down(place, "--scenario", "./mine.yaml", "--seed", "3")
    tap.contains(first.text(), "scenario mine", "it is called by its name")
    tap.contains(first.text(), "--scenario ./mine.yaml --seed 3 --speed 200", "and found again")
    tap.contains(first.text(), "Mine is worked off in a minute", "what it says is told")
    root, = place.roots()
    told = place.run("practice", "--debrief", "--json")
    told.end()
    done = json.loads(told.text())["jobs"]["done"]
    tap.ok(60 <= done < 1000, "its own number of jobs waited, and no thousand", done)
    tap.equal(place.facts(root)["scenario_file"], os.path.join(place.folder, "mine.yaml"),
              "where it stands is kept")


# Of the events of a journal: clocks, processes, what is named or numbered by them, and digests
# of what names the deployment's folder.
VARIES = {"wall", "boot", "boot_us", "start", "took_us", "pid", "group", "run", "n", "prev", "digest"}
# What was seen, and when this terminal came, depend on when somebody looked.
SEEN = ("verdict", "viewer-came", "controls")


def without_what_varies(value):
    if isinstance(value, dict):
        return {key: without_what_varies(inner) for key, inner in value.items()
                if key not in VARIES}
    return [without_what_varies(inner) for inner in value] if isinstance(value, list) else value


def journal(place, root):
    """The events one by one, and the last verdict on everything that had to hold."""
    folder = place.facts(root)["folder"]
    events = [json.loads(json.dumps(event).replace(folder, "F")) for event in place.events(root)]
    verdicts = {(e["step"], e["section"], e["index"]): e["verdict"] for e in events
                if e["event"] == "verdict" and e["section"] != "during"}
    # What runs is recorded while the question stands: a quick answer may come before it.
    events.sort(key=lambda event: event["event"] == "step-recorded")
    return [without_what_varies(e) for e in events if e["event"] not in SEEN], verdicts


def happened(place, root):
    """To the containers, but for when."""
    return sorted(json.dumps({**e, "at": 0}, sort_keys=True) for e in place.told(root)
                  if e["event"] in ("stopping", "stopped", "quieted", "handed-back"))


def arrivals(place, root):
    """(when, queue, job, how long it takes) while tines-app brings them; then it is not there."""
    told = place.told(root)
    end = min(e["at"] for e in told if e["event"] == "stopping" and e["service"] == "tines-app")
    return [(e["at"], e["queue"], e["jid"], e["takes"]) for e in told
            if e["event"] == "job-arrived" and e["at"] < end]


def took(place, root):
    """How long each job was in hand, in microseconds."""
    at = {(e["event"], e["jid"]): e["at"] for e in place.told(root) if "jid" in e}
    return {jid: round(1e6 * (when - at["job-begun", jid])) for (event, jid), when in at.items()
            if event == "job-done" and ("job-begun", jid) in at}


def shut_down_told(place, like, seed, speed="100"):
    """A shutdown whose single jobs are written down, too; its root."""
    name = "told-%s.yaml" % like
    with open(os.path.join(place.folder, name), "w") as file:
        file.write("handrail-practice: 1\ntitle: All of it\nlike: %s\ntells-jobs: true\n" % like)
    practice = place.practise("shutdown", "--scenario", "./" + name, "--seed", seed,
                              "--speed", speed)
    tap.equal(practice.answer(), 0, "%s, seed %s: it is finished" % (like, seed)) \
        or tap.note(practice.text())
    return place.roots()[0]


def compare(place, one, other, name):
    (run, verdicts), (again, verdicts_again) = journal(place, one), journal(place, other)
    tap.ok(len(run) > 60 and set(verdicts.values()) == {"holds"}, name + "much has happened",
           len(run), verdicts)
    differing = [pair for pair in zip(run, again) if pair[0] != pair[1]]
    tap.ok(len(run) == len(again) and not differing, name + "event by event the same",
           len(run), len(again), differing[:1])
    tap.equal(verdicts, verdicts_again, name + "and the same comes to hold")
    tap.equal(happened(place, one), happened(place, other), name + "the same to the containers")


def compare_jobs(place, one, other, name):
    """Up to the earlier of the two ends."""
    jobs, others = arrivals(place, one), arrivals(place, other)
    common = min(len(jobs), len(others))
    tap.ok(common > 20, name + "jobs arrive", common)
    tap.equal(jobs[:common], others[:common], name + "the same ones, at the same times")
    lengths, others = took(place, one), took(place, other)
    both = lengths.keys() & others.keys()
    tap.ok(len(both) > 20, name + "and are done", len(both))
    tap.equal([jid for jid in both if abs(lengths[jid] - others[jid]) > 1], [],
              name + "and take as long")


@place_of
def the_same_again(place):
    """All but the clocks, and what was seen when: see VARIES and SEEN."""
    for like in ("calm", "backlog"):
        one, other = (shut_down_told(place, like, "5") for _ in range(2))
        compare(place, one, other, like + ": ")
        compare_jobs(place, one, other, like + ": ")
        tap.equal([place.facts(r)["seed"] for r in (one, other)], [5, 5], "the seed is kept")


@place_of
def another_operator_and_another_seed(place):
    one, hasty = shut_down_told(place, "backlog", "5"), shut_down_told(place, "backlog", "5", "300")
    compare_jobs(place, one, hasty, "whoever is three times as slow: ")
    other = shut_down_told(place, "backlog", "6")
    jobs = [{job[2] for job in arrivals(place, root)} for root in (one, other)]
    tap.ok(all(jobs) and not jobs[0] & jobs[1], "another seed brings other jobs")
    argv = [[e["argv"] for e in place.events(root) if "argv" in e and e["step"] == "quiet-sidekiq"]
            for root in (one, other)]
    tap.ok(argv[0] and argv[0] != argv[1], "for other workers", argv)


@place_of
def stopped_and_resumed(place):
    practice = place.practise("shutdown", *FAST)
    practice.question()
    practice.say("backup-of-today")
    practice.question()
    practice.say("stop")
    tap.equal(practice.end(), 3, "stopped at a question")
    tap.contains(practice.text(), "Debrief", "it is debriefed")
    tap.contains(practice.text(), "= to go on: handrail resume 2", "it says how to go on")
    tap.contains(practice.lines[-1], "stays as it is for an hour", "the deployment stays")
    listed = place.run("runs")
    listed.end()
    tap.contains(listed.text(), "practice, unfinished", "runs lists it as practice")
    told = place.run("state")
    told.end()
    tap.contains(told.text(), "practice: nothing real is changed", "state says what it is")
    resumed = place.run("resume", "--plain")
    tap.equal(resumed.answer(), 0, "resume goes on") or tap.note(resumed.text())
    tap.contains(resumed.lines[-1], "handrail practice startup", "and comes to its end")


@place_of
def a_line_that_is_cut(place):
    """The viewer goes, the run stays; attach finds it, and is debriefed."""
    practice = place.practise("shutdown", *FAST)
    practice.question()
    practice.process.send_signal(signal.SIGHUP)
    practice.process.wait(practise.LIMIT_S)  # before its input ends, which means stop
    practice.end()
    tap.ok("Debrief" not in practice.text(), "nothing is debriefed that goes on",
           practice.text())
    attached = place.run("attach", "--plain")
    tap.equal(attached.answer(), 0, "attach finishes it") or tap.note(attached.text())
    tap.contains(attached.text(), "Debrief", "and debriefs it")


@place_of
def a_deployment_that_is_gone(place):
    practice = place.practise("shutdown", *FAST)
    practice.question()
    practice.say("stop")
    practice.end()
    folder, = place.deployments()
    place.tell_deployment(folder, {"end": True})
    resumed = place.run("resume", "--plain")
    tap.ok(resumed.answer() != 0, "it is not resumed")
    tap.contains(resumed.text(), "begin anew with `handrail practice`", "it says what to do")
    again = place.practise("--list")
    again.end()
    shut_down(place)
    tap.ok(folder not in place.deployments(), "what is left of it is put away")


ENDLESS = """handrail-practice: 1
title: Far more comes in than anybody works off
about: Two more workers do not help, however often they are added.
like: growing
queues:
  low: { holds: 150, per-minute: 6000, shortest: 1s, longest: 4s }
"""


@place_of
def an_offer_that_does_not_help(place):
    """Accepted five times it is no offer any more, whoever says yes to everything."""
    scenario = os.path.join(place.folder, "endless.yaml")
    for like in ("calm.yaml", "growing.yaml"):
        shutil.copy(os.path.join(SCENARIOS, like), place.folder)
    with open(scenario, "w") as file:
        file.write(ENDLESS)
    asked = []

    def yes(question):
        asked.append(question)
        return "stop" if "retry" in question.takes else practise.go(question)
    practice = place.practise("shutdown", "--scenario", scenario, "--seed", "3", *FAST)
    tap.equal(practice.answer(yes), 1, "it is not completed") or tap.note(practice.text())
    offers = [q for q in asked if q.step == "drain-first"]
    tap.equal(len(offers), 6, "five offers, and the menu of a failure") or tap.note(asked)
    tap.contains(str(offers[1]), "Accepted 1 of at most 5 times",
                 "it says how often it was tried")
    tap.equal(offers[-1].takes, ["retry", "skip REASON", "stop"], "none is made after five")
    tap.contains(str(offers[-1]), "was accepted 5 times and has not helped", "it says why")
    root, = place.roots()
    events = place.events(root)
    tap.ok(len(events) < 300, "the journal is short", len(events))
    ended = [e["boot_us"] for e in events if e["event"] == "action-ended"]
    asks = [e["boot_us"] for e in events
            if e["event"] == "asked" and e["kind"] == "offer"][1:]
    windows = [(later - earlier) * 200 / 1e6 for earlier, later in zip(ended, asks)]
    tap.ok(len(windows) == 4 and min(windows) >= 120,
           "each was watched for the whole window", windows)


@place_of
def the_debrief_again(place):
    shut_down(place, "--scenario", "calm")
    printed = place.run("practice", "--debrief")
    tap.equal(printed.end(), 0, "the newest is debriefed")
    tap.contains(printed.lines[0], "Debrief: Shut down Tines", "as text")
    as_json = place.run("practice", "--debrief", "--json", "shutdown")
    tap.equal(as_json.end(), 0, "or one by a part of its name")
    said = json.loads(as_json.text())
    tap.equal((said["practice"], said["speed"], said["state"]), (True, 200, "finished"),
              "as JSON")


@place_of
def debriefed_as_json(place):
    """Standard output is JSON from its first byte to its last; the rest is said aside."""
    path = os.path.join(place.folder, "debrief.json")
    with open(path, "wb") as file:
        practice = place.practise("shutdown", "--json", "--seed", "5", *FAST, aside=file)
        tap.equal(practice.answer(), 0, "the shutdown is finished") or tap.note(practice.text())
    tap.contains(practice.lines[0], "= practice: scenario calm", "what is said is said aside")
    tap.contains(practice.lines[-1], "handrail practice startup", "to its last line")
    with open(path, "rb") as file:
        said = json.loads(file.read())
    tap.equal((said["state"], said["practice"]), ("finished", True), "the debrief alone is JSON")
    with open(path, "wb") as file:
        refused = place.practise("nope", "--json", aside=file)
        tap.equal(refused.answer(), 1, "what is refused")
    tap.equal(os.path.getsize(path), 0, "has none")
    with open("/dev/full", "wb") as file:
        full = place.practise("shutdown", "--json", *FAST, aside=file)
        full.question()
        full.say("stop")
        tap.equal(full.end(), 1, "a debrief that could not be written is not done")
    tap.contains(full.lines[-1], "--debrief --json prints it again", "and said so")


def debrief_of(place, *arguments):
    told = place.run("practice", "--debrief", "--json", *arguments)
    told.end()
    return json.loads(told.text())


@place_of
def counted_at_the_end(place):
    """The world lives on after the shutdown and makes new jobs: what was counted at the run's
    end stays so, while it lives, when others have asked it, and when it is gone."""
    scenario = os.path.join(place.folder, "never-ending.yaml")
    shutil.copy(os.path.join(SCENARIOS, "calm.yaml"), place.folder)
    with open(scenario, "w") as file:
        file.write(NEVER_ENDING)
    shut_down(place, "--scenario", scenario, "--seed", "9")
    folder, = place.deployments()
    first = debrief_of(place)
    jobs = first["jobs"]
    tap.ok(jobs["arrived"] > 50 and jobs["done"] > 50 and jobs["lost"] == 0, "they are known",
           jobs)
    tap.equal(jobs["arrived"], jobs["done"] + jobs["queued"] + jobs["in_work"] + jobs["lost"],
              "and add up")
    tap.ok(abs(jobs["counted_s"] - first["ended_s"]) < 2 * 200, "counted at the end", jobs)
    tap.equal(json.loads(place.tell_deployment(folder, {"tally": True}))["lost"], 0,
              "others may ask, too")
    tap.equal(debrief_of(place)["jobs"], jobs, "told again it is the same")
    place.tell_deployment(folder, {"end": True})
    tap.equal(debrief_of(place)["jobs"], jobs, "and when the deployment is gone")
    root, = place.roots()
    run, = os.listdir(os.path.join(root, "runs"))
    tap.ok(os.path.exists(os.path.join(root, "runs", run, "world.jsonl")),
           "what it told is kept with the run")
    for path in (os.path.join(root, "world.jsonl"),
                 os.path.join(root, "runs", run, "world.jsonl")):
        if os.path.exists(path):
            os.unlink(path)
    shutil.rmtree(folder, ignore_errors=True)
    alone = debrief_of(place)
    tap.equal((alone["jobs"]["lost"], alone["jobs"]["arrived"]), (None, None),
              "without it that is not known")
    tap.equal(alone["questions"], first["questions"], "but all that was answered is")


NEVER_ENDING = """handrail-practice: 1
title: Jobs arrive whoever is down
about: Somebody outside fills the queues.
like: calm
queues:
  default: { per-minute: 60, shortest: 1s, longest: 3s }
"""


@place_of
def counted_late(place):
    """Nobody asked at the end: what is counted later says so."""
    practice = place.practise("shutdown", "--scenario", "calm", "--speed", "20", "--seed", "4")
    practice.question()
    practice.process.kill()
    practice.process.wait(practise.LIMIT_S)
    root, = place.roots()
    pid = place.events(root)[0]["pid"]
    os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + practise.LIMIT_S
    while place.events(root)[-1]["event"] != "run-stopped" and time.monotonic() < end:
        time.sleep(0.05)
    ended = time.monotonic()
    while time.monotonic() < ended + 3:  # it is the time that passes which is told of
        time.sleep(0.1)
    told = place.run("practice", "--debrief")
    told.end()
    tap.ok(any("as of " in line for line in told.lines), "it says as of when", told.text())
    tap.contains(told.text(), "told to end (SIGTERM)", "and how the run ended")
    tap.contains(told.text(), "Nothing was done: 0 of 11 steps", "and that nothing was done")


GONE = "the simulated deployment is gone"


@place_of
def a_deployment_that_ends(place):
    """It goes away while a step is at work: the run stops by itself, and says why once."""
    practice = place.practise("shutdown", *FAST, "--seed", "4")
    while (question := practice.question()).step != "stop-nginx":
        practice.say(practise.go(question))
    folder, = place.deployments()
    practice.say(practise.go(question))
    practice.line()
    place.tell_deployment(folder, {"end": True})
    tap.equal(practice.answer(lambda q: None), 1, "it is not completed")
    tap.contains(practice.text(), "the deployment had ended before that",
                 "the debrief says so") or tap.note(practice.text())
    tap.contains(practice.text(), "= stopped, unfinished: " + GONE, "and why it stopped")
    tap.contains(practice.lines[-1], "is gone; handrail practice begins another one",
                 "and what can be done")
    root, = place.roots()
    tap.equal(place.facts(root)["folder"], None, "what is kept does not point there any more")
    tap.equal(place.deployments(), [], "where nothing is")


@place_of
def a_deployment_that_is_killed(place):
    """At a question, with no time to say good-bye."""
    practice = place.practise("shutdown", *FAST, "--seed", "4")
    while practice.question().step != "stop-nginx":
        practice.say("backup-of-today")
    folder, = place.deployments()
    pid = json.loads(place.tell_deployment(folder, {"reach": True}))["pid"]
    asked = len(practice.lines)
    os.kill(pid, signal.SIGKILL)
    tap.equal(practice.answer(lambda q: None), 1, "it is not completed")
    said = [line for line in practice.lines[asked:] if GONE in line]
    tap.ok(said and len(said) <= 4, "it says so, and not again and again", said)
    tap.ok("daemon" not in practice.text() and "to go on" not in practice.text(),
           "and nothing that would lead astray", practice.text())
    tap.contains(practice.lines[-1], GONE + "; handrail practice begins another one",
                 "and what can be done")
    tap.equal(place.events(place.roots()[0])[-1].get("final"), True, "its run stopped for good")
    tap.ok("handrail resume" not in practice.text(), "and nothing leads back to it")
    listed = place.run("runs")
    listed.end()
    tap.contains(listed.text(), "practice, gone", "runs says so, too")
    again = place.run("resume", "--plain")
    tap.ok(again.answer() != 0, "it is not gone on with")


@place_of
def a_deployment_that_is_killed_at_work(place):
    """A command fails by that, and nobody has to answer what to do about it."""
    practice = place.practise("shutdown", "--scenario", "slow-stop", "--speed", "60", "--seed", "4")
    while (question := practice.question()).step != "stop-tines-app":
        practice.say(practise.go(question))
    folder, = place.deployments()
    pid = json.loads(place.tell_deployment(folder, {"reach": True}))["pid"]
    practice.say(practise.go(question))
    while not practice.line().startswith("| Stopping"):
        pass
    os.kill(pid, signal.SIGKILL)
    asked = []
    tap.equal(practice.answer(lambda q: asked.append(q)), 1, "it is not completed")
    tap.contains(practice.text(), "the command ended with status 1", "a command failed by it")
    # The kernel closes what a process has open before others see that it has ended.
    tap.ok(len(asked) <= 1, "and nothing is asked, but for a moment", asked)
    tap.contains(practice.text(), "= stopped, unfinished: " + GONE, "it is said why it stopped")


# It looks every few seconds.
SOON_S = 20


@place_of
def a_deployment_whose_folder_is_removed(place):
    """As at a logout, or by whoever cleans up: it is the same as a kill."""
    practice = place.practise("shutdown", *FAST, "--seed", "4")
    while practice.question().step != "stop-nginx":
        practice.say("backup-of-today")
    folder, = place.deployments()
    process = os.pidfd_open(json.loads(place.tell_deployment(folder, {"reach": True}))["pid"])
    tap.equal(os.listdir(place.runtime), [], "nothing of it is where a logout takes it away")
    shutil.rmtree(folder)
    tap.ok(select.select([process], [], [], SOON_S)[0], "its process ends")
    os.close(process)
    tap.equal(practice.answer(lambda q: None), 1, "the run is not completed")
    tap.contains(practice.text(), "= stopped, unfinished: " + GONE, "it is said why it stopped")
    tap.ok("engine" not in practice.text() and "daemon" not in practice.text(),
           "and nothing that would lead astray", practice.text())
    ended = place.run("practice", "--end")
    tap.equal((ended.end(), ended.text()), (0, "= no simulated deployment is left"),
              "none is left, which is true")


def where_it_stands():
    """Beside the runs, unless a socket's path would be too long there, or mean something else."""
    for name, beside in (("state", True), ("state of mine", True), ("s" * 80, False),
                         ("50%", False)):
        place = practise.Place()
        try:
            place.move_state(name)
            practice = place.practise("shutdown", *FAST)
            practice.question()
            folder = place.facts(place.roots()[0])["folder"]
            tap.equal(os.path.dirname(folder),
                      os.path.join(place.state, "deployments") if beside else "/tmp",
                      "%.10s: where it stands" % name)
            tap.equal(os.stat(folder).st_mode & 0o777, 0o700, "closed to others")
            practice.say("backup-of-today")
            asked = practice.question()
            tap.equal(asked.step, "stop-nginx", "it can be worked on") or tap.note(practice.text())
            practice.say("stop")
            practice.end()
            place.run("practice", "--end").end()
            tap.equal(os.path.exists(folder), False, "and goes")
        finally:
            place.end()


@place_of
def a_deployment_that_is_killed_on_screen(place):
    if not os.access(screen.TERMINAL, os.X_OK):
        tap.skip("on screen", "%s is not built" % screen.TERMINAL)
        return
    run = screen.Screen([practise.HANDRAIL, "practice", "shutdown", *FAST], place.screen_env())
    run.wait("Which backup")
    folder, = place.deployments()
    os.kill(json.loads(place.tell_deployment(folder, {"reach": True}))["pid"], signal.SIGKILL)
    seen = run.wait("Stopped, unfinished: " + GONE)
    tap.ok("handrail resume" not in seen, "nothing leads back to it", seen)
    run.close()


@place_of
def a_deployment_that_stays_down(place):
    """Where it is said that it does, and how it is ended."""
    none = place.run("practice", "--end")
    tap.equal((none.end(), none.text()), (0, "= no simulated deployment is left"),
              "nothing is left at first")
    practice = shut_down(place, "--seed", "4")
    tap.contains(practice.lines[-1], "handrail practice --end ends it", "the end words say how")
    run = next(line for line in practice.lines if line.startswith("= run ")).split()[2]
    listed = place.run("runs")
    listed.end()
    tap.contains(listed.lines[-1], "deployment of %s stays down for an hour" % run,
                 "runs says that it is there")
    if os.access(screen.TERMINAL, os.X_OK):
        home = screen.Screen([practise.HANDRAIL], place.screen_env())
        tap.contains(home.wait("still down"), "practice/calm", "its scenario is told")
        home.close()
        tap.ok(True, "so does home")
    ended = place.run("practice", "--end", run)
    tap.equal(ended.end(), 0, "it is ended")
    tap.equal(ended.lines, ["= the simulated deployment of %s is ended" % run], "and said so")
    tap.equal(place.deployments(), [], "nothing is left of it")
    root, = place.roots()
    tap.equal(place.facts(root)["folder"], None, "what is kept does not point there any more")
    tap.ok(len(place.told(root)) > 3, "what it told is kept")
    tap.equal(debrief_of(place)["jobs"]["lost"], 0, "and its debrief")
    listed = place.run("runs")
    listed.end()
    tap.ok("stays down" not in listed.text(), "runs says no more of it", listed.text())
    other = place.run("practice", "--end", "nope")
    tap.equal(other.end(), 1, "a run that is none is named")


def wait_for(holds, what):
    end = time.monotonic() + practise.LIMIT_S
    while not holds():
        if time.monotonic() > end:
            raise AssertionError("waited for " + what)
        time.sleep(0.02)


def said_by(place, *arguments):
    """(status, text)"""
    told = place.run(*arguments)
    status = told.end()
    return status, told.text()


@place_of
def several_at_once(place):
    """None puts away what another has just begun, and --end leaves that alone, too."""
    for _ in range(3):
        begun = [place.practise("shutdown", *FAST) for _ in range(4)]
        status, text = said_by(place, "practice", "--end")
        for practice in begun:
            tap.ok(practice.question(), "it asks", practice.text())
        tap.ok(status in (0, 3) and " is ended" not in text, "and is not ended", text)
        for practice in begun:
            practice.say("stop")
            tap.equal(practice.end(), 3, "and stops")
        tap.equal(said_by(place, "practice", "--end")[0], 0, "then all are ended")
        tap.equal(place.deployments(), [], "and gone")


@place_of
def with_nothing_done(place):
    practice = place.practise("shutdown", *FAST)
    skip = lambda *_: "skip nothing is to be done"
    status = practice.answer(
        lambda asked: skip() if any(word.startswith("skip") for word in asked.takes)
        else practise.go(asked), skip)
    tap.equal(status, 0, "all is skipped") or tap.note(practice.text())
    tap.ok("stays down" not in practice.text(), "nothing is said to be down", practice.lines[-1])
    tap.equal(place.deployments(), [], "the deployment is ended")


@place_of
def the_line_of_who_is_at_it(place):
    """It is what drops, whoever else has looked."""
    practice = place.practise("shutdown", "--scenario", "dropped-line", "--speed", "200")
    practice.question()
    place.run("attach", "--plain").end()
    practice.say("backup-of-today")
    practice.answer()
    tap.contains(practice.text(), "= detached", "the line of the operator")


@place_of
def which_is_meant_without_a_name(place):
    """One that lives is attached to, and one that has stopped is gone on with, whatever is newer."""
    names = []
    for says in (None, "stop"):
        practice = place.practise("shutdown", *FAST)
        practice.question()
        names.append(next(line.split()[-1] for line in practice.lines if line.startswith("= run ")))
        if says:
            practice.say(says)
        else:
            practice.process.send_signal(signal.SIGHUP)
            practice.process.wait(practise.LIMIT_S)
        practice.end()
    live, stopped = names
    tap.contains(said_by(place, "state")[1], live, "state is of the one that lives")
    resumed = place.run("resume", "--plain")
    tap.ok(resumed.question(), "resume asks", resumed.text())
    tap.contains(resumed.text(), stopped, "and goes on with the one that has stopped")
    resumed.say("stop")
    resumed.end()
    attached = place.run("attach", "--plain")
    tap.ok(attached.question(), "attach asks", attached.text())
    tap.contains(attached.text(), live, "and is to the one that lives")
    attached.say("stop")
    attached.end()


def stopped(place, *arguments):
    """The name of a run that was stopped at its first question."""
    practice = place.practise("shutdown", *arguments, *FAST)
    practice.question()
    practice.say("stop")
    practice.end()
    return next(line for line in practice.lines if line.startswith("= run ")).split()[2]


@place_of
def a_part_of_a_name(place):
    """What several have means none of them."""
    names = [stopped(place), stopped(place)]
    for command in (("state",), ("resume", "--plain"), ("attach", "--plain"),
                    ("practice", "--debrief"), ("practice", "--end")):
        status, text = said_by(place, *command, "shutdown")
        tap.ok(status == 1 and '"shutdown" may mean 2 runs: %s, %s; ' % (
            names[1], names[0]) in text, "%s takes none" % " ".join(command), text)
        tap.equal(len(place.deployments()), 2, "and does nothing")
    tap.contains(said_by(place, "state", names[0])[1], names[0], "a whole name is one")
    listed = [run["run"] for run in json.loads(said_by(place, "runs", "--json")[1])]
    tap.equal(listed, names[::-1], "and the newest is listed first")


@place_of
def one_of_several(place):
    """It is said which was taken: the last touched."""
    names = [stopped(place), stopped(place)]
    tap.equal(said_by(place, "resume", names[0], "--plain")[0], 3, "the older one goes on a bit")
    status, text = said_by(place, "resume", "--plain")
    tap.contains(text, "2 runs can be resumed (handrail runs lists them); this is %s\n" % names[0],
                 "and is the last touched")
    tap.contains(text, "= run %s\n" % names[0], "with which it goes on")
    said_by(place, "practice", "--end", names[0])
    status, text = said_by(place, "resume", "--plain")
    tap.ok("can be resumed" not in text and "= run %s\n" % names[1] in text,
           "what has no deployment any more is not taken", text)


@place_of
def two_of_one_name(place):
    """It must not happen, and should it, neither of them is taken for the other."""
    practice = place.practise("shutdown", *FAST)
    practice.question()
    practice.say("stop")
    practice.end()
    root, = place.roots()
    name, = os.listdir(os.path.join(root, "runs"))
    own = os.path.join(root, "runs", name)
    commands = (("state",), ("resume", "--plain"), ("attach", "--plain"),
                ("practice", "--debrief"), ("practice", "--end"))
    tap.equal(said_by(place, "state", name)[0], 0, "one alone is found by its name")
    if SHARED:
        tap.skip("a real run of its name", "this host has a shared root")
    else:
        real = os.path.join(place.state, "runs", name)
        shutil.copytree(own, real)
        status, text = said_by(place, "state", name)
        tap.ok(status == 1 and own in text and real in text, "a real run has its name", text)
        os.rename(real, real + "-2")
        tap.contains(said_by(place, "state", name)[1], "practice: nothing real is changed",
                     "the whole name of one is no part of another's")
        shutil.rmtree(real + "-2")
    other = root + "-2"
    shutil.copytree(root, other)
    for command in commands:
        status, text = said_by(place, *command, name)
        tap.ok(status == 1 and "2 runs are called " + name in text and own in text and
               own.replace(root, other) in text, "%s names both" % " ".join(command), text)
        tap.equal(len(place.deployments()), 1, "and does nothing")
    status, text = said_by(place, "state", own)
    tap.ok(status == 0 and name in text, "a path is enough", text)
    tap.equal(said_by(place, "practice", "--end", own)[0], 0, "also to end it")
    tap.equal(place.deployments(), [], "which it is")


@place_of
def what_runs_says_of_deployments(place):
    """As JSON what the text has, too: which are left, and how."""
    def deployments():
        return {run["runbook"]: (run["condition"], run["deployment"])
                for run in json.loads(said_by(place, "runs", "--json")[1])}
    shut_down(place, "--seed", "4")
    tap.equal(deployments(), {"shutdown": ("done", "down")}, "one is left down")
    practice = place.practise("startup")
    practice.question()
    tap.equal(deployments(), {"shutdown": ("done", "there"), "startup": ("live", "there")},
              "then it is worked on")
    runner = place.events(place.roots()[0])[0]["pid"]
    process = os.pidfd_open(runner)
    os.kill(runner, signal.SIGKILL)
    tap.ok(select.select([process], [], [], practise.LIMIT_S)[0], "its runner dies")
    os.close(process)
    practice.end()
    tap.contains(said_by(place, "state", "startup")[1],
                 "unfinished: its runner is gone; handrail resume goes on", "it can be gone on with")
    said_by(place, "practice", "--end")
    tap.equal(deployments(), {"shutdown": ("done", "gone"), "startup": ("gone", "gone")},
              "then there is none")
    status, text = said_by(place, "state", "startup")
    tap.ok(status == 0 and "the simulated deployment with it" in text and "resume" not in text,
           "and no way back to it", text)
    if SHARED:
        return
    real = os.path.join(place.state, "runs", "20200101T000000Z-real-one")
    shutil.copytree(os.path.dirname(glob.glob(os.path.join(
        place.roots()[0], "runs", "*-shutdown-*", "journal.jsonl"))[0]), real)
    tap.equal([run["deployment"] for run in json.loads(said_by(place, "runs", "--json")[1])
               if run["folder"] == real], [None], "what is no practice of ours has none")


@place_of
def home_starts_up_again(place):
    if not os.access(screen.TERMINAL, os.X_OK):
        tap.skip("home", "%s is not built" % screen.TERMINAL)
        return
    shut_down(place, "--seed", "4")
    root, = place.roots()
    home = screen.Screen([practise.HANDRAIL], place.screen_env())
    home.wait("still down")
    home.type("\r")
    home.wait("Start Tines")
    home.close()
    runs = sorted(os.listdir(os.path.join(root, "runs")))
    tap.equal([name.split("-")[1] for name in runs], ["shutdown", "startup"],
              "the run begins on the same deployment")


@place_of
def home_starts_up_what_is_selected(place):
    """Not what was shut down last."""
    if not os.access(screen.TERMINAL, os.X_OK):
        tap.skip("home", "%s is not built" % screen.TERMINAL)
        return
    for scenario in ("backlog", "calm"):
        shut_down(place, "--scenario", scenario, "--seed", "4")
    home = screen.Screen([practise.HANDRAIL], place.screen_env())
    rows = [line for line in home.wait("practice/backlog").split("\n") if "still down" in line]
    tap.ok("practice/calm" in rows[0] and "practice/backlog" in rows[1], "the newest is first",
           "\n".join(rows))
    home.type("j\r")
    home.wait("Start Tines")
    home.close()
    runs = {root.split("-")[-1]: len(os.listdir(os.path.join(root, "runs")))
            for root in place.roots()}
    tap.equal(runs, {"backlog": 2, "calm": 1}, "the run begins on the deployment of its row")


@place_of
def home_shows_where_one_stands(place):
    """Of two that are alike but for their scenarios; and looking is not going on."""
    if not os.access(screen.TERMINAL, os.X_OK):
        tap.skip("home", "%s is not built" % screen.TERMINAL)
        return
    other = place.practise("shutdown", "--scenario", "backlog", *FAST)
    other.question()
    for scenario in ("calm", "growing"):
        practice = place.practise("shutdown", "--scenario", scenario, *FAST)
        practice.question()
        practice.say("stop")
        practice.end()
    home = screen.Screen([practise.HANDRAIL], place.screen_env())
    rows = [line.split() for line in home.wait("practice/calm").split("\n") if "1/11" in line]
    tap.equal([next(word for word in row if word.startswith("practice/")) for row in rows],
              ["practice/backlog", "practice/growing", "practice/calm"],
              "the one that asks comes first, then the newest")
    began = {root: len(place.events(root)) for root in place.roots()}
    home.type("j\r")
    tap.contains(home.text(), "growing, 200 times as fast", "its page says what it is")
    home.type("q")
    home.wait("practice/growing")
    tap.ok("Debrief" not in home.text(), "who only looks is not debriefed", home.text())
    tap.equal({root: len(place.events(root)) for root in place.roots()}, began,
              "and has begun nothing")
    home.type("\r")
    home.type("r")
    home.wait("Which backup")
    home.type("\r")  # once this is dealt with, no key is forgotten any more
    home.type("stop\r")
    home.wait("q leaves")
    home.type("\r")
    home.type("q")
    home.wait("Debrief: Shut down Tines")
    tap.ok(True, "who has gone on with it is debriefed")
    home.close()


@place_of
def a_run_that_goes_on_is_ended_by_name(place):
    left = place.practise("shutdown", *FAST)
    left.question()
    left.process.kill()
    left.process.wait(practise.LIMIT_S)
    root, = place.roots()
    wait_for(lambda: place.events(root)[-1]["event"] == "controls", "the viewer to be missed")
    nobodys, = os.listdir(os.path.join(root, "runs"))
    practice = place.practise("shutdown", *FAST)
    practice.question()
    name = next(line for line in practice.lines if line.startswith("= run ")).split()[2]
    status, text = said_by(place, "practice", "--end")
    tap.equal(status, 3, "somebody is at work on one")
    tap.contains(text, "somebody is at the run %s," % name, "which is named")
    tap.contains(text, "handrail practice --end %s ends" % name, "and how it can be ended")
    tap.contains(text, "= the simulated deployment of %s is ended, and the run stops" % nobodys,
                 "the other one, which nobody is at, is ended")
    tap.equal(len(place.deployments()), 1, "and it alone")
    wait_for(lambda: place.events(root)[-1]["event"] == "run-stopped", "its run to stop")
    tap.contains(place.events(root)[-1]["why"], GONE, "its run says why it stopped")
    status, text = said_by(place, "practice", "--end", name)
    tap.equal((status, place.deployments()), (0, []), "by name that one is ended, too")
    tap.equal(practice.answer(lambda q: None), 1, "its run stops")
    tap.contains(practice.text(), "= stopped, unfinished: " + GONE, "and says why")


@place_of
def its_site_by_hand(place):
    """A site of practice is not worked on as if it were real; it may be read."""
    practice = place.practise("shutdown", *FAST)
    practice.question()
    folder, = place.deployments()
    site = os.path.join(folder, "site.yaml")
    with open(site) as file:
        before = file.read()
    for command in (("doctor", "--site", site), ("doctor", "--site", site, "--pin"),
                    ("run", "shutdown", "--site", site, "--plain"),
                    ("queues", "--site", site, "--plain")):
        told = place.run(*command)
        tap.equal(told.end(), 2, "%s refuses it" % " ".join(command[::2])) or \
            tap.note(told.text())
        tap.contains(told.text(), "the simulated deployment of a practice", "and says why")
        tap.contains(told.text(), "`handrail practice`", "and what to do instead")
    with open(site) as file:
        tap.equal(file.read(), before, "nothing is pinned")
    for command in (("show", "shutdown", "--site", site), ("check", site)):
        told = place.run(*command)
        tap.equal(told.end(), 0, "%s reads it" % command[0]) or tap.note(told.text())
    for form in ((), ("--markdown",)):
        told = place.run("show", "shutdown", "--site", site, *form)
        told.end()
        tap.ok(any("practice (compose, simulated: for practice alone)" in line
                   for line in told.lines), "show says what it is", form)
    tap.equal(os.path.exists(os.path.join(place.folder, "state", "handrail", "runs")), False,
              "no real run has begun")


@place_of
def what_is_typed_by_hand(place):
    """Lines that are there to be copied mean the deployment's programs, whatever else is called
    like them on this host."""
    real = os.path.join(place.folder, "real")
    marks = os.path.join(place.folder, "marks")
    os.mkdir(real)
    for name in ("docker", "docker-compose", "redis-cli"):
        with open(os.path.join(real, name), "w") as file:
            file.write("#!/bin/sh\necho %s >> %s\n" % (name, marks))
        os.chmod(os.path.join(real, name), 0o700)
    practice = place.practise("shutdown", "--scenario", "stop-fails", *FAST)
    while "undo" not in (question := practice.question()).takes:
        practice.say(practise.go(question))
    told = practice.lines[practice.lines.index("  its last log lines, from another terminal:") + 1:]
    logs = "cd %s && %s" % (told[0][len("  in "):-1], told[1][len("  $ "):])
    by_hand, = (line.split(" with ", 1)[1] for line in practice.lines if "go on by hand" in line)
    with open(by_hand) as file:
        typed = [line.strip()[2:] for line in file if line.strip().startswith("$ ")]
    tap.contains(typed[0], "export PATH=", "the first thing to type by hand is where they are")
    env = {**place.env, "PATH": real + ":/usr/bin:/bin"}
    for name, script in (("the log", logs), ("by hand", "; ".join(typed[:3]))):
        ended = subprocess.run(["sh", "-c", script], env=env, capture_output=True, text=True,
                               timeout=practise.LIMIT_S)
        tap.equal(os.path.exists(marks), False, name + ": nothing real is run") or \
            tap.note(script)
        tap.ok("docker-compose" in script and ended.returncode == 0,
               name + ": the deployment answers", script, ended.stderr)


@place_of
def unknown_names(place):
    """All the same, whatever they name: with the names that there are."""
    for command in (("practice", "--scenario", "nope"), ("practice", "nope"),
                    ("show", "nope"), ("check", "nope")):
        told = place.run(*command)
        tap.equal(told.end(), 1, " ".join(command))
        name = "wrong-target" if "--scenario" in command else "startup"
        tap.contains(told.text(), name, "it lists what there is")
    told = place.run("practice", "growing")
    tap.equal(told.end(), 1, "a scenario is no runbook")
    tap.contains(told.text(), "handrail practice --scenario growing", "and how to name it is said")
    tap.equal((place.roots(), place.deployments()), ([], []), "nothing is begun")


@place_of
def listed(place):
    as_json = place.run("practice", "--list", "--json")
    tap.equal(as_json.end(), 0, "the scenarios are listed as JSON")
    scenarios = json.loads(as_json.text())
    as_text = place.run("practice", "--list")
    as_text.end()
    tap.equal([s["name"] for s in scenarios], [line.split()[0] for line in as_text.lines if not line.startswith(" ")],
              "the same ones as in words")
    tap.equal({tuple(s) for s in scenarios},
              {("name", "title", "about", "file", "runbook", "careful", "problem")},
              "each with all that is told of it")
    growing, = [s for s in scenarios if s["name"] == "growing"]
    tap.equal((growing["title"], growing["runbook"], os.path.basename(growing["file"]),
               growing["problem"]),
              ("More comes in than is worked off", "shutdown", "growing.yaml", None),
              "what it is, what is practised on it, and where it is written")
    tap.ok(any("adds workers" in sentence for sentence in growing["careful"]),
           "and what it trains", growing["careful"])
    mine = os.path.join(place.folder, "config", "handrail", "practice")
    os.makedirs(mine)
    with open(os.path.join(mine, "broken.yaml"), "w") as file:
        file.write("handrail-practice: 1\ntitle: 7\nservice: {}\n")
    again = place.run("practice", "--list", "--json")
    again.end()
    broken = [s for s in json.loads(again.text()) if s["name"] == "broken"]
    tap.ok(broken and broken[0]["title"] is None and "broken.yaml" in broken[0]["problem"],
           "one that cannot be used says why", broken)


@place_of
def what_is_kept(place):
    """Of forty that are over the newest twenty stay."""
    practice = place.practise("shutdown", *FAST)
    practice.end()
    root, = place.roots()
    facts = place.facts(root)
    for number in range(40):
        old = os.path.join(place.kept, "20200101T%06dZ-calm" % number)
        os.mkdir(old, 0o700)
        with open(os.path.join(old, "practice.json"), "w") as file:
            json.dump({**facts, "folder": "/nonexistent/%d" % number}, file)
    place.practise("shutdown", *FAST).end()
    tap.equal(len(place.roots()), 21, "the newest twenty, and the new one")
    tap.ok(root in place.roots(), "one that is alive is among them")
    tap.equal(os.stat(root).st_mode & 0o777, 0o700, "roots are for nobody else")
    tap.equal([os.stat(f).st_mode & 0o777 for f in place.deployments()], [0o700] * 2,
              "nor are the deployments")


@place_of
def wrong_settings(place):
    practice = place.practise("shutdown", "--set", "window=1s")
    tap.ok(practice.end() != 0, "a wrong value is refused")
    tap.contains(practice.text(), "window", "and named")
    tap.equal((place.roots(), place.deployments()), ([], []), "nothing of it is kept")


@place_of
def with_nothing_but_loopback(place):
    """In a network namespace of its own, whose one interface is loopback."""
    program = ("import fcntl, os, socket, struct, sys\n"
               "s = socket.socket()\n"
               "fcntl.ioctl(s, 0x8914, struct.pack('16sh14x', b'lo', 0x49))\n"  # SIOCSIFFLAGS
               "os.execvp(sys.argv[1], sys.argv[1:])\n")
    inside = ["unshare", "-rn", sys.executable, "-c", program]
    if not shutil.which("unshare") or subprocess.run(
            [*inside, "true"], capture_output=True, timeout=practise.LIMIT_S).returncode != 0:
        tap.skip("a network of its own", "unshare -rn is not allowed here")
        return
    handrail = os.path.join(place.folder, "handrail")
    with open(handrail, "w") as file:
        file.write("#!/bin/sh\nexec %s %s \"$@\"\n" % (
            shlex.join(inside), practise.HANDRAIL))
    os.chmod(handrail, 0o700)
    program, practise.HANDRAIL = practise.HANDRAIL, handrail
    try:
        shut_down(place, "--scenario", "calm", "--seed", "5")
    finally:
        practise.HANDRAIL = program


if __name__ == "__main__":
    if not os.access(practise.HANDRAIL, os.X_OK):
        tap.skip_all("%s is not built" % practise.HANDRAIL)
    tap.run(shutdown_and_startup, startup_alone, startup_beside_another, a_scenario_of_ones_own, the_same_again,
            another_operator_and_another_seed, stopped_and_resumed, a_line_that_is_cut,
            a_deployment_that_is_gone, an_offer_that_does_not_help, the_debrief_again,
            debriefed_as_json,
            counted_at_the_end, counted_late, a_deployment_that_ends,
            a_deployment_that_is_killed, a_deployment_that_is_killed_at_work,
            a_deployment_whose_folder_is_removed, where_it_stands,
            a_deployment_that_is_killed_on_screen, a_deployment_that_stays_down,
            home_starts_up_again, home_starts_up_what_is_selected, home_shows_where_one_stands, which_is_meant_without_a_name,
            several_at_once, with_nothing_done, the_line_of_who_is_at_it,
            two_of_one_name, a_part_of_a_name, one_of_several, what_runs_says_of_deployments,
            a_run_that_goes_on_is_ended_by_name, its_site_by_hand,
            what_is_typed_by_hand, unknown_names, listed, what_is_kept,
            wrong_settings, with_nothing_but_loopback)

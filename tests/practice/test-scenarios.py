#!/usr/bin/python3
"""Every shipped scenario as two operators meet it. The careful one comes to the end with
nothing lost and nothing to be said against it; the careless one is held by the engine, or the
debrief names what was done."""

import glob
import json
import os
import re
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "live")]

import practise
import tap

SETTINGS = ("--seed", "7")
SPEED = "200"
# Where somebody acts 20 s after a step: at 200 times that is 100 ms, and a loaded machine has
# not been through the step by then. Nor has it come to a job in time that is over in minutes.
SLOWER = {"intruder": "50", "long-job": "60"}

BACKUP = "snapshot of this morning"

STEPS = 11  # of shutdown

# An offer that is accepted again and again is no conversation any more.
QUESTIONS_MAX = 60

played = set()


class Operator:
    """One who practises a scenario, at home in a place of its own.

    `answers`: {step: what is answered to its questions, in turn}; a function is called, and
    gives the answer. None, and what is not said, is what goes on.
    `words`: {step: (what a line that waits has to say, what is typed then) in turn}; at this
    speed what lasts for seconds may go by unsaid."""

    def __init__(self, scenario, answers=None, words=None):
        self.scenario = scenario
        self.answers = {step: list(said) for step, said in (answers or {}).items()}
        self.words = {step: list(said) for step, said in (words or {}).items()}
        self.asked = []  # (step, question)
        self.stray = False
        played.add(scenario)

    def __enter__(self):
        self.place = practise.Place()
        return self

    def __exit__(self, *_):
        self.end_runner()
        self.place.end()

    def end_runner(self):
        """One that waits for a viewer would do so for ever."""
        for root in self.place.roots():
            for event in self.place.events(root):
                if event["event"] in ("run-began", "run-resumed") and self.is_ours(event["pid"]):
                    os.kill(event["pid"], signal.SIGTERM)

    def is_ours(self, pid):
        try:
            with open("/proc/%d/cmdline" % pid) as file:
                return self.place.folder in file.read()
        except OSError:
            return False

    def answer(self, question):
        self.asked.append((question.step, str(question)))
        if len(self.asked) > QUESTIONS_MAX:
            raise AssertionError("no end of questions:\n" + self.text())
        left = self.answers.get(question.step)
        said = left.pop(0) if left else None
        if callable(said):
            said = said(self)
        if said is None and question.takes[0] == "TEXT":
            return BACKUP
        if said is None and "retry" in question.takes and self.scenario == "redis-flaps":
            return "retry"  # its command met a gap of the connection
        if said is None and "retry" in question.takes:
            raise AssertionError("it failed: %s\n%s" % (question, self.text()))
        return practise.go(question) if said is None else said

    def word(self, step, waiting):
        left = self.words.get(step)
        if left and re.search(left[0][0], waiting):
            return left.pop(0)[1]
        return None

    def reply(self, line):
        """What is typed when that line is printed, or None. What was typed to a question that
        had been withdrawn meanwhile is refused at once, or by the next one; a question that
        stands then is asked again."""
        asks, waits = practise.QUESTION.match(line), practise.WAITING.match(line)
        if "the question is withdrawn" in line:
            self.stray = True
        elif "the question has changed" in line:
            self.stray = False
        if asks and self.stray:
            self.stray = False
        elif asks:
            return self.answer(practise.Question(asks))
        return self.word(*waits.groups()) if waits else None

    def play(self, *command):
        """Carries out the scenario, or another command; the exit status."""
        speed = SLOWER.get(self.scenario, SPEED)
        command = command or ("practice", "shutdown", "--scenario", self.scenario,
                              "--speed", speed, *SETTINGS)
        self.practice = self.place.run(*command, "--plain")
        self.stray = False
        while (line := self.practice.line()) is not None:
            said = self.reply(line)
            if said is not None:
                self.practice.say(said)
        return self.practice.end()

    def text(self):
        return self.practice.text()

    def debrief(self):
        told = self.place.run("practice", "--debrief", "--json")
        told.end()
        return json.loads(told.text())

    def run_name(self):
        return re.search(r"(?m)^= run (\S+)", self.text()).group(1)

    def world(self):
        return self.place.told(self.place.roots()[0])

    # -- another terminal ---------------------------------------------------------------

    def program(self, *argv):
        """A program of the deployment, as from another terminal; its output."""
        folder, = self.place.deployments()
        done = subprocess.run([os.path.join(folder, "bin", argv[0]), *argv[1:]], text=True,
                              cwd=glob.glob(os.path.join(folder, "*", "docker-compose.yml"))[0]
                              .rpartition("/")[0],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=practise.LIMIT_S)
        if done.returncode != 0:
            raise AssertionError("%s: %d\n%s" % (argv, done.returncode, done.stdout))
        return done.stdout

    def queued(self, queue):
        folder, = self.place.deployments()
        return int(self.program("redis-cli", "-s", os.path.join(folder, "redis"), "-n", "1",
                                "LLEN", "queue:" + queue))


def careful(scenario, answers=None, words=None, after=None):
    """Comes to the end, and nothing is to be said against it. `after`: what is looked at
    besides."""
    with Operator(scenario, answers, words) as operator:
        status = operator.play()
        name = scenario + ", careful: "
        tap.equal(status, 0, name + "it is finished") or tap.note(operator.text())
        debrief = operator.debrief()
        tap.equal([(f["rule"], f["step"]) for f in debrief["findings"]], [],
                  name + "nothing left the safe course")
        tap.equal([s["end"] for s in debrief["steps"]], ["done"] * STEPS,
                  name + "every step is done")
        tap.equal((debrief["jobs"]["lost"], debrief["jobs"]["handed_back"]), (0, 0),
                  name + "no job is lost or interrupted")
        tap.ok(debrief["careful"], name + "it is told what to be careful of")
        if after:
            after(operator, debrief, name)


def careless(scenario, answers=None, words=None, status=0, says=None, findings=(),
             after=None):
    """Ends with that status: 0, or held by the engine, which says what matches `says`; and
    the debrief has these findings."""
    with Operator(scenario, answers, words) as operator:
        found = operator.play()
        name = scenario + ", careless: "
        tap.equal(found, status, name + ("it comes to its end" if status == 0 else
                                         "it is held")) or tap.note(operator.text())
        if says:
            tap.ok(re.search(says, operator.text()), name + "the engine says why",
                   operator.text())
        debrief = operator.debrief()
        rules = [(f["rule"], f["step"]) for f in debrief["findings"]]
        tap.ok(all(finding in rules for finding in findings),
               name + "the debrief names %s" % (", ".join(r for r, _ in findings) or "nothing"),
               rules)
        if after:
            after(operator, debrief, name)


# ---- the scenarios ------------------------------------------------------------------------

def calm():
    careful("calm")
    careless("calm",
             words={"quiet-sidekiq": [("", "skip nobody works on a quiet day")],
                    "stop-sidekiq": [("0 of 2 workers quiet", "stop")]},
             status=3, says="0 of 2 workers quiet",
             findings=[("skipped", "quiet-sidekiq")])


def backlog():
    def drained(operator, debrief, name):
        most = debrief["queues"]["total"]["most"]
        tap.ok(most > 500, name + "there was a backlog", most)
        quiet = [s for s in debrief["steps"] if s["step"] == "quiet-sidekiq"][0]
        tap.ok(quiet["ended_s"] - quiet["began_s"] >= 240,
               name + "minutes were waited for it", quiet)

    def left(operator, debrief, name):
        tap.ok(debrief["queues"]["total"]["last"] > 100, name + "the backlog is left queued",
               debrief["queues"]["total"]["last"])
    careful("backlog", after=drained)
    careless("backlog", words={"quiet-sidekiq": [("shrinking", "practice/leave-queued")]},
             findings=[("accepted", "quiet-sidekiq")], after=left)


def growing():
    def falls(operator):
        """Waits until what was added shows."""
        before = operator.queued("low")
        end = time.monotonic() + practise.LIMIT_S
        while operator.queued("low") > before / 4 and time.monotonic() < end:
            pass

    def offered(operator, debrief, name):
        tap.contains(operator.text(), "growing", name + "it is seen to grow")
        tap.ok(any("tines-sidekiq: 2 → 4" in asked for _, asked in operator.asked),
               name + "more workers are offered", operator.asked)
    careful("growing", answers={"stop-nginx": [falls]}, after=offered)
    careless("growing", answers={"drain-first": ["skip there is no time for this"]},
             findings=[("skipped", "drain-first"), ("rising", "stop-nginx")])


def stuck():
    """New workers do the jobs, and the silent ones are waited for until they are heard of again;
    or they are restarted from another terminal. Whoever goes on without them writes down why."""
    def restart(operator):
        operator.program("docker-compose", "-p", "practice", "restart", "-t", "60",
                         "tines-sidekiq")
        return "wait"

    def heard_again(operator, debrief, name):
        recovered = [e["at"] for e in operator.world() if e["event"] == "recovered"]
        quieted = [e["at"] for e in operator.world() if e["event"] == "quieted"]
        tap.equal((len(recovered), len(quieted)), (2, 4), name + "all four are told to finish")
        stops = [e["at"] for e in operator.world() if e["event"] == "stopping"
                 and e["service"] == "tines-sidekiq"]
        tap.ok(min(stops, default=0) > max(recovered, default=0),
               name + "none is stopped before it is heard of", stops, recovered)

    def written_down(operator, debrief, name):
        tap.equal(debrief["jobs"]["lost"], 0, name + "nothing is lost all the same")
        tap.equal(debrief["queues"]["total"]["last"], 0, name + "new workers did the jobs")
    careful("stuck", answers={"drain-first": [None] + ["wait"] * 9}, after=heard_again)
    careful("stuck", answers={"drain-first": [restart]})
    careless("stuck", answers={"drain-first": [None] + ["wait"] * 9},
             words={"quiet-sidekiq": [("2 of 4 instances", "skip both are silent for an hour")],
                    "stop-sidekiq": [("2 of 4 instances", "practice/interrupt-jobs")]},
             findings=[("skipped", "quiet-sidekiq"), ("accepted", "stop-sidekiq")],
             after=written_down)
    careless("stuck", answers={"drain-first": ["skip they will come back"]},
             words={"quiet-sidekiq": [("no worker of it reports", "practice/leave-queued"),
                                      ("no worker of it reports", "stop")]},
             status=3, says="no worker of it reports",
             findings=[("skipped", "drain-first")])


def long_job():
    def waited(operator, debrief, name):
        tap.ok(debrief["ended_s"] > 8 * 60, name + "it was waited for", debrief["ended_s"])

    def interrupted(operator, debrief, name):
        tap.equal(debrief["jobs"]["handed_back"], 1, name + "the job has to begin anew")
    careful("long-job", after=waited)
    careless("long-job",
             words={"quiet-sidekiq": [("of 10 busy", "practice/leave-queued"),
                                      ("1 job still busy", "skip the report can wait")],
                    "stop-sidekiq": [("1 job still busy", "practice/interrupt-jobs")]},
             findings=[("accepted", "stop-sidekiq"), ("skipped", "quiet-sidekiq")],
             after=interrupted)


def slow_stop():
    def took(operator, debrief, name):
        steps = {s["step"]: s["ended_s"] - s["began_s"] for s in debrief["steps"]}
        tap.ok(steps["stop-redis"] >= 75, name + "Redis had its time", steps)
        tap.ok(steps["stop-postgres"] >= 150, name + "Postgres had its time", steps)
        killed = [e for e in operator.world() if e.get("exit") == 137]
        tap.equal([e["service"] for e in killed], ["pypi-server"],
                  name + "only pypi-server is killed")
    careful("slow-stop", after=took)
    careless("slow-stop", answers={"stop-postgres": ["skip it takes far too long"],
                                   "all-down": ["stop"]},
             status=1, says="postgres: 1 running",
             findings=[("skipped", "stop-postgres")])


def stop_fails():
    def said(operator, debrief, name):
        tap.contains(operator.text(), "An HTTP request took too long",
                     name + "what the platform said is shown")
    careful("stop-fails", answers={"stop-tines-app": [None, "retry"]}, after=said)
    careless("stop-fails",
             answers={"stop-tines-app": [None, "skip it will be down by now"]},
             words={"quiet-sidekiq": [("tines-app: 2 running, 0 wanted", "stop")]},
             status=3, says="tines-app: 2 running, 0 wanted",
             findings=[("failure-skipped", "stop-tines-app")])


def redis_flaps():
    def gaps(operator, debrief, name):
        tap.contains(operator.text(), "no sample for too long before this one",
                     name + "what was before a gap does not count")
    careful("redis-flaps", answers={"drain-first": ["wait"] * 9}, after=gaps)
    careless("redis-flaps", answers={"drain-first": ["wait"] * 9},
             words={"quiet-sidekiq": [("", "practice/leave-queued")]},
             findings=[("accepted", "quiet-sidekiq")])


def redis_forgets():
    def kept(operator, debrief, name):
        saved = [e for e in operator.world() if e["event"] == "saved"]
        tap.equal([e["jobs"] for e in saved], [4], name + "four jobs are in a snapshot")

    def lost(operator, debrief, name):
        tap.equal(debrief["jobs"]["lost"], 4, name + "four jobs are lost")
    careful("redis-forgets", after=kept)
    careless("redis-forgets", answers={"stop-redis": ["practice/lose-queues"]},
             findings=[("accepted", "stop-redis")], after=lost)


def wrong_target():
    """No word leads on from there: not the first time, and not by trying again."""
    for _ in range(2):
        with Operator("wrong-target") as operator:
            tap.equal(operator.play(), 3, "wrong-target: it is refused") \
                or tap.note(operator.text())
            tap.ok(re.search("identity|tines-staging", operator.text()),
                   "wrong-target: it says why", operator.text())
            tap.contains(operator.text(), "the site file says practice; stop here",
                         "wrong-target: and what is right to do")
            tap.ok("--pin" not in operator.text() and "to go on" not in operator.text(),
                   "wrong-target: it advises nothing that leads nowhere", operator.text())
            tap.equal([e for e in operator.world() if e["event"] == "stopping"], [],
                      "wrong-target: nothing was stopped")
            tap.equal(operator.debrief()["state"] == "finished", False,
                      "wrong-target: it is not finished")
            tap.ok(operator.play("resume", operator.run_name()) != 0,
                   "wrong-target: resume does not lead on") or tap.note(operator.text())


def dropped_line():
    with Operator("dropped-line") as operator:
        name = "dropped-line, careful: "
        tap.ok(operator.play() != 0, name + "the line is cut") or tap.note(operator.text())
        tap.contains(operator.text(), "handrail attach", name + "it says how to come back")
        tap.equal(operator.play("attach", operator.run_name()), 0,
                  name + "attach comes to the end") or tap.note(operator.text())
        debrief = operator.debrief()
        tap.equal((debrief["safe"], debrief["jobs"]["lost"]), (True, 0),
                  name + "nothing left the safe course") or tap.note(debrief["findings"])
        stops = [e for e in operator.world()
                 if e["event"] == "stopping" and e["service"] == "tines-sidekiq"]
        tap.equal(len(stops), 2, name + "each of the two was told to stop once")
    with Operator("dropped-line", answers={"stop-redis": ["stop"]}) as operator:
        name = "dropped-line, careless: "
        operator.play()
        operator.program("docker-compose", "-p", "practice", "stop", "redis")  # by hand
        tap.equal(operator.play("attach", operator.run_name()), 3,
                  name + "it is held") or tap.note(operator.text())
        tap.contains(operator.text(), "cannot be connected to",
                     name + "the engine does not go on without Redis")
        rules = [f["rule"] for f in operator.debrief()["findings"]]
        tap.ok("half-down" in rules, name + "the debrief names what is left", rules)


def intruder():
    def back(operator, debrief, name):
        tap.contains(operator.text(), "tines-app: 2 running, 0 wanted",
                     name + "it is seen at once")
        stories = [e["story"] for e in debrief["told"] if e["story"]]
        tap.equal(len(stories), 2, name + "the colleague came and went") or tap.note(stories)
    careful("intruder", after=back)
    careless("intruder",
             words={"quiet-sidekiq": [("tines-app: 2 running", "skip that is not my service")],
                    "stop-sidekiq": [("tines-app: 2 running", "practice/interrupt-jobs"),
                                     ("tines-app: 2 running", "stop")]},
             status=3, says="tines-app: 2 running, 0 wanted",
             findings=[("skipped", "quiet-sidekiq")])


def all_of_them():
    """Whoever adds a scenario says here what it is for."""
    shipped = {os.path.basename(path)[:-len(".yaml")] for path in glob.glob(
        os.path.join(HERE, "..", "..", "runbooks", "practice", "*.yaml"))}
    tap.equal(played, shipped, "every shipped scenario was played")


scenarios = (calm, backlog, growing, stuck, long_job, slow_stop, stop_fails, redis_flaps,
             redis_forgets, wrong_target, dropped_line, intruder)
tap.run(*scenarios, *(() if sys.argv[1:] else (all_of_them,)))

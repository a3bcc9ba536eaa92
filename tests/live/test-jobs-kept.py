#!/usr/bin/python3 -B
"""Jobs in flight when the operator begins: after the guided shutdown and the start-up each
is done or still queued. And a Redis that would forget them is not stopped unasked, nor one
that another answers for.

HANDRAIL_ROUNDS says how often the long tests are done, each on a project of its own."""

import atexit
import collections
import functools
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import bed
import driver
import jobs
import tap

bed.needed()
driver.needed()
engine = bed.Engine()

ROUNDS = int(os.environ.get("HANDRAIL_ROUNDS", "1"))
JOBS = 14
SECONDS = 45
# Fourteen on ten threads come in two turns; then a window, and heartbeats.
JOBS_LIMIT_S = 2 * SECONDS + 120

ANSWERS = {"backup": "snapshot-1", "maintenance-over": "new disks"}
STARTUP = os.path.join(driver.RUNBOOKS, "startup.yaml")
STOPPED = ["tines-app", "tines-sidekiq", "redis"]


def begin(name, seconds=SECONDS):
    """Fourteen jobs on two workers: ten are worked on, four wait."""
    project = bed.Project(engine, name, bed.tines).up()
    project.wait_healthy()
    queues = jobs.Queues(project).workers_up(2)
    put = queues.put("Doze", seconds, times=JOBS)
    bed.wait_until(lambda: queues.busy() == 10, "ten jobs to be worked on")
    return project, queues, driver.Site(project), set(put)


def went_down(project, front, status, name):
    tap.equal(status, 0, name + ": the shutdown ends with status 0") or tap.note(front.text())
    running = project.running()
    return tap.equal({service: running[service] for service in STOPPED},
                     dict.fromkeys(STOPPED, 0), name + ": all is down")


def come_back(project, site, name):
    front = site.run(STARTUP)
    tap.equal(front.play(ANSWERS, limit_s=JOBS_LIMIT_S), 0,
              name + ": the start-up ends with status 0") or tap.note(front.text())
    return jobs.Queues(project)


def count(queues, put, name):
    """Where each of the jobs is. Gives those that are done."""
    in_flight = set()  # worked on again by now
    for process in queues.processes():
        for work in queues.redis("HVALS", process + ":workers"):
            in_flight.add(jobs.json.loads(jobs.json.loads(work)["payload"])["jid"])
    done, waiting = set(queues.done()), set(queues.waiting())
    lost = put - done - waiting - in_flight
    tap.equal(lost, set(), "%s: of %d jobs %d are done, %d queued, %d worked on, none lost"
              % (name, len(put), len(done), len(waiting), len(in_flight)))
    return done


def count_to_the_end(queues, put, name):
    """The same, and that each comes to its end."""
    count(queues, put, name)
    bed.wait_until(lambda: put <= set(queues.done()), "all jobs to be done", JOBS_LIMIT_S)
    twice = [jid for jid, times in collections.Counter(queues.done()).items() if times > 1]
    tap.equal(twice, [], "%s: in the end all are done, none of them twice" % name)
    queues.project.down()


def waited_for(number):
    """The operator does what is asked for."""
    name = "kept-%d" % number
    project, queues, site, put = begin(name)
    began = time.monotonic()
    front = site.run(site.quicker("shutdown"))
    status = front.play(ANSWERS, limit_s=JOBS_LIMIT_S)
    if went_down(project, front, status, name):
        tap.note("%s: down after %.0f s" % (name, time.monotonic() - began))
        count_to_the_end(come_back(project, site, name), put, name)


def hurry_to_quiet(site):
    """Begins a shutdown, and goes on to the step that quiets without waiting for queues."""
    front = site.run(site.quicker("shutdown"))
    front.question("backup")
    front.say("snapshot-1")
    front.waiting()
    front.say("skip the database is failing")
    for step in ("stop-nginx", "stop-tines-app"):
        front.say(front.question(step).go())
    front.find(r"^~ quiet-sidekiq: .*leave-queued")
    front.say("leave-queued")
    return front


def accepted(site):
    return [event["text"] for event in site.last().events("answered")
            if event.get("answer") == "accept"]


def in_a_hurry(number):
    """The operator does not wait for the queues: what has begun is still let finish, and
    what has not begun stays in Redis."""
    name = "hurry-%d" % number
    project, queues, site, put = begin(name)
    front = hurry_to_quiet(site)
    question = front.question("quiet-sidekiq")
    tap.equal(queues.busy(), 10, name + ": ten were worked on when they were quieted")
    front.say(question.go())
    status = front.play(limit_s=JOBS_LIMIT_S)
    tap.equal(len(set(queues.done())), 10, name + ": those ten were let finish")
    tap.equal(accepted(site), ["leave-queued"],
              name + ": the journal says that near zero was not waited for")
    if went_down(project, front, status, name):
        count_to_the_end(come_back(project, site, name), put, name)


def interrupted():
    """The operator does not even wait for those that are worked on: they are handed back."""
    name = "interrupted"
    project, queues, site, put = begin(name, seconds=600)
    front = hurry_to_quiet(site)
    front.say(front.question("quiet-sidekiq").go())
    front.find(r"^~ quiet-sidekiq: .*10 jobs still busy")
    front.say("skip one of them hangs")
    front.find(r"^~ stop-sidekiq: .*interrupt-jobs")
    front.say("interrupt-jobs")
    status = front.play(limit_s=JOBS_LIMIT_S)
    tap.equal(accepted(site), ["leave-queued", "interrupt-jobs"],
              name + ": the journal says what was not waited for")
    if went_down(project, front, status, name):
        done = count(come_back(project, site, name), put, name)
        tap.equal(done, set(), name + ": and all of them were cut off indeed")
    project.down()


def alone(name, keeps):
    """A Redis with a job for tomorrow in it, and the run at its last question but one: whose
    Redis it is was proved by then, and its workers are stopped."""
    project = bed.Project(engine, name, lambda it: bed.tines(it, keeps=keeps, workers=1)).up()
    project.wait_healthy()
    queues = jobs.Queues(project).workers_up(1)
    job = jobs.payload("Doze", 1)
    del job["enqueued_at"]
    queues.redis("ZADD", "schedule", time.time() + 86400, jobs.json.dumps(job))
    site = driver.Site(project)
    site.quicker("shutdown")  # what the runbook below includes
    runbook = site.runbook("redis-alone", """\
handrail: 1
title: Stop Redis as the shutdown does
vars:
  backup-name: { type: text }
steps:
  - id: whose
    title: See whose Redis it is, as drain-first does
    require: [ { redis: { of: tines-sidekiq } } ]
    until:
      - service: { name: [tines-app, tines-sidekiq, tines-command-runner], running: 0 }
  - include:
      file: shutdown.yaml
      except: [drain-first, stop-nginx, stop-tines-app, quiet-sidekiq, stop-sidekiq,
               stop-command-runner, stop-postgres, stop-pypi-server, all-down]
""")
    front = site.run(runbook)
    front.find("^~ whose: tines-app: ")
    project.compose("stop", "tines-app", "tines-sidekiq", "tines-command-runner")
    front.question("backup")
    front.say("snapshot-1")
    return project, queues, site, front


def forgetful(name):
    """One that keeps nothing."""
    project, _, site, front = alone(name, "nothing")
    question = front.question("stop-redis")
    tap.ok(question.takes[:3] == ["y", "wait", "lose-queues"],
           name + ": a Redis that keeps nothing is not stopped; a snapshot is offered", question)
    tap.contains(front.text(), "keeps nothing across a stop", "and why is said")
    return project, site, front


def restarted(project):
    project.compose("start", "redis")
    project.wait_healthy("redis")
    return jobs.Queues(project).redis("ZCARD", "schedule")


def saved_first():
    project, site, front = forgetful("saved")
    front.say("y")
    question = front.question("stop-redis")
    tap.contains(question.text, "redis: 1", "saved, stopping it is asked about")
    tap.equal(project.running()["redis"], 1, "and not done before")
    front.say(question.go())
    tap.equal(front.status(), 0, "then it is stopped") or tap.note(front.text())
    tap.equal(restarted(project), 1, "started again, it still has the job for tomorrow")
    project.down()


def given_up_by_a_word():
    project, site, front = forgetful("given")
    front.say("lose-queue")
    tap.ok("lose-queues" in front.question("stop-redis").takes, "the word has to be right")
    front.say("lose-queues")
    question = front.question("stop-redis")
    tap.equal(project.running()["redis"], 1, "the word alone stops nothing")
    front.say(question.go())
    tap.equal(front.status(), 0, "accepted and confirmed, it is stopped") \
        or tap.note(front.text())
    tap.equal(accepted(site), ["lose-queues"], "the journal says so")
    tap.equal(restarted(project), 0, "and the job for tomorrow is gone indeed")
    project.down()


SNAPSHOT_S = 15  # longer than what Docker gives


def slow_to_write():
    """A snapshot that takes longer than Docker waits is waited for."""
    project, queues, site, front = alone("slow", "snapshots")
    queues.put("Doze", 1, times=JOBS)
    question = front.question("stop-redis")
    tap.contains(front.text(), "reported to in this run", "it is known by who worked from it")
    queues.redis("CONFIG", "SET", "rdb-key-save-delay",
                 SNAPSHOT_S * 1000000 // queues.redis("DBSIZE"))
    began = time.monotonic()
    front.say(question.go())
    tap.equal(front.status(), 0, "stopped, however long it writes") or tap.note(front.text())
    took_s = time.monotonic() - began
    tap.ok(took_s >= SNAPSHOT_S * 0.9, "it did write that long", took_s)
    tap.equal((restarted(project), jobs.Queues(project).size()), (1, JOBS),
              "started again, it has all the jobs")
    project.down()


def another_redis():
    """The site file names another Redis, which keeps its data, and no worker runs that
    could tell: the project's own, which keeps nothing, is not stopped."""
    project = bed.Project(engine, "another",
                          lambda it: bed.tines(it, keeps="nothing", workers=1)).up()
    project.wait_healthy()
    queues = jobs.Queues(project)
    project.compose("stop", "tines-sidekiq")
    queues.put("Doze", 1, times=JOBS)
    folder = engine.folder("r-other")
    other = subprocess.Popen(["redis-server", "--port", "0", "--unixsocket", folder + "/s",
                              "--dir", folder, "--save", "", "--appendonly", "yes"],
                             stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    atexit.register(other.terminate)
    bed.wait_until(lambda: os.path.exists(folder + "/s"), "the other Redis")
    project.sections["redis"] = {"url": "unix://%s/s?db=1" % folder}
    site = driver.Site(project)
    front = site.run(site.quicker("shutdown"))
    front.question("backup")
    front.say("snapshot-1")
    for step in ("stop-nginx", "stop-tines-app", "stop-command-runner"):
        front.say(front.question(step).go())
    match = front.find(r"^~ stop-redis: nothing proves that the Redis at (\S+) is that of .*"
                       r"\(type lose-queues to go on")
    tap.equal(match[1], folder + "/s?db=1", "stop-redis waits, and names the Redis it looks at")
    front.say("stop")
    tap.equal(front.status(), 3, "stopped there") or tap.note(front.text())
    tap.equal([event["step"] for event in site.last().events("asked")
               if event["step"] == "stop-redis"], [], "nothing was asked or offered for it")
    tap.equal((project.running()["redis"], queues.size()), (1, JOBS),
              "the project's own Redis runs, and has its jobs")
    project.down()


def rounds(test):
    """So many tests of it."""
    made = []
    for number in range(1, ROUNDS + 1):
        made.append(functools.partial(test, number))
        made[-1].__name__ = "%s_%d" % (test.__name__, number)
    return made


tap.run(*rounds(waited_for), *rounds(in_a_hurry), interrupted, saved_first,
        given_up_by_a_word, slow_to_write, another_redis, at_a_time=4)

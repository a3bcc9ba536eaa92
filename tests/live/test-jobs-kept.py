#!/usr/bin/python3 -B
"""Jobs in flight when the operator begins: after the guided shutdown and the start-up each
is done or still queued. And a Redis that would forget them is not stopped unasked.

HANDRAIL_ROUNDS says how often the long tests are done, each on a project of its own."""

import collections
import functools
import os
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


def forgetful(name):
    """A Redis that keeps nothing, with a job for tomorrow in it; its workers are stopped."""
    project = bed.Project(engine, name,
                          lambda it: bed.tines(it, keeps="nothing", workers=1)).up()
    project.wait_healthy()
    queues = jobs.Queues(project)
    job = jobs.payload("Doze", 1)
    del job["enqueued_at"]
    queues.redis("ZADD", "schedule", time.time() + 86400, jobs.json.dumps(job))
    project.compose("stop", "tines-app", "tines-sidekiq", "tines-command-runner")
    site = driver.Site(project)
    site.quicker("shutdown")  # what the runbook below includes
    runbook = site.runbook("redis-alone", """\
handrail: 1
title: Stop Redis as the shutdown does
vars:
  backup-name: { type: text }
steps:
  - include:
      file: shutdown.yaml
      except: [drain-first, stop-nginx, stop-tines-app, quiet-sidekiq, stop-sidekiq,
               stop-command-runner, stop-postgres, stop-pypi-server, all-down]
""")
    front = site.run(runbook)
    front.question("backup")
    front.say("snapshot-1")
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


def rounds(test):
    """So many tests of it."""
    made = []
    for number in range(1, ROUNDS + 1):
        made.append(functools.partial(test, number))
        made[-1].__name__ = "%s_%d" % (test.__name__, number)
    return made


tap.run(*rounds(waited_for), *rounds(in_a_hurry), interrupted, saved_first, given_up_by_a_word, at_a_time=4)

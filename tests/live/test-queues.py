#!/usr/bin/python3 -B
"""Real Sidekiq on a real Redis, as `handrail queues` and the checks see it: backlogs that
drain and that do not, bursts, crashed workers, odd names, a Redis that dies."""

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

# Two workers of five threads.
THREADS = 10
# The window of 30 s, and what a loaded machine may take besides.
VERDICT_LIMIT_S = 90

WAIT = """\
handrail: 1
title: Wait for the queues
steps:
  - id: drained
    title: Wait until the queues are near zero
    until: [ { queues: { state: near-zero, window: 30s, of: tines-sidekiq } } ]
    timeout: 10m
"""


def begin(name, **more):
    """A project of Redis and Sidekiq alone, its workers up, and its site."""
    project = bed.Project(engine, name, lambda it: bed.sidekiq(it, **more)).up()
    project.wait_healthy()
    queues = jobs.Queues(project).workers_up(more.get("workers", 2))
    return project, queues, driver.Site(project)


def one(sample, name):
    """What a sample says of a queue."""
    return next((queue for queue in sample.get("queues", []) if queue["name"] == name), None)


def verdicts(watch):
    """The verdicts in their order, each once for every time that it changed."""
    found = []
    for sample in watch.samples:
        if sample.get("verdict") not in found[-1:]:
            found.append(sample.get("verdict"))
    return found


def a_backlog_drains():
    project, queues, site = begin("drains")
    put = queues.put("Doze", 1, times=50 * THREADS)
    watch = site.watch()
    first = watch.verdict("shrinking")
    tap.ok(first["slope_per_s"] < 0 and not first["passes"],
           "a backlog that is worked off is shrinking", first)
    tap.ok(isinstance(first["eta_s"], list) and len(first["eta_s"]) == 3
           and first["eta_s"] == sorted(first["eta_s"]), "with a time and its range", first)
    late = watch.until(lambda sample: sample.get("verdict") == "shrinking"
                       and sample["queues"][0]["size"] < 20 * THREADS, "half of it left")
    empty = watch.until(lambda sample: sample["queues"][0]["size"] <= 5, "it near zero", 90)
    low, middle, high = late["eta_s"]
    took = empty["at"] - late["at"]
    tap.note("half-way: %.0f s foretold (%.0f to %.0f), %.0f s taken" % (middle, low, high, took))
    tap.ok(0.5 * low - 3 <= took <= 2 * high + 3, "and the time comes true", late, empty)
    done = watch.until(lambda sample: sample["passes"], "it near zero", VERDICT_LIMIT_S)
    tap.equal(done["verdict"], "near-zero", "what passes is near zero")
    tap.equal(len(set(queues.done())), len(put), "and every job is done by then")
    idle = [sample for sample in watch.samples
            if sample["at"] > done["at"] - 29 and (sample["busy"] or sample["queues"][0]["size"] > 5)]
    tap.equal(idle, [], "all window long nobody was busy")
    tap.equal(watch.stop(), 0, "ended while it passes: status 0")
    project.down()


def producers_outrun_workers():
    """As the shipped shutdown meets it: more workers are offered, and bring it down."""
    project = bed.Project(engine, "outrun", bed.tines).up()
    project.wait_healthy()
    queues, site = jobs.Queues(project).workers_up(2), driver.Site(project)
    producer = jobs.Producer(queues, 0.5, int(0.75 * THREADS), "Doze", 1)  # 1.5 x what they do
    front = site.run(site.quicker("shutdown"))
    front.question("backup")
    front.say("snapshot-1")
    question = front.question("drain-first", limit_s=VERDICT_LIMIT_S)
    tap.ok("wait" in question.takes and "tines-sidekiq" in question.text,
           "with the queues growing, more workers are offered", question)
    tap.contains(front.text(), "growing", "and why is said")
    tap.equal(site.last().events("command-began"), [], "nothing is done unasked")
    front.say(question.go())
    question = front.question(limit_s=3 * VERDICT_LIMIT_S)
    while question.id == "drain-first" and not question.is_failure():
        front.say("wait")  # two more are enough; what was seen before them does not count
        question = front.question(limit_s=3 * VERDICT_LIMIT_S)
    tap.equal(question.id, "stop-nginx", "with them the queues shrink, and the run goes on") \
        or tap.note(front.text())
    tap.equal(project.running()["tines-sidekiq"], 4, "two were added")
    tap.equal(site.last().events("step-recorded")[0]["ledger"]["tines-sidekiq"]["count"], 2,
              "and the number from before is what was recorded")
    producer.stop()
    front.say("stop")
    front.status()
    project.down()


def jobs_that_enqueue_jobs():
    project, queues, site = begin("breed")
    queues.put("Breed", 0.5, 1.4, times=2 * THREADS)
    watch = site.watch()
    grown = watch.verdict("growing", limit_s=VERDICT_LIMIT_S)
    tap.ok(grown["slope_per_s"] > 0 and not grown["passes"],
           "they grow with nobody putting anything in", grown)
    queues.enough()
    watch.until(lambda sample: sample["passes"], "them near zero", 2 * VERDICT_LIMIT_S)
    tap.ok(True, "and are near zero when that ends")
    tap.equal([sample for sample in watch.samples
               if sample["passes"] and sample["verdict"] == "growing"], [],
              "growing never passed")
    tap.note(" ".join(map(str, verdicts(watch))))
    watch.stop()
    project.down()


def what_nobody_consumes_is_named():
    """And its age is that of the job, not of what a job carries along."""
    project, queues, site = begin("nobody")
    queues.put("Doze", 1, times=12, queue="reports")
    now = time.time()
    inner = {"job_class": "Mail", "arguments": [], "enqueued_at": "2020-01-01T00:00:00Z"}
    for queue, enqueued in (("mailers", now - 100), ("mailers-8", int((now - 50) * 1000))):
        first = {"args": [inner], "queue": queue, "class":
                 "ActiveJob::QueueAdapters::SidekiqAdapter::JobWrapper"}
        queues.redis("SADD", "queues", queue)
        queues.redis("LPUSH", "queue:" + queue, jobs.json.dumps(
            {**first, **jobs.payload(first["class"], inner, queue=queue, enqueued_at=enqueued)}))
    watch = site.watch()
    sample = watch.until(lambda sample: one(sample, "mailers-8"), "the queues")
    for queue, age in (("mailers", 100), ("mailers-8", 50)):
        latency = one(sample, queue)["latency"]
        tap.ok(age - 1 <= latency <= age + 60, "%s: the oldest job is %d s old" % (queue, age),
               sample)
    tap.equal([queue["name"] for queue in sample["queues"] if queue.get("consumed") is False],
              ["mailers", "mailers-8", "reports"], "what nobody takes from is told apart") \
        or tap.note(sample)
    watch.stop()

    front = site.run(site.runbook("wait", WAIT))
    front.find(r"^~ drained: .*nobody consumes .*reports", limit_s=VERDICT_LIMIT_S)
    tap.ok(True, "the check names it")
    queues.redis("DEL", "queue:reports", "queue:mailers", "queue:mailers-8")
    tap.equal(front.play(limit_s=VERDICT_LIMIT_S), 0, "and holds when it is gone") \
        or tap.note(front.text())
    project.down()


def bursts_are_not_near_zero():
    """60 jobs every 20 s, worked off in 3: any window of 30 s has one in it."""
    project, queues, site = begin("bursts")
    producer = jobs.Producer(queues, 20, 60, "Doze", 0.5)
    watch = site.watch()
    began = watch.until(lambda sample: "at" in sample, "a sample")["at"]
    watch.until(lambda sample: sample["at"] > began + 75, "75 s of them", 120)
    tap.equal([sample for sample in watch.samples if sample["passes"]], [],
              "bursts were not near zero at any time")
    tap.ok(sum(sample["queues"][0]["size"] == 0 for sample in watch.samples
               if sample["queues"]) > 30, "although the queue was empty most of the time")
    producer.stop()
    watch.until(lambda sample: sample["passes"], "it near zero", VERDICT_LIMIT_S)
    tap.ok(True, "without them it is")
    watch.stop()
    project.down()


def nobody_works():
    project, queues, site = begin("stuck")
    project.compose("stop", "tines-sidekiq")
    queues.put("Doze", 1, times=10)
    watch = site.watch()
    sample = watch.verdict("stuck", limit_s=VERDICT_LIMIT_S)
    tap.ok(not sample["passes"], "a queue that nobody works at is stuck", sample)
    tap.equal(watch.stop(), 1, "ended while it does not pass: status 1")
    project.compose("start", "tines-sidekiq")
    front = site.run(site.runbook("wait", WAIT))
    tap.equal(front.play(limit_s=2 * VERDICT_LIMIT_S), 0,
              "started again, they bring it to near zero") or tap.note(front.text())
    tap.equal(len(queues.done()), 10, "by working it off")
    project.down()


def a_crashed_worker_is_not_counted():
    project, queues, site = begin("crashed")
    queues.put("Doze", 600, times=THREADS)
    watch = site.watch()
    watch.until(lambda sample: sample.get("busy") == THREADS, "all of them busy")
    victim = project.inspect()["tines-sidekiq"][0]
    engine.docker("kill", "-s", "KILL", victim["Id"])
    sample = watch.until(lambda sample: sample["busy"] == THREADS // 2, "half of them busy")
    names = [name for name in queues.processes()]
    host = victim["Config"]["Hostname"]
    listed = [name.decode() for name in queues.redis("SMEMBERS", "processes")]
    tap.ok(any(name.startswith(host) for name in listed),
           "Redis still has the name of the one that crashed", listed, names)
    tap.equal(len(sample["processes"]), 1, "only the one that lives is counted") \
        or tap.note(sample)
    tap.ok(any(name.startswith(host) for name in sample.get("gone", [])),
           "the other one is said to be gone", sample)
    watch.stop()
    project.down()


NAMES = ["a b", 'quo"te\'s', "$(id)", "esc\x1b[31mred\x1b]0;title\x07", "new\nline", "tab\there",
         "очередь", "right\u202eto left", "back\\slash", "a:b"]


def odd_names():
    project, queues, site = begin("odd", queues=NAMES)
    put = [jid for name in NAMES for jid in queues.put("Doze", 2, times=12, queue=name)]
    watch = site.watch()
    sample = watch.until(lambda sample: len(sample.get("queues", [])) >= len(NAMES), "them all")
    tap.equal(sorted(queue["name"] for queue in sample["queues"]), sorted(NAMES),
              "each stands in the JSON as it is")
    tap.equal([queue for queue in sample["queues"] if queue.get("consumed") is False], [],
              "and is known to be consumed")
    watch.until(lambda sample: sample["passes"], "them near zero", 2 * VERDICT_LIMIT_S)
    tap.equal(len(set(queues.done())), len(put), "all were worked off")
    watch.stop()
    for name in NAMES:
        queues.put("Doze", 1, times=3, queue="un" + name)  # nobody consumes these
    front = site.run(site.runbook("wait", WAIT))
    front.find(r"^~ drained: .*nobody consumes", limit_s=VERDICT_LIMIT_S)
    front.say("stop")
    front.status()
    loose = [line for line in front.said
             if any(not char.isprintable() for char in line)]
    tap.equal(loose, [], "nothing unprintable reaches the terminal")
    project.down()


def redis_dies_meanwhile():
    """Nothing stale passes; sampling goes on by itself."""
    project, queues, site = begin("dies")
    front = site.run(site.runbook("wait", WAIT))
    watch = site.watch()
    watch.until(lambda sample: "busy" in sample, "a sample")
    victim = project.inspect()["redis"][0]["Id"]
    engine.docker("kill", "-s", "KILL", victim)
    gone = watch.verdict("stale")
    tap.ok(gone.get("error") and not gone["passes"] and gone["slope_per_s"] is None,
           "without its Redis it is stale, and why is said", gone)
    front.find(r"^~ drained: .*", limit_s=30)
    killed = time.time()
    engine.docker("start", victim)
    back = watch.until(lambda sample: "busy" in sample and not sample.get("error"),
                       "a sample again")
    tap.note("sampled again %.1f s after the start" % (back["at"] - killed))
    passed = watch.until(lambda sample: sample["passes"], "it near zero", VERDICT_LIMIT_S)
    tap.ok(passed["at"] - back["at"] > 28, "the window began anew", back, passed)
    tap.equal(front.play(limit_s=VERDICT_LIMIT_S), 0, "the run waited for it too") \
        or tap.note(front.text())
    done = site.last().events("step-done")[-1]
    tap.ok(done, "and its step is done")
    watch.stop()
    project.down()


def check_queues_only_looks():
    """The shipped runbook: a verdict after the window, and nothing done for it."""
    project, queues, site = begin("looks")
    runbook = site.quicker("check-queues", timeout="40s")
    front = site.run(runbook)
    tap.equal(front.play(limit_s=VERDICT_LIMIT_S), 0, "idle queues pass") \
        or tap.note(front.text())
    tap.contains(front.text(), "near zero (0 queued) for 30s", "as near zero all window long")
    project.compose("stop", "tines-sidekiq")
    queues.put("Doze", 1, times=10)
    front = site.run(runbook)
    question = front.question("worked-off", limit_s=VERDICT_LIMIT_S)
    tap.ok(question.is_failure(), "queues that nobody works at do not", question)
    tap.contains(front.text(), "stuck: 10 queued", "and what they are is said")
    front.say("stop")
    tap.ok(front.status() in (1, 3), "which its status says, too")
    tap.equal([event for run in site.runs() for event in run.events("command-began")], [],
              "no command was run")
    project.down()


tap.run(producers_outrun_workers, odd_names, jobs_that_enqueue_jobs, a_backlog_drains,
        bursts_are_not_near_zero, redis_dies_meanwhile, nobody_works,
        what_nobody_consumes_is_named, a_crashed_worker_is_not_counted,
        check_queues_only_looks, at_a_time=5)

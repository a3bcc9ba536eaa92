#!/usr/bin/python3
"""`handrail queues --site` and doctor, on a real Redis.

The keys are those that Sidekiq writes, by hand: what is tried here is what is seen of
them and said, not Sidekiq. Whatever takes its time runs beside the rest.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

import tap

BUILD = os.environ.get("HANDRAIL_BUILDDIR") or os.path.join(
    os.path.dirname(os.path.abspath(__file__)), "..", "..", "build")
LIMIT_S = 120  # only bounds a hang

SITE = """\
handrail-site: 1
name: lab
production: false
platform: { compose: { project: shop } }
services: { web: {} }
redis: { url: "unix://%s?db=%d" }
"""

# An engine without containers: doctor says so, and goes on to Redis.
DOCKER = """\
#!/bin/sh
test "$1" = info && echo '{"ID":"ENGINE:1","SystemTime":"2026-11-23T04:10:00Z"}'
exit 0
"""

home = tempfile.TemporaryDirectory(prefix="handrail-queues-")


def write(name, text):
    path = os.path.join(home.name, name)
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, 0o700)
    return path


class Redis:
    """A redis-server on a socket of its own, which keeps what it is given."""

    def __init__(self, name):
        self.folder = os.path.join(home.name, name)
        self.socket = os.path.join(self.folder, "redis.sock")
        os.mkdir(self.folder)
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [shutil.which("redis-server"), "--port", "0", "--unixsocket", self.socket, "--dir",
             self.folder, "--save", "", "--appendonly", "yes", "--appendfsync", "always"],
            stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        end = time.monotonic() + LIMIT_S
        while subprocess.run(["redis-cli", "-s", self.socket, "PING"], capture_output=True,
                             timeout=LIMIT_S).stdout != b"PONG\n":
            if time.monotonic() > end or self.process.poll() is not None:
                raise AssertionError("redis-server does not answer")

    def kill(self):
        self.process.kill()
        self.process.wait(LIMIT_S)

    def call(self, database, *words):
        done = subprocess.run(["redis-cli", "-e", "-s", self.socket, "-n", str(database),
                               *[str(word) for word in words]], capture_output=True,
                              timeout=LIMIT_S)
        if done.returncode:
            raise AssertionError("%r: %r" % (words, done))

    def push(self, database, queue, count):
        """So many jobs that were enqueued now."""
        self.call(database, "SADD", "queues", queue)
        jobs = [json.dumps({"class": "Job", "args": [], "queue": queue, "jid": "j%d" % i,
                            "created_at": time.time(), "enqueued_at": time.time()})
                for i in range(count)]
        if jobs:
            self.call(database, "LPUSH", "queue:" + queue, *jobs)

    def beat(self, database, queues, busy):
        """A worker's sign of life."""
        name, info = "c0ffee:1:0123456789ab", {
            "hostname": "c0ffee", "pid": 1, "concurrency": 10, "queues": queues,
            "identity": "c0ffee:1:0123456789ab"}
        self.call(database, "SADD", "processes", name)
        self.call(database, "HSET", name, "info", json.dumps(info), "busy", busy, "beat",
                  time.time(), "quiet", "false")
        self.call(database, "EXPIRE", name, 60)

    def site(self, database):
        return write("lab-%s-%d.yaml" % (os.path.basename(self.folder), database),
                     SITE % (self.socket, database))


class Watch(threading.Thread):
    """handrail queues; each line is given to `heard`, and ^C when that is true of it."""

    def __init__(self, site, heard, *arguments):
        super().__init__()
        self.arguments = ["--site", site, "--window", "30s", "--interval", "1s", *arguments]
        self.heard = heard
        self.lines = []
        self.status = self.problem = None
        self.start()

    def run(self):
        process = subprocess.Popen(
            [os.path.join(BUILD, "handrail"), "queues", *self.arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="surrogateescape", env=environment())
        limit = threading.Timer(LIMIT_S, process.kill)
        limit.start()
        try:
            for line in process.stdout:
                self.lines.append(line.rstrip("\n"))
                if self.heard(self.lines):
                    process.send_signal(signal.SIGINT)
                    break
            process.stdout.read()
            self.status = process.wait()
        except Exception as problem:
            self.problem = problem
            process.kill()
            process.wait()
        finally:
            limit.cancel()
            process.stdout.close()

    def ended(self):
        self.join()
        if self.problem:
            raise self.problem
        return self.status


def environment():
    return {**os.environ, "HOME": home.name, "LC_ALL": "C.UTF-8",
            "PATH": home.name + ":" + os.environ["PATH"]}


def verdicts(lines):
    return [json.loads(line)["verdict"] for line in lines]


# ---- what takes its time -------------------------------------------------------

def drained(lines):
    """Three jobs that nobody takes out, and nobody busy: near zero, once it has lasted."""
    redis.beat(0, ["default"], 0)
    return verdicts(lines)[-1] == "near-zero"


def grows(lines):
    redis.beat(1, ["default"], 10)
    redis.push(1, "default", 5)
    redis.call(1, "INCRBY", "stat:processed", 3)
    return verdicts(lines)[-1] in ("growing", "near-zero") or len(lines) > 40


def falls(lines):
    redis.beat(2, ["default"], 10)
    redis.call(2, "RPOP", "queue:default", 5)
    redis.call(2, "INCRBY", "stat:processed", 5)
    return verdicts(lines)[-1] in ("shrinking", "near-zero") or len(lines) > 40


def near_zero_is_passed_once_it_has_lasted():
    tap.equal(draining.ended(), 0, "the status is good")
    found = verdicts(draining.lines)
    last = json.loads(draining.lines[-1])
    tap.equal((found[0], found[-1]), ("unknown", "near-zero"), "from the first to the last")
    tap.ok("near-zero" not in found[:-1], "not before", found)
    tap.ok(29 < last["at"] - json.loads(draining.lines[0])["at"] < 60, "after the window")
    tap.ok(last["passes"] and last["queues"][0]["size"] == 3, "with what is left", last)


def growing_is_told_with_the_workers_it_takes():
    tap.equal(growing.ended(), 1, "the status")
    last = json.loads(growing.lines[-1])
    tap.equal((last["verdict"], last["passes"]), ("growing", False), "the verdict")
    tap.ok(last["slope_per_s"] > 0 and last["busy"] == 10 and last["threads"] == 10,
           "the slope and who works", last)


def shrinking_is_told_with_its_time():
    tap.equal(falling.ended(), 1, "the status")
    last = json.loads(falling.lines[-1])
    tap.equal((last["verdict"], last["passes"]), ("shrinking", False), "the verdict")
    low, middle, high = last["eta_s"]
    tap.ok(0 < low <= middle <= high, "the time to near zero", last)


# ---- the rest --------------------------------------------------------------------

def the_first_line_comes_at_once_and_says_it_all():
    name = "a b\x1b[31m\n\u202e'\"\\"
    redis.push(3, "default", 2)
    redis.push(3, name, 7)
    redis.beat(3, ["default"], 1)
    redis.call(3, "ZADD", "retry", "1", "{}")
    redis.call(3, "ZADD", "schedule", "1", "{}", "2", "{ }")
    began = time.monotonic()
    watch = Watch(redis.site(3), lambda lines: len(lines) == 3)
    tap.equal(watch.ended(), 1, "the status")
    tap.ok(time.monotonic() - began < 30, "it took no window")
    tap.contains(watch.lines[0], "in Redis at %s?db=3, every 1s" % redis.socket, "the header")
    for part in ("total 9 ", "1 worker, 1 of 10 busy", "unknown: ", "; nobody consumes ",
                 "a b\\x1B[31m\\n\\u{202E}'\"\\ (7)", "1 to retry, 2 scheduled"):
        tap.contains(watch.lines[2], part, part.strip("; "))
    watch = Watch(redis.site(3), lambda lines: True, "--json")
    watch.ended()
    names = {queue["name"]: queue["size"] for queue in json.loads(watch.lines[0])["queues"]}
    tap.equal(names, {"default": 2, name: 7}, "as JSON every name is itself")


def it_goes_on_after_redis_was_away():
    other = Redis("other")
    seen = {"killed": 0, "failed": 0}

    def heard(lines):
        line = lines[-1]
        if len(lines) == 4:  # two samples
            other.kill()
            seen["killed"] = len(lines)
        elif seen["killed"] and not seen["failed"] and "~ stale: " in line:
            seen["failed"] = len(lines)
            other.start()
        return seen["failed"] and "~ stale: " not in line

    try:
        other.push(0, "default", 4)
        watch = Watch(other.site(0), heard)
        tap.equal(watch.ended(), 1, "the status")
        failed = watch.lines[seen["failed"] - 1]
        tap.ok("redis" in failed.split("~ stale: ")[1].lower(), "why, while it was away", failed)
        tap.contains(watch.lines[-1], "total 4 ", "then it is there again")
    finally:
        other.kill()


def doctor_tells_what_is_wrong_with_redis():
    def doctor(database):
        done = subprocess.run([os.path.join(BUILD, "handrail"), "doctor", "--site",
                               redis.site(database)], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=LIMIT_S, env=environment())
        return [line for line in done.stdout.splitlines() if " redis: " in line]

    redis.beat(4, ["default"], 0)
    lines = doctor(4)
    tap.ok(len(lines) == 1 and lines[0].startswith("ok    redis: answers; ") and
           lines[0].endswith(", master, 1 worker reports to it, keeps its data: append-only file"),
           "nothing", lines)
    lines = doctor(5)
    tap.ok(any(line.startswith("warn  redis: no worker reports to it; ") for line in lines),
           "another database number", lines)
    redis.call(0, "CONFIG", "SET", "appendonly", "no")
    redis.call(0, "CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
    lines = doctor(4)
    tap.ok(any(line.startswith("fail  redis: keeps nothing across a stop: ") for line in lines),
           "that it keeps nothing", lines)
    tap.ok(any("is not noeviction" in line for line in lines), "that it drops jobs", lines)


for program in ("redis-server", "redis-cli"):
    if not shutil.which(program):
        tap.skip_all("there is no %s here; apt-get install redis-server redis-tools" % program)
write("docker", DOCKER)
redis = Redis("redis")
try:
    redis.push(0, "default", 3)
    redis.push(2, "default", 400)
    redis.beat(0, ["default"], 0)
    draining = Watch(redis.site(0), drained, "--json")
    growing = Watch(redis.site(1), grows, "--json")
    falling = Watch(redis.site(2), falls, "--json")
    try:
        tap.run(the_first_line_comes_at_once_and_says_it_all, it_goes_on_after_redis_was_away,
                growing_is_told_with_the_workers_it_takes, shrinking_is_told_with_its_time,
                near_zero_is_passed_once_it_has_lasted, doctor_tells_what_is_wrong_with_redis)
    finally:
        for thread in (draining, growing, falling):
            thread.join()
finally:
    redis.kill()

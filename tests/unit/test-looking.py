#!/usr/bin/python3
"""handrail-runner without a run: looks at a site when it is asked to."""

import json
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "live"))

import tap

BUILD = os.environ.get("HANDRAIL_BUILDDIR") or os.path.join(
    os.path.dirname(os.path.abspath(__file__)), "..", "..", "build")
LIMIT_S = 60  # only bounds a hang

# An engine with one container; "docker info" is the first thing that a look asks.
DOCKER = """\
#!/bin/sh
case "$1" in
info) echo '{"ID":"ENGINE:1","SystemTime":"2026-11-23T04:10:00Z"}' ;;
ps) echo c1 ;;
inspect) echo '[{"Id":"c1","Name":"/shop-web-1","State":{"Status":"running","StartedAt":
"2026-11-23T04:00:01Z"},"Config":{"Labels":{"com.docker.compose.project":"shop",
"com.docker.compose.service":"web"}}}]' ;;
esac
"""

# The first one is a Redis; where the other is, nobody listens, so looks at it fail at once.
SITE = """\
handrail-site: 1
name: lab
production: false
platform: { compose: { project: shop } }
services: { web: {} }
redis: { url: "unix://%s/redis.sock" }
redis-new: { url: "unix://%s/new.sock" }
"""

home = tempfile.TemporaryDirectory(prefix="handrail-looking-")


def write(name, text):
    path = os.path.join(home.name, name)
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, 0o700)
    return path


site = write("lab.yaml", SITE % (home.name, home.name))
write("docker", DOCKER)


def start_redis():
    if not shutil.which("redis-server") or not shutil.which("redis-cli"):
        tap.skip_all("there is no redis-server here; apt-get install redis-server redis-tools")
    path = os.path.join(home.name, "redis.sock")
    server = subprocess.Popen(
        [shutil.which("redis-server"), "--port", "0", "--unixsocket", path, "--dir", home.name,
         "--save", ""], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    end = time.monotonic() + LIMIT_S
    while subprocess.run(["redis-cli", "-s", path, "PING"], capture_output=True,
                         timeout=LIMIT_S).stdout != b"PONG\n":
        if time.monotonic() > end or server.poll() is not None:
            server.kill()
            raise AssertionError("redis-server does not answer")
    return server


class Runner:
    def __init__(self, *arguments):
        self.line, its = socket.socketpair()
        self.buffer = b""
        self.process = subprocess.Popen(
            [os.path.join(BUILD, "handrail-runner"), "look", "--fd", str(its.fileno()),
             *(arguments or ("--site", site))], pass_fds=[its.fileno()],
            env={**os.environ, "PATH": home.name + ":" + os.environ["PATH"]})
        its.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.line.close()
        try:
            self.process.wait(LIMIT_S)
        finally:
            self.process.kill()

    def say(self, *messages):
        self.line.sendall(b"".join(json.dumps(m).encode() + b"\n" for m in messages))

    def line_or_end(self):
        """The next message; None at the end of the line."""
        end = time.monotonic() + LIMIT_S
        while b"\n" not in self.buffer:
            ready, _, _ = select.select([self.line], [], [], max(0, end - time.monotonic()))
            if not ready:
                raise AssertionError("nothing came")
            try:
                piece = self.line.recv(65536)
            except ConnectionResetError:
                piece = b""
            if not piece:
                return None
            self.buffer += piece
        first, self.buffer = self.buffer.split(b"\n", 1)
        return json.loads(first)

    def reading(self):
        message = self.line_or_end()
        if not message or message.get("live") != "reading":
            raise AssertionError("no reading: %r" % message)
        return message["reading"]

    def until(self, wanted):
        """The first reading that `wanted` is true of."""
        while True:
            reading = self.reading()
            if wanted(reading):
                return reading


def boot_us():
    return int(time.clock_gettime(time.CLOCK_BOOTTIME) * 1e6)


def a_look_is_one_reading():
    with Runner() as runner:
        for question in ({"say": "look"}, {"say": "look", "what": "platform"}):
            before = boot_us()
            runner.say(question)
            reading = runner.reading()
            tap.equal(reading["key"], "platform", "the platform")
            tap.ok("services" in reading["body"], "its body", reading)
            tap.ok(reading["began"]["boot_us"] >= before, "began after it was asked")
        for what, key in (("queues", "queues redis"), ("redis", "server redis")):
            runner.say({"say": "look", "what": what})
            reading = runner.reading()
            tap.equal(reading["key"], key, what)
            tap.ok("processes" in reading["body"], "its body", reading)
        runner.say({"say": "look", "what": "redis", "section": "redis-new"})
        reading = runner.reading()
        tap.equal(reading["key"], "server redis-new", "the other section")
        tap.ok(reading["error"] and "body" not in reading, "fails, which is one, too", reading)
        runner.say({"say": "look", "what": "moon"})
        reading = runner.reading()
        tap.ok("moon is nothing that this handrail-runner looks at" in reading["error"],
               "what it does not know", reading)


def looks_are_answered_in_turn():
    with Runner() as runner:
        runner.say({"say": "look"}, {"say": "look", "what": "queues"}, {"say": "look"},
                   {"say": "nothing"}, {"say": "look"})
        readings = [runner.reading() for _ in range(4)]
        tap.equal([reading["key"] for reading in readings],
                  ["platform", "queues redis", "platform", "platform"], "each once")
        for one, other in zip(readings, readings[1:]):
            tap.ok(other["began"]["boot_us"] >= one["ended"]["boot_us"],
                   "each begins when it is its turn")


def what_is_watched_comes_again_and_again():
    watch = {"say": "watch", "what": "queues", "interval_us": 1000}
    with Runner() as runner:
        before = boot_us()
        runner.say(watch)
        readings = [runner.reading() for _ in range(4)]
        tap.equal({reading["key"] for reading in readings}, {"queues redis"}, "four times")
        apart = [other["began"]["boot_us"] - one["ended"]["boot_us"]
                 for one, other in zip(readings, readings[1:])]
        tap.ok(min(apart) >= 250000, "not more often than is good", apart)
        tap.ok(readings[0]["began"]["boot_us"] >= before, "the first one is fresh")
        runner.say({"say": "look"})
        look = runner.until(lambda reading: reading["key"] == "platform")
        tap.ok("body" in look, "a look between them is answered", look)
        runner.until(lambda reading: reading["key"] == "queues redis")
        tap.ok(True, "and it goes on")
        asked = boot_us()
        runner.say({"say": "look", "what": "queues"})
        reading = runner.until(lambda reading: reading["began"]["boot_us"] >= asked)
        tap.equal(reading["key"], "queues redis", "so is a look at the same")
        runner.say({**watch, "section": "redis-new"})
        runner.until(lambda reading: reading["key"] == "queues redis-new")
        tap.equal([runner.reading()["key"] for _ in range(2)], ["queues redis-new"] * 2,
                  "another takes its place")


def a_line_that_is_too_much_is_closed():
    for name, sent in (("too many looks", [{"say": "look"}] * 70),
                       ("too long a line", [{"say": "look", "what": "a" * 70000}])):
        with Runner() as runner:
            try:
                runner.say(*sent)
                while runner.line_or_end():
                    pass
                closed = True
            except BrokenPipeError:
                closed = True
            tap.ok(closed and runner.process.wait(LIMIT_S) == 0, name)


def it_ends_with_its_line():
    with Runner() as runner:
        runner.say({"say": "watch", "what": "queues", "interval_us": 250000})
        runner.reading()
        runner.line.close()
        tap.equal(runner.process.wait(LIMIT_S), 0, "while it watches")


def a_site_that_cannot_be_used_is_refused():
    with Runner("--site", os.path.join(home.name, "other.yaml")) as runner:
        message = runner.line_or_end()
        tap.ok(message.get("refused") and message["status"] in (1, 2), "as a sentence", message)
        tap.equal(runner.line_or_end(), None, "and the line is closed")


redis = start_redis()
try:
    tap.run(a_look_is_one_reading, looks_are_answered_in_turn,
            what_is_watched_comes_again_and_again, a_line_that_is_too_much_is_closed,
            it_ends_with_its_line, a_site_that_cannot_be_used_is_refused)
finally:
    redis.kill()
    redis.wait(LIMIT_S)

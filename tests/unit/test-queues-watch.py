#!/usr/bin/python3
"""`handrail queues --site`, with a runner that says what the test wants.

The program is copied beside a stand-in of handrail-runner, which it finds there. Readings
carry their own times, so that two minutes of them take no time.
"""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "live"))

import tap

BUILD = os.environ.get("HANDRAIL_BUILDDIR") or os.path.join(
    os.path.dirname(os.path.abspath(__file__)), "..", "..", "build")
LIMIT_S = 5  # only bounds a hang

RUNNER = """\
#!/usr/bin/python3
import json, os, socket, sys, time
os.dup2(os.open(os.devnull, os.O_RDWR), 2)  # as the runner does
line = socket.socket(fileno=int(sys.argv[sys.argv.index("--fd") + 1]))
folder = os.path.dirname(os.path.abspath(__file__))
if os.path.exists(os.path.join(folder, "deaf")):
    sys.exit()
asked = line.makefile().readline()
with open(os.path.join(folder, "asked"), "r+") as file:  # it may be gone with its folder
    json.dump({"asked": json.loads(asked), "arguments": sys.argv[1:]}, file)
boot, wall = time.clock_gettime(time.CLOCK_BOOTTIME), time.time()
for step in json.load(open(os.path.join(folder, "steps"))):
    if "raw" in step:
        line.sendall(step["raw"].encode())
        continue
    at = step["at"] + step.get("clock", 0)
    began, ended = ({"boot_us": int((boot + step["at"] - ago) * 1e6),
                     "wall_us": int((wall + at - ago) * 1e6)} for ago in (step.get("took", 0), 0))
    reading = {"key": "queues redis", "began": began, "ended": ended}
    if "error" in step:
        reading["error"] = step["error"]
    else:
        reading["body"] = {"at": began["wall_us"] / 1e6, **step["body"]}
    line.sendall(json.dumps({"live": "reading", "reading": reading}).encode() + b"\\n")
if not os.path.exists(os.path.join(folder, "leaves")):
    line.recv(1)  # nothing more is said; this is the end of the line
"""

SITE = """\
handrail-site: 1
name: lab
production: false
platform: { compose: { project: none } }
services: { web: {} }
redis: { url: "redis://user:hunter22@redis.internal:6380/1" }
"""


def body(size, **more):
    return {"queues": [{"name": "default", "size": size, "latency": 0.5}], "busy": 0,
            "threads": 10, "retry": 0, "scheduled": 0, "dead": 0, "processed": 100,
            "processes": [{"name": "h:1:a", "busy": 0, "threads": 10, "quiet": False}],
            **more}


def series(sizes, until=0, every=2, **more):
    """A sample every two seconds, the last one at `until` (0: now)."""
    count = len(sizes)
    return [{"at": until - every * (count - 1 - i), "body": body(size, **more)}
            for i, size in enumerate(sizes)]


class Bench:
    """A folder with the program, its stand-in runner, and a site."""

    def __init__(self, steps, site=SITE, runner=RUNNER, **marks):
        self.folder = tempfile.mkdtemp(prefix="handrail-queues-")
        self.program = shutil.copy(os.path.join(BUILD, "handrail"), self.folder)
        self.write("steps", json.dumps(steps))
        self.write("lab.yaml", site)
        self.write("asked", "")
        for mark in marks:
            self.write(mark, "")
        if runner:
            os.chmod(self.write("handrail-runner", runner), 0o700)

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w") as file:
            file.write(text)
        return path

    def asked(self):
        with open(os.path.join(self.folder, "asked")) as file:
            return json.load(file)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)

    def watch(self, *arguments, **options):
        return Watch(self, arguments, options)


class Watch:
    """handrail queues --site, as it runs."""

    def __init__(self, bench, arguments, options):
        self.process = subprocess.Popen(
            [bench.program, "queues", "--site", os.path.join(bench.folder, "lab.yaml"),
             *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, cwd=bench.folder,
            env={"PATH": os.environ["PATH"], "HOME": bench.folder, "LC_ALL": "C.UTF-8",
                 **{name: value for name, value in os.environ.items() if "SAN_" in name}},
            **options)
        self.printed = b""

    def lines(self, count):
        """The first `count` lines, which must come."""
        end = time.monotonic() + LIMIT_S
        while self.printed.count(b"\n") < count:
            ready, _, _ = select.select([self.process.stdout], [], [],
                                        max(0, end - time.monotonic()))
            got = os.read(self.process.stdout.fileno(), 65536) if ready else b""
            if not got:
                raise AssertionError("%d lines did not come: %r" % (count, self.printed))
            self.printed += got
        return self.printed.decode().splitlines()[:count]

    def end(self, number=None):
        """Its status and what it said besides, after that signal."""
        if number:
            self.process.send_signal(number)
        rest, errors = self.process.communicate(timeout=LIMIT_S)
        self.printed += rest
        return self.process.returncode, errors.decode()


def ends_with(steps, count, number=signal.SIGINT, arguments=("--window", "30s")):
    """The lines of a watch that is ended after `count` of them, and its status."""
    with Bench(steps) as bench:
        watch = bench.watch(*arguments)
        lines = watch.lines(count)
        return lines, watch.end(number)


def it_begins_with_a_header_and_the_first_sample():
    with Bench(series([3])) as bench:
        watch = bench.watch()
        lines = watch.lines(3)
        status, errors = watch.end(signal.SIGINT)
        tap.equal(lines[:2], [
            "= lab: the job queues in Redis at redis.internal:6380/1, every 2s",
            "= near zero: at most 5 queued and nobody busy, in every sample for 2m; ^C ends",
        ], "the header says what is watched, without the password")
        tap.ok("total 3       1 worker, 0 of 10 busy" in lines[2] and
               lines[2].endswith("/s  unknown: watched for 0s of 2m"), "then the sample", lines[2])
        tap.equal((status, errors), (1, ""), "which is not enough")
        tap.equal(bench.asked()["asked"], {"say": "watch", "what": "queues",
                                           "section": "redis", "interval_us": 2000000},
                  "the runner was asked to watch")


def what_is_set_reaches_the_runner():
    with Bench(series([3])) as bench:
        watch = bench.watch("--set", "redis.url=redis://other:1/2", "--interval", "5s",
                            "--at-most", "9", "--window", "1m")
        lines = watch.lines(3)
        watch.end(signal.SIGINT)
        tap.ok("other:1/2, every 5s" in lines[0] and "at most 9" in lines[1] and
               "for 1m;" in lines[1], "the header says so", lines)
        asked = bench.asked()
        tap.equal(asked["asked"]["interval_us"], 5000000, "the interval")
        tap.ok("redis.url=redis://other:1/2" in asked["arguments"], "the setting", asked)


def the_status_is_the_last_verdict():
    for name, steps, last, status in (
            ("near zero", series([3] * 20), "near zero for 30s", 0),
            ("growing", series(range(10, 70, 3), busy=1), "growing", 1),
            ("near zero, but only for a part of the window", series([0] * 10), "of 30s", 1),
            ("near zero, and busy", series([0] * 20, busy=1), "steady", 1),
            ("near zero, then a failed look",
             series([3] * 20) + [{"at": 0, "error": "no"}], "~ stale: no", 1),
            ("near zero, but nothing for a minute", series([3] * 20, until=-60),
             "near zero for 30s", 1)):
        lines, (code, errors) = ends_with(steps, len(steps) + 2)
        tap.ok(last in lines[-1], name, lines[-1])
        tap.equal((code, errors), (status, ""), "its status")
    _, (code, _) = ends_with(series([3] * 20), 22, signal.SIGTERM)
    tap.equal(code, 0, "near zero, ended by SIGTERM")


def as_json_the_reading_comes_back():
    steps = series([3] * 20) + [{"at": 0, "error": "Redis is\naway"}]
    lines, (code, errors) = ends_with(steps, 21, arguments=("--window", "30s", "--json"))
    first, last, failed = (json.loads(lines[i]) for i in (0, 19, 20))
    tap.equal((first["verdict"], first["passes"], first["slope_per_s"], first["eta_s"]),
              ("unknown", False, None, None), "the first sample")
    tap.equal((last["verdict"], last["passes"], last["slope_per_s"], last["eta_s"]),
              ("near-zero", True, 0.0, None), "the last one")
    tap.equal(last["queues"][0], {"name": "default", "size": 3, "latency": 0.5,
                                  "verdict": "near-zero", "slope_per_s": 0.0,
                                  "eta_s": None, "passes": True}, "each queue")
    tap.equal({name: last[name] for name in body(3) if name != "queues"},
              {name: value for name, value in body(3).items() if name != "queues"},
              "and all else is there")
    tap.ok(abs(failed.pop("at") - time.time()) < LIMIT_S, "a failed look has a time")
    tap.equal(failed, {"verdict": "stale", "error": "Redis is\\naway", "passes": False,
                       "slope_per_s": None, "eta_s": None}, "and is stale")
    tap.equal((code, errors), (1, ""), "the status")


def what_is_printed_replays_the_same():
    """Answers that took their time, so that looks began at other intervals than they ended:
    one that seems to be a gap is none, and the other way about."""
    steps = series([3] * 20 + list(range(3, 63, 3)) + [2] * 20)
    for number, took in ((8, 1.9), (9, 4.5), (24, 4.9), (45, 3.1)):
        steps[number]["took"] = took
    for step in steps[50:]:
        step["at"] += 5.5
    steps[50]["took"] = 5.5
    arguments = ("--window", "30s", "--json")
    lines, _ = ends_with(steps, len(steps), arguments=arguments)
    with Bench([]) as bench:
        samples = bench.write("samples.jsonl", "".join(line + "\n" for line in lines))
        replayed = subprocess.run([bench.program, "queues", "--replay", samples, *arguments],
                                  capture_output=True, text=True, timeout=LIMIT_S, check=False)
    again = replayed.stdout.splitlines()
    verdicts = [[(one["at"], one["verdict"], one["passes"]) for one in map(json.loads, some)]
                for some in (lines, again)]
    tap.equal(verdicts[1], verdicts[0], "its own output replayed, it judges the same")
    tap.ok({"near-zero", "stuck", "stale"} <= {one[1] for one in verdicts[0]},
           "and there are things to judge", verdicts[0])


def a_step_of_the_clock_does_no_harm():
    steps = series([3] * 20)
    for step in steps[10:]:
        step["clock"] = -3600
    lines, (code, _) = ends_with(steps, 22)
    tap.ok(lines[-1].endswith("near zero for 30s"), "an hour back", lines[-1])
    tap.ok(not [line for line in lines if "stale" in line], "is no gap", lines)
    tap.equal(code, 0, "and the status is good")


def a_failed_look_and_a_wrong_reading_are_stale():
    steps = series([3] * 3) + [
        {"at": 0, "error": "user:hunter22@redis.internal refuses\x1b[2J"},
        {"at": 0, "body": {"queues": "none"}}, *series([3])]
    lines, (code, _) = ends_with(steps, 8)
    tap.ok(lines[5].endswith("  ~ stale: user:***@redis.internal refuses\\x1B[2J"),
           "the reason, without the password, printable", lines[5])
    tap.ok('~ stale: "queues" is no list' in lines[6], "a reading that is none", lines[6])
    tap.ok("total 3" in lines[7], "and it goes on", lines[7])
    tap.equal(code, 1, "the status")


def any_name_stays_on_its_line():
    name = "\x1b[m\n\r\u202ex \u0436\x9b\x7f"
    sample = body(0)
    sample["queues"] = [{"name": name, "size": 9, "consumed": False},
                        {"name": "b" * 4000, "size": 1, "paused": True}]
    steps = [{"at": 0, "body": sample}]
    with Bench(steps) as bench:
        watch = bench.watch()
        watch.lines(3)
        watch.end(signal.SIGINT)
        text = watch.printed.decode()
        tap.equal(text.count("\n"), 3, "one line")
        tap.ok(not [c for c in text if c != "\n" and (ord(c) < 32 or c in "\u202e\x9b\x7f")],
               "all of it printable", repr(text))
        tap.contains(text,
                     "nobody consumes \\x1B[m\\n\\x0D\\u{202E}x \u0436\\u{009B}\\x7F (9); paused: bbb",
                     "the name is told")
        tap.ok(len(text) < 500, "a long one is cut", text)
    lines, _ = ends_with(steps, 1, arguments=("--json",))
    tap.equal(json.loads(lines[0])["queues"][0]["name"], name, "and as JSON it is itself")


def whoever_reads_may_leave():
    for name, count, wanted in (("while lines are printed", 2, (0, 1, -signal.SIGPIPE)),
                                ("after the last one", 22, (0,))):
        with Bench(series([3] * 20)) as bench:
            watch = bench.watch("--window", "30s")
            watch.lines(count)
            watch.process.stdout.close()  # as `head` does
            status = watch.process.wait(LIMIT_S)
            errors = watch.process.stderr.read()
            watch.process.stderr.close()
            tap.ok(status in wanted, "it ends " + name, status)
            tap.equal(errors, b"", "quietly")


def the_runner_may_fail():
    refusal = {"refused": "the site is not as it was; look at it", "status": 3,
               "problems": ["lab.yaml:1: what"]}
    for name, steps, marks, status, said in (
            ("it ends", series([3]), {"leaves": 1}, 1, "the runner has ended"),
            ("it ends at once", [], {"deaf": 1}, 1, "the runner has ended"),
            ("it refuses", [{"raw": json.dumps(refusal) + "\n"}], {}, 3,
             "look at it\nlab.yaml:1: what\n"),
            ("it says something else", [{"raw": "{}\n"}], {}, 1, "in the same version"),
            ("it says no JSON", [{"raw": "hello\n"}], {}, 1, "in the same version"),
            ("it never ends its line", [{"raw": "[" * (17 * 1024 * 1024)}], {}, 1,
             "is longer than 16777216 bytes")):
        with Bench(steps, **marks) as bench:
            code, errors = bench.watch().end()
            tap.equal(code, status, name)
            tap.contains(errors, said, "and that is said")


def what_is_closed_is_not_taken_for_the_runner():
    """Started with standard files closed, its line to the runner is none of them."""
    for closed in ((0,), (1,), (2,), (0, 1, 2)):
        with Bench(series([3]), leaves=1) as bench:
            watch = bench.watch(preexec_fn=lambda: [os.close(number) for number in closed])
            code, errors = watch.end()
            tap.equal(bench.asked()["asked"]["say"], "watch", "%s closed" % (closed,))
            tap.ok(code == 1 and (2 in closed or "the runner has ended" in errors),
                   "and it ends as ever", (code, errors))


def without_a_site_nothing_is_watched():
    for name, site, said in (
            ("no redis section", SITE.split("redis:")[0],
             "says nothing of a Redis; add redis: { url: \"redis://HOST:PORT/DATABASE\" }"),
            ("a problem", SITE + "prodction: true\n", "the site cannot be used\n"),
            ("no site", "", "the site cannot be used\n")):
        with Bench([], site=site) as bench:
            code, errors = bench.watch().end()
            tap.equal(code, 1, name)
            tap.contains(errors, said, "and that is said")
            tap.ok("hunter22" not in errors, "without the password", errors)


tap.run(it_begins_with_a_header_and_the_first_sample, what_is_set_reaches_the_runner,
        the_status_is_the_last_verdict, as_json_the_reading_comes_back,
        what_is_printed_replays_the_same, a_step_of_the_clock_does_no_harm, a_failed_look_and_a_wrong_reading_are_stale,
        any_name_stays_on_its_line, whoever_reads_may_leave, the_runner_may_fail,
        what_is_closed_is_not_taken_for_the_runner, without_a_site_nothing_is_watched)

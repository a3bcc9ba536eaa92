#!/usr/bin/env python3
"""What handrail costs, beside a peer measured in the same run: ./dev bench [NAME…]

Ratios travel between machines, milliseconds do not; the target in the last column is of
the machine it was set on. Nothing fails by a figure. The deployment is one container on a
Docker engine of our own (tests/live/bed.py), so this wants root.
"""
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
BUILD = SOURCE / "build"
WORK = BUILD / "bench"
HANDRAIL = BUILD / "handrail"
STEPS = 5_000
EVENTS = 100_000
LINES = 1_000_000

sys.path.insert(0, str(SOURCE / "tests" / "live"))
sys.dont_write_bytecode = True

from measure import ROUNDS, head, median, memory_kib, percentile, row, timed
from screens import screens as all_screens


# ---- a run on a real engine --------------------------------------------------------

class Bed:
    """A compose project of one service, a site file for it and a state folder."""

    def __init__(self):
        import bed
        bed.needed()
        self.engine = bed.Engine()
        self.project = bed.Project(self.engine, "bench", {"web": bed.service(bed.polite())})
        self.project.up()
        self.state = Path(self.engine.folder("state"))
        self.site = self.state / "bench.yaml"
        self.site.write_text(json.dumps({
            "handrail-site": 1, "name": "bench", "production": False,
            "platform": {"compose": {"project": "bench", "directory": self.project.directory,
                                     "engine": self.engine.host}},
            "identity": self.project.identity(), "services": {"web": {}}}))
        self.environment = self.engine.environment(XDG_STATE_HOME=str(self.state),
                                                   XDG_CONFIG_HOME=str(self.state))

    def run(self, steps):
        runbook = self.state / "bench-runbook.yaml"
        runbook.write_text(json.dumps({"handrail": 1, "title": "Bench", "steps": steps}))
        return Session(self, [HANDRAIL, "run", runbook, "--site", self.site, "--plain"])


class Session:
    """A `handrail run --plain` on pipes."""

    def __init__(self, bed, argv):
        self.bed = bed
        self.start = time.perf_counter()
        self.process = subprocess.Popen(argv, env=bed.environment, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        text=True)

    def until(self, beginning):
        """The seconds since the start at which a line begins so."""
        said = []
        for line in self.process.stdout:
            said.append(line)
            if line.startswith(beginning):
                return time.perf_counter() - self.start
        raise RuntimeError("".join(said) or "handrail said nothing")

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def folder(self):
        return max((self.bed.state / "handrail" / "runs").iterdir(),
                   key=lambda path: path.stat().st_mtime_ns)

    def runner(self):
        with open(self.folder() / "journal.jsonl") as journal:
            return json.loads(journal.readline())["pid"]

    def finish(self, *answers):
        for answer in answers:
            self.say(answer)
        self.process.stdin.close()
        self.process.stdout.read()
        return self.process.wait()

    def abandon(self):
        """Leaves no unfinished run in the way of the next."""
        self.finish("stop")
        shutil.rmtree(self.bed.state / "handrail")


ASK = {"id": "ask", "title": "Ask", "ask": {"text": "Which backup covers this?"}}


def first_question(bed):
    """From `handrail run --plain` to the first question, and the runner's size there."""
    times, resident = [], 0
    for _ in range(ROUNDS):
        session = bed.run([ASK])
        times.append(session.until("? ") * 1000)
        resident = max(resident, memory_kib(session.runner(), "VmRSS"))
        session.abandon()
    floor = timed(["true"]) * 1000
    docker = timed(["docker", "ps"], env=bed.engine.environment(
        DOCKER_HOST=bed.engine.host)) * 1000
    row("to the first question", median(times), "docker ps", docker, "<= 50 ms")
    row("", median(times), "fork and exec of true", floor)
    size = subprocess.run(["bash", "-c", "grep VmRSS /proc/self/status"], check=True,
                          capture_output=True, text=True)
    row("resident runner, waiting", resident / 1024, "grep",
        int(size.stdout.split()[1]) / 1024, "<= 16 MiB", "MiB")


def many_lines(bed):
    """A child that prints a million lines while somebody writes notes."""
    program = ['BEGIN { for (i = 1; i <= %d; i++) { print "line", i, "of many that a '
               'command may print"; fflush () } }' % LINES]
    session = bed.run([{"id": "lines", "title": "Print", "confirm": "key",
                        "do": {"run": ["awk", *program]}}])
    session.until("? ")
    folder, runner = session.folder(), session.runner()
    session.say("y")
    started = time.perf_counter()
    answers = note_until_done(folder)
    took = time.perf_counter() - started
    peak = memory_kib(runner, "VmHWM") / 1024 if Path(f"/proc/{runner}").exists() else 0
    session.finish()
    with open(next((folder / "output").iterdir()), "rb") as output:
        kept = sum(1 for line in output if line.startswith(b"line "))
    with open(WORK / "tee", "wb") as copy:
        start = time.perf_counter()
        child = subprocess.Popen(["awk", *program], stdout=subprocess.PIPE)
        subprocess.run(["tee", "/dev/null"], stdin=child.stdout, stdout=copy, check=True)
        child.wait()
        beside = time.perf_counter() - start
    row("1,000,000 lines: thousand lines a second", LINES / took / 1000, "tee",
        LINES / beside / 1000, unit="k/s")
    row("  lines in the step's output file", kept, target=f"= {LINES}", unit="")
    if peak:
        row("  runner's peak", peak, target="bounded", unit="MiB")
    if answers:
        row(f"  answer on the socket, p99 of {len(answers)}",
            percentile(answers, 0.99) * 1000, target="<= 20 ms")


def note_until_done(folder):
    """Sends notes as a second viewer, each when the one before is in the journal's lines;
    gives the seconds each took."""
    times = []
    here = os.open(folder, os.O_PATH)
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(f"/proc/self/fd/{here}/socket")
        lines = line.makefile("r", errors="replace")
        sent = None
        for text in lines:
            message = json.loads(text)
            if message.get("event") == "note" and sent:
                times.append(time.perf_counter() - sent)
                sent = None
            if message.get("event") in ("command-ended", "run-finished"):
                break
            if not sent and message.get("live") != "hello":
                sent = time.perf_counter()
                line.sendall(json.dumps({"say": "note", "text": "n"}).encode() + b"\n")
    os.close(here)
    return times


# ---- without a deployment ------------------------------------------------------------

def check_large(_bed):
    """A runbook of 5,000 steps, read and checked."""
    path = WORK / "large.yaml"
    with open(path, "w") as file:
        file.write("handrail: 1\ntitle: A large runbook\nsteps:\n")
        for number in range(STEPS):
            file.write(f"  - id: step-{number}\n    title: Step number {number}\n"
                       "    why: Because the one before it is done.\n    require:\n"
                       "      - service: { name: web, running: 0 }\n"
                       "      - tcp: { host: db.internal, port: 5432 }\n"
                       "    do: { scale: { service: web, to: 0 } }\n"
                       "    until:\n      - service: { name: web, running: 0 }\n")
    ours = timed([HANDRAIL, "check", path], 5) * 1000
    load = "import sys, yaml; yaml.load(open(sys.argv[1]), yaml.CSafeLoader)"
    peer = ["/usr/bin/python3", "-S", "-c", "import sys; sys.path.append("
            "'/usr/lib/python3/dist-packages'); " + load, path]
    if subprocess.run(peer, stderr=subprocess.DEVNULL, check=False).returncode:
        row("5,000 steps checked", ours, target="<= 100 ms")
    else:
        row("5,000 steps checked", ours, "PyYAML on libyaml", timed(peer, 3) * 1000, "<= 100 ms")


def fold(_bed):
    """A journal of 100,000 events, its chain proved and folded."""
    path, program = WORK / "journal.jsonl", BUILD / "tests" / "bench" / "fold"
    with open(path, "w") as file:
        subprocess.run([program, "write", str(EVENTS)], stdout=file, check=True)

    def once():
        with open(path) as file:
            return float(subprocess.run([program, "read"], stdin=file, check=True, text=True,
                                        capture_output=True).stdout.split()[1])
    start = time.perf_counter()
    with open(path, "rb") as file:
        for line in file:
            json.loads(line)
    parsed = time.perf_counter() - start
    row("100,000 events folded", median([once() for _ in range(5)]) * 1000,
        "Python's json.loads", parsed * 1000, "<= 300 ms")


# ---- queues ---------------------------------------------------------------------------

SAMPLE = BUILD / "tests" / "bench" / "sample"
JOBS = 3
GROWTH = 20_000
# The command of the procedure, in an application of nothing at all; without Rails what it
# asks alone. A real application takes longer to begin.
ASK_SIDEKIQ = ("require 'json'; require 'sidekiq/api'; Sidekiq.logger.level = 3; puts JSON."
               "pretty_generate(Sidekiq::Queue.all.map { |q| { name: q.name, size: q.size, "
               "latency: q.latency, paused: q.paused? } })")
BOOT_RAILS = ("require 'rails/all'; class Bench < Rails::Application; config.eager_load = "
              "false; config.logger = Logger.new(nil); end; Bench.initialize!; ")


class Redis:
    """A redis-server on a free port, filled with queues of jobs."""

    def __init__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""],
            stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            if "Ready to accept" in line:
                break
        self.line = socket.create_connection(("127.0.0.1", self.port))

    def do(self, commands):
        """Pipelines commands, each answered with one short line."""
        packed = []
        for words in commands:
            packed.append(f"*{len(words)}\r\n")
            packed += [f"${len(word)}\r\n{word}\r\n" for word in words]
        self.line.sendall("".join(packed).encode())
        heard = b""
        while heard.count(b"\r\n") < len(commands):
            heard += self.line.recv(65536)

    def fill(self, queues):
        commands = [["FLUSHALL"]]
        for number in range(queues):
            name = f"queue-{number}"
            commands.append(["SADD", "queues", name])
            for job in range(JOBS):
                now = time.time() - job
                commands.append(["LPUSH", f"queue:{name}", json.dumps(
                    {"retry": True, "queue": name, "class": "Worker",
                     "args": [number, "some text", {"key": 1}], "jid": f"{number:024x}",
                     "created_at": now, "enqueued_at": now})])
        self.do(commands)

    def sample(self, *words):
        run = subprocess.run([SAMPLE, str(self.port), *words], check=True, text=True,
                             capture_output=True)
        return [float(word) for word in run.stdout.split()]

    def close(self):
        self.line.close()
        self.process.kill()
        self.process.wait()


def documented(port):
    """(name, seconds) of the documented command, as near as there is here; or None. Rails
    writes secrets, logs and caches below where it is run."""
    environment = os.environ | {"REDIS_URL": f"redis://127.0.0.1:{port}/0"}
    with tempfile.TemporaryDirectory() as folder:
        for name, script in (("rails runner, no application", BOOT_RAILS + ASK_SIDEKIQ),
                             ("ruby -rsidekiq/api", ASK_SIDEKIQ)):
            argv, where = ["ruby", "-e", script], {"env": environment, "cwd": folder}
            if shutil.which("ruby") and subprocess.run(
                    argv, capture_output=True, check=False, **where).returncode == 0:
                return name, timed(argv, 3, stderr=subprocess.DEVNULL, **where)
    return None


def queues(_bed):
    """A sample of all job queues, in microseconds, on a connection that is kept."""
    redis = Redis()
    for count, most in ((5, 1.5), (100, 1.2), (1000, 1.2)):
        redis.fill(count)
        ours, bare = redis.sample()
        row(f"a sample of {count} queues", ours, "hiredis alone", bare, f"<= {most} x", "us")
        slow = documented(redis.port)
        if slow:
            row(f"  {slow[0]}", slow[1] * 1e6, "ours", ours, unit="us")
    redis.fill(100)
    part, resident = redis.sample("watch", "20")
    row("100 queues every 2 s: thousandths of a core", part * 1000, target="<= 3", unit="")
    row("  resident", resident / 1024, unit="MiB")
    before, after = redis.sample("grow", str(GROWTH))
    row(f"  growth over {GROWTH:,} samples", after - before, target="0", unit="KiB")
    redis.close()


def screens(_bed):
    all_screens(SOURCE, BUILD)


BENCHES = {"question": first_question, "check": check_large, "fold": fold, "lines": many_lines,
           "queues": queues, "screens": screens}
ON_BED = {"question", "lines"}


def main(names):
    unknown = set(names) - set(BENCHES)
    if unknown:
        print(f"there is no {', '.join(unknown)}; there are {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    WORK.mkdir(exist_ok=True)
    chosen = [name for name in BENCHES if name in names or not names]
    bed = Bed() if ON_BED & set(chosen) else None
    head()
    for name in chosen:
        BENCHES[name](bed)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""What the screens are measured on: runbooks, sites and runs in a folder of our own, a
`docker` that is a script, and a Redis on a socket whose queues move."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

QUEUES = 10
STEPS = 10
RUNS_OVER = 12

SERVICES = ("nginx", "tines-app", "tines-sidekiq", "tines-command-runner", "pypi-server")


def container(number, service):
    return {"Id": f"c{number}", "Name": f"/shop-c{number}",
            "State": {"Status": "running", "StartedAt": "2026-11-23T04:00:01Z"},
            "Config": {"Labels": {"com.docker.compose.project": "shop",
                                  "com.docker.compose.service": service}}}


def docker(services):
    """What stands in for Docker: it answers at once, and nothing comes of its actions."""
    listed = json.dumps([container(i, name) for i, name in enumerate(services)])
    names = "\n".join(f"c{i}" for i in range(len(services)))
    return ('#!/bin/sh\ncase "$1" in\n'
            'info) echo \'{"ID":"E:1","SystemTime":"2026-11-23T04:10:00Z"}\' ;;\n'
            f"ps) echo '{names}' ;;\ninspect) echo '{listed}' ;;\nesac\n")


def step(number):
    service = SERVICES[number % len(SERVICES)]
    return {"id": f"step-{number}", "title": f"Stop {service}, number {number}",
            "why": f"Because number {number} has to be stopped before the next one is.",
            "require": [{"service": {"name": service, "running": 1}}],
            "do": {"scale": {"service": service, "to": 0}}}


def done(number):
    """One that is done as soon as it is confirmed, and can be undone."""
    return {"id": f"done-{number}", "title": f"Write down number {number}", "confirm": "key",
            "do": {"run": ["true", f"--number={number}"]},
            "undo": {"run": ["true", "--back", f"--number={number}"]}}


ASK = {"id": "ticket", "title": "Name the ticket", "ask": {"text": "Which ticket is this?"}}

# So many lines a second, evenly, until it is told to end.
FLOOD = """
import sys, time
count, begin = 0, time.monotonic()
while True:
    due = int((time.monotonic() - begin) * %d)
    sys.stdout.write("".join("line %%d of many that a command may print\\n" %% i
                             for i in range(count, due)))
    sys.stdout.flush()
    count = due
    time.sleep(0.005)
"""


class World:
    def __init__(self, build, source):
        self.folder = Path(tempfile.mkdtemp(prefix="bench-"))
        self.program = self.put("bin/handrail", (build / "handrail").read_bytes())
        self.put("bin/handrail-runner", (build / "handrail-runner").read_bytes())
        self.put("bin/docker", docker(SERVICES).encode())
        self.config = self.folder / "config" / "handrail"
        self.runbooks = self.config / "runbooks"
        self.environment = {
            "PATH": f"{self.folder}/bin:{os.environ['PATH']}", "HOME": str(self.folder),
            "LANG": "C.UTF-8", "TERM": "xterm-256color", "USER": "bench", "TZ": "UTC",
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "XDG_STATE_HOME": str(self.folder / "state"),
            "XDG_RUNTIME_DIR": str(self.folder)}
        shutil.copytree(source / "runbooks", self.runbooks,
                        ignore=shutil.ignore_patterns("*.c", "*.mk", "*.sh", "sites", "*.json"))
        shutil.copytree(source / "themes", self.config / "themes",
                        ignore=shutil.ignore_patterns("*.mk"))
        self.far = None  # the name of a run in which much is done
        self.redis = Redis(self.folder / "redis.sock")
        self.put_site("lab", False)
        self.put_site("prod", True)
        self.put_runbook("ask", [ASK])
        self.put_runbook("stop", [ASK] + [step(i) for i in range(STEPS)])

    def put(self, name, data):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.chmod(0o700)
        return path

    def put_site(self, name, production):
        self.put_file("sites", name, {
            "handrail-site": 1, "name": name, "production": production,
            "identity": {"engine": "E:1"}, "platform": {"compose": {"project": "shop"}},
            "redis": {"url": f"unix://{self.redis.path}?db=0"},
            "services": {service: {} for service in SERVICES}})

    def put_runbook(self, name, steps):
        self.put_file("runbooks", name, {
            "handrail": 1, "title": f"The runbook {name}", "about": "As an operator has it.",
            "steps": steps})

    def put_file(self, folder, name, members):
        """Each member begins a line, by which a file says what it is."""
        self.put(f"config/handrail/{folder}/{name}.yaml", "".join(
            f"{key}: {json.dumps(value)}\n" for key, value in members.items()).encode())

    def talk(self, runbook, site, *answers):
        """A run in lines, answered so."""
        subprocess.run([self.program, "run", runbook, "--site", site, "--plain"],
                       env=self.environment, text=True, check=False, capture_output=True,
                       input="".join(f"{answer}\n" for answer in answers))

    def latest_run(self):
        return max((self.folder / "state/handrail/runs").iterdir(),
                   key=lambda path: path.stat().st_mtime_ns).name

    def kept(self):
        """As home is after some weeks: runs that are over, and one that was stopped."""
        for number in range(RUNS_OVER):
            self.talk("ask", "lab", f"OPS-{number}")
        self.put_site("staging", False)
        self.talk("stop", "staging", "OPS-100", "stop")

    def close(self):
        self.redis.close()
        for journal in self.folder.glob("state/handrail/runs/*/journal.jsonl"):
            self.end_runner(journal)
        shutil.rmtree(self.folder)

    def end_runner(self, journal):
        """The run goes on without a viewer; its runner is ended by its number, and the
        command that it waits for, a group of its own, before it."""
        with open(journal) as lines:
            pid = json.loads(lines.readline())["pid"]
        try:
            if b"handrail-runner" in Path(f"/proc/{pid}/cmdline").read_bytes():
                for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
                    os.killpg(int(child), 9)
                os.kill(pid, 15)
        except (FileNotFoundError, ProcessLookupError):
            pass


class Redis:
    """A redis-server on a Unix socket with queues as Sidekiq keeps them."""

    def __init__(self, path):
        self.path = path
        self.sizes = [200 * (number + 1) for number in range(QUEUES)]
        self.process = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", str(path), "--save", ""],
            stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            if "ready to accept" in line.lower():
                break
        self.line = socket.socket(socket.AF_UNIX)
        self.line.connect(str(path))
        for number in range(QUEUES):
            self.do("SADD", "queues", f"queue-{number}")
            for _ in range(self.sizes[number]):
                self.push(number)

    def do(self, *words):
        packed = f"*{len(words)}\r\n" + "".join(
            f"${len(str(word))}\r\n{word}\r\n" for word in words)
        self.line.sendall(packed.encode())
        heard = self.line.recv(65536)
        while not heard.endswith(b"\r\n"):
            heard += self.line.recv(65536)

    def push(self, number):
        now = time.time()
        self.do("LPUSH", f"queue:queue-{number}", json.dumps(
            {"queue": f"queue-{number}", "class": "Worker", "args": [number], "retry": True,
             "jid": f"{number:024x}", "created_at": now, "enqueued_at": now}))

    def work(self):
        """Some queues grow and some are worked off, as a busy site's do in a second."""
        for number in range(QUEUES):
            if number % 3 == 0:
                self.push(number)
            else:
                for _ in range(number):
                    self.do("RPOP", f"queue:queue-{number}")

    def close(self):
        self.line.close()
        self.process.kill()
        self.process.wait()

#!/usr/bin/python3
"""docker and docker-compose of a practice run, beside the real ones.

A real project on an engine of its own and a simulated one have the same names. Each is asked
the same, in the same order, and what they print, how they end and what becomes of the
containers is compared. docker's own complaints are worded differently by its versions, so
there a pattern is compared that both must match.
"""

import json
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "unit"))

import bed
import served
import tap

SCENARIO = """\
handrail-practice: 1
title: As the real one
runbook: shutdown
services:
  web: { replicas: 2, starts-in: 0s, stops-in: 0s }
  slow: { starts-in: 0s, stops-in: 1h }
  ok: { checked: true, starts-in: 1s, stops-in: 0s }
"""

# Python, as process 1, that ignores TERM.
DEAF = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: signal.pause()"
TALKS = ("import signal, sys; print('hello'); "
         "signal.signal(signal.SIGTERM, lambda *a: sys.exit(0)); signal.pause()")


class Real:
    def __init__(self, engine):
        self.engine = engine
        self.project = bed.Project(engine, "practice", {
            "web": bed.service(["/usr/bin/python3", "-Su", "-c", TALKS], scale=2),
            "slow": bed.service(["/usr/bin/python3", "-S", "-c", DEAF]),
            "ok": bed.service(bed.polite(), healthcheck={
                "test": ["CMD", "/bin/true"], "interval": "1s"}),
        }).up()
        self.directory = self.project.directory

    def run(self, line, cwd=None):
        words = line if isinstance(line, list) else line.split()
        done = subprocess.run([shutil.which(words[0]), *words[1:]], cwd=cwd or self.directory,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=bed.LIMIT_S, check=False,
                              env=self.engine.environment(DOCKER_HOST=self.engine.host))
        return done.returncode, done.stdout, done.stderr


def without_what_varies(text):
    text = re.sub(r"\b[0-9a-f]{64}\b", "<id>", text)
    text = re.sub(r"\b[0-9a-f]{12}\b", "<short id>", text)
    text = re.sub(r"(?m)[ \t]+$", "", text)
    text = re.sub(r"Traceback .*\n(ValueError)", r"\1", text, flags=re.DOTALL)
    # Which of two that are done at the same time is first, nobody promises.
    return sorted(text.splitlines())


# Lines whose words must be the same, all of them.
SAME = [
    "docker-compose -p practice ps -q",
    "docker-compose -p practice ps -q web",
    "docker-compose -p practice ps nope",
    "docker-compose -p practice stop web",
    "docker-compose -p practice stop web",
    "docker-compose -p practice start web",
    "docker-compose -p practice start web",
    "docker-compose -p practice restart web",
    "docker-compose -p practice stop -t 1 slow",
    "docker-compose -p practice restart -t 1 slow",
    "docker-compose -p practice kill slow",
    "docker-compose -p practice start slow",
    "docker-compose -p practice up -d --no-deps --no-recreate --scale web=4 web",
    "docker-compose -p practice up -d --no-deps --no-recreate -t 1 --scale web=1 web",
    "docker-compose -p practice up -d --no-deps --no-recreate --scale web=1 web",
    "docker-compose -p practice stop web",
    "docker-compose -p practice up -d --no-deps --no-recreate --scale web=2 web",
    "docker-compose -p practice up -d --no-deps --no-recreate --scale web=0 web",
    "docker-compose -p practice stop web",
    "docker-compose -p practice start web",
    "docker-compose -p practice restart web",
    "docker-compose -p practice logs --tail 5 --no-color web",
    "docker-compose -p practice up -d --no-deps --no-recreate --scale web=2 web",
    "docker-compose -p practice stop nope",
    "docker-compose -p practice start nope",
    "docker-compose -p practice restart nope",
    "docker-compose -p practice up -d nope",
    "docker-compose -p practice up -d --scale web=x web",
    "docker-compose -p practice stop -t x web",
    "docker-compose -p practice unpause web",
    "docker-compose -p practice unpause nope",
    "docker-compose -p practice logs nope",
    "docker-compose -p other stop web",
    "docker-compose -p other start web",
    "docker-compose -p other restart web",
    "docker-compose -p other ps",
    "docker-compose -p other logs web",
    "docker-compose -p practice -f nope.yml ps",
    "docker-compose version --short",
    "docker stop practice_web_1",
    "docker stop practice_web_1",
    "docker start practice_web_1",
    "docker start practice_web_1",
    "docker restart -t 1 practice_web_1",
    "docker kill practice_web_1",
    "docker kill practice_web_1",
    "docker kill nope",
    "docker stop nope practice_web_2",
    "docker start nope",
    "docker start practice_web_1 practice_web_2",
    "docker restart nope",
    "docker rm nope",
    "docker rm practice_web_1",
    "docker logs nope",
    "docker inspect nope",
    "docker inspect --format {{.State.Status}} practice_web_1",
    "docker ps -a --filter label=com.docker.compose.project=none",
    "docker ps -q --no-trunc --filter label=com.docker.compose.project=practice",
    "docker ps -aq",
    # Without --scale there are as many as the file says, whatever there was before.
    "docker-compose -p practice up -d web",
    "docker-compose -p practice up -d web",
    "docker-compose -p practice stop web",
    "docker-compose -p practice up -d --no-deps web",
    "docker-compose -p practice up -d --no-deps --scale web=4 web",
    "docker stop practice_web_4",
    "docker-compose -p practice restart web",
    "docker stop practice_web_4",
    "docker-compose -p practice start web",
    "docker stop practice_web_1",
    "docker-compose -p practice ps -q web",
    "docker-compose -p practice stop web",
    "docker-compose -p practice start web",
    "docker-compose -p practice up -d web",
    "docker-compose -p practice up -d --no-recreate web",
    "docker-compose -p practice up -d --scale web=1 web",
    "docker-compose -p practice up -d --no-recreate",
    "docker-compose -p practice up -d -t 1 --scale web=0 --scale slow=0",
    "docker-compose -p practice up -d",
    "docker-compose -p practice up -d",
    "docker-compose -p practice up -d ok web",
    "docker-compose -p practice up -d --scale nope=2 web",
    "docker-compose -p practice up -d --scale web web",
    "docker-compose -p practice up -d --scale =2 web",
    "docker-compose -p practice up -d web nope",
    "docker-compose -p practice up -d --no-deps nope",
    "docker-compose -p practice stop web nope",
    "docker-compose -p practice ps web nope",
    "docker-compose -p practice logs web nope",
    "docker-compose -p practice kill nope",
    "docker-compose -p practice kill web",
    "docker-compose -p practice kill web",
    "docker-compose -p practice restart -t 1",
    "docker-compose -p practice stop -t 1",
    "docker-compose -p practice start",
    "docker-compose -p practice up -d --scale slow=0 slow",
    "docker-compose -p practice start web slow",
    "docker-compose -p practice start slow",
    "docker-compose -p practice up -d",
    "docker rm -f practice_web_1",
    "docker-compose -p practice up -d web",
    "docker-compose -p practice ps -q web",
    # Options stand before services, and names are taken as version 1 takes them.
    "docker-compose -p practice stop web -t 1",
    "docker-compose -p practice ps web -q",
    "docker-compose -p practice logs web --tail 1",
    "docker-compose -p practice up -d web --scale web=1",
    "docker-compose -p practice start -- web",
    "docker-compose -p practice stop -- web",
    "docker-compose -p PRACTICE start web",
    "docker-compose -p pra.ctice ps -q web",
    "docker-compose -p prac_tice ps -q web",
    "docker-compose -p practice stop -t -5 web",
    "docker start nope practice_web_1",
    "docker start nope practice_web_1 none",
    "docker stop -t -5 practice_web_1",
    "docker start practice_web_1",
    "docker ps -q --no-trunc --filter name=^practice_w",
    "docker ps -aq --no-trunc --filter name=web_[12]$",
    "docker ps -q --filter name=(",
    "docker ps --filter status=bogus",
    "docker ps --filter nope=1",
]

# What must be found in both: docker's own words, whatever the version, and usages.
ALIKE = {
    "docker compose version": r"compose' is not a docker command|unknown command: docker compose",
    "docker compose -p x stop": r"unknown shorthand flag: 'p' in -p",
    "docker frobnicate": r"frobnicate' is not a docker command|unknown command: docker frobn",
    "docker ps --frob": r"unknown flag: --frob",
    "docker ps -x": r"unknown shorthand flag: 'x' in -x",
    "docker ps extra": r"'?\"?docker ps'?\"? accepts no arguments",
    "docker stop": r"'?\"?docker stop'?\"? requires at least 1 argument",
    "docker inspect": r"'?\"?docker inspect'?\"? requires at least 1 argument",
    "docker logs a b": r"'?\"?docker logs'?\"? requires (exactly )?1 argument",
    "docker stop -t x practice_web_1": r'invalid argument "x" for "-t, --time(out)?" flag: '
                                       r'strconv.ParseInt: parsing "x": invalid syntax',
    "docker --frob": r"unknown flag: --frob",
    "docker ps --filter nope": r'invalid argument "nope" for "-f, --filter" flag: bad format',
    "docker ps --format {{.Nope}}": r"\.Nope\b",
    "docker ps --format {{json": r"template",
    "docker inspect --format {{.State.Nope}} practice_ok_1": r"\.State\.Nope\b",
    "docker info --format {{.Nope}}": r"\.Nope\b",
    "docker-compose -p practice ps --format json": r"^List containers\.\n\nUsage: ps \[options\]",
    "docker-compose -p practice stop --frob": r"^Stop running containers without removing them",
    "docker-compose -p practice frobnicate": r"^No such command: frobnicate\n\nCommands:\n",
    "docker-compose --frob": r"^Define and run multi-container applications with Docker",
    "docker-compose": r"^Define and run multi-container applications with Docker",
}


def the_same_is_said(real, practice):
    for line in SAME:
        status, out, err = (list(pair) for pair in zip(real.run(line), practice.run(line)))
        if " up " in line:  # how far its lines are filled up depends on which of two is first
            err = [re.sub(r" +\.\.\.", " ...", text) for text in err]
        found = [(status[i], without_what_varies(out[i]), without_what_varies(err[i]))
                 for i in (1, 0)]
        tap.equal(found[0], found[1], line)
        states = [states_of(side) for side in (practice, real)]
        if not tap.equal(states[0], states[1], "and the containers are the same"):
            break  # what follows would be about something else


def states_of(side):
    """Every container, whether it runs, and how it ended."""
    _, out, _ = side.run("docker ps -a --format {{.Names}}|{{.State}}|{{.Status}}")
    found = {}
    for line in out.splitlines():
        name, state, status = line.split("|")
        code = re.match(r"Exited \((\d+)\) ", status)
        found[name] = (state, code and code.group(1))
    return found


def complaints_are_alike(real, practice):
    for line, pattern in ALIKE.items():
        ours, theirs = practice.run(line), real.run(line)
        tap.equal(ours[0], theirs[0], "%s: ends as the real one" % line)
        tap.ok(re.search(pattern, theirs[2]) and re.search(pattern, ours[2]),
               "and says so", ours[2], theirs[2])
        tap.equal(bool(ours[1]), bool(theirs[1]), "and prints nothing else")
    for side in (real, practice):
        for line in ("docker-compose -p practice ps", "docker-compose -p practice stop web"):
            status, out, err = side.run(line, cwd="/")
            tap.ok(status == 1 and not out and "Can't find a suitable configuration" in err,
                   "outside its folder: %s" % line, status, out, err)


def without_an_engine(real, practice):
    """The real one's daemon is named falsely, the simulation's world is ended."""
    wrong = "unix:///nowhere.sock"
    world = practice.say({"end": True})
    tap.ok(world, "the world ends")
    practice.process.wait(served.LIMIT_S)
    for arguments in ("ps", "inspect x", "stop x", "info --format {{json .}}"):
        theirs = real.run(["docker", "-H", wrong, *arguments.split(" ", 2)])
        ours = practice.run(["docker", *arguments.split(" ", 2)])
        tap.equal(ours[0], theirs[0], "docker %s: the status" % arguments)
        says = r"^Cannot connect to the Docker daemon at unix:///\S+\. Is the docker daemon " \
               r"running\?$"
        tap.ok(re.search(says, ours[2], re.M) and re.search(says, theirs[2], re.M), "the words",
               ours[2], theirs[2])
        tap.equal(ours[1][:8], theirs[1][:8], "and what is on standard output")


# ---- shapes -------------------------------------------------------------------------

def kind(value):
    return "number" if isinstance(value, (int, float)) and not isinstance(value, bool) \
        else type(value).__name__


def differences(ours, theirs, path=""):
    """Members of ours that theirs has not, or has of another kind."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name, value in ours.items():
            if name not in theirs:
                yield "%s.%s is not in the real one" % (path, name)
            else:
                yield from differences(value, theirs[name], "%s.%s" % (path, name))
    elif isinstance(ours, list) and isinstance(theirs, list):
        if ours and theirs:
            yield from differences(ours[0], theirs[0], path + "[]")
    elif kind(ours) != kind(theirs) and None not in (ours, theirs):
        yield "%s is %s, in the real one %s" % (path, kind(ours), kind(theirs))


TIME = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"


def shapes_are_the_same(real, practice):
    ours, theirs = (json.loads(side.run(["docker", "info", "--format", "{{json .}}"])[1])
                    for side in (practice, real))
    tap.equal(list(differences(ours, theirs)), [], "docker info")
    for info in (ours, theirs):
        tap.ok(re.match(TIME, info["SystemTime"]) and
               re.match(r"^[A-Z0-9]{4}(:[A-Z0-9]{4}){11}$|^[0-9a-f-]{36}$", info["ID"]),
               "its id and its clock", info["ID"], info["SystemTime"])
    real.run("docker-compose -p practice stop web")
    practice.run("docker-compose -p practice stop web")
    for name in ("practice_ok_1", "practice_slow_1", "practice_web_2"):
        ours, theirs = (json.loads(side.run("docker inspect " + name)[1])
                        for side in (practice, real))
        tap.equal([d for d in differences(ours, theirs) if ".Networks" not in d], [],
                  "docker inspect %s" % name)
        ours, theirs = ours[0], theirs[0]
        tap.equal(sorted(ours["Config"]["Labels"]), sorted(theirs["Config"]["Labels"]), "labels")
        tap.equal("Health" in ours["State"], "Health" in theirs["State"], "health")
        for state in (ours["State"], theirs["State"]):
            tap.ok(re.match(TIME, state["StartedAt"]) and re.match(TIME, state["FinishedAt"]),
                   "times", state)
        same = ("Status", "Running", "Paused", "Restarting", "OOMKilled", "Dead", "ExitCode",
                "Error")
        tap.equal({key: ours["State"][key] for key in same},
                  {key: theirs["State"][key] for key in same}, "state")
        tap.equal(bool(ours["State"]["Pid"]), bool(theirs["State"]["Pid"]), "a process or none")
        tap.equal(ours["Name"], theirs["Name"], "name")
        tap.ok(ours["Id"].startswith(ours["Config"]["Hostname"]) and
               theirs["Id"].startswith(theirs["Config"]["Hostname"]), "host name")


STATUS = r"(Up (Less than a second|\d+ \w+|About an? \w+)( \((healthy|health: starting)\))?" \
         r"|Exited \(\d+\) .* ago)"
ROW = r"^[0-9a-f]{12} {3,}\S+ {3,}\"[^\"]*\" {3,}.* ago {3,}" + STATUS + r" {3,}practice_\w+$"


def tables_are_alike(real, practice):
    for side in (real, practice):
        _, out, _ = side.run("docker ps -a")
        head, *rows = out.splitlines()
        tap.equal(head.split(), "CONTAINER ID IMAGE COMMAND CREATED STATUS PORTS NAMES".split(),
                  "docker ps: the head")
        bad = [row for row in rows if not re.match(ROW, row)]
        tap.ok(rows and not bad, "and the rows", bad)
        _, out, _ = side.run("docker-compose -p practice logs --no-color ok web")
        tap.ok(re.match(r"^Attaching to practice_\w+_\d(, practice_\w+_\d)*\n", out),
               "docker-compose logs", out)
        bad = [line for line in out.splitlines()[1:] if not re.match(r"^(ok|web)_\d {3,}\| ", line)]
        tap.equal(bad, [], "and its lines")
    found = []
    for side in (practice, real):
        _, out, _ = side.run("docker-compose -p practice ps")
        head, rule, *rows = out.splitlines()
        cells = [re.split(r" {2,}", row.strip()) for row in rows]
        widths = {len(line) for line in [rule, *rows]}
        found.append((head.split(), len(widths), [(cell[0], cell[2]) for cell in cells]))
    tap.equal(found[0], found[1], "docker-compose ps")


def main():
    bed.needed()
    engine = bed.Engine()
    with served.Served(SCENARIO) as practice:
        real = Real(engine)
        bed.wait_until(lambda: "healthy" in real.run("docker ps -f name=ok")[1] and
                       "healthy" in practice.run("docker ps -f name=ok")[1], "health")

        def bound(test):
            def bound_test():
                test(real, practice)
            bound_test.__name__ = test.__name__
            return bound_test
        tap.run(*map(bound, (tables_are_alike, the_same_is_said, complaints_are_alike,
                             shapes_are_the_same, without_an_engine)))


if __name__ == "__main__":
    main()

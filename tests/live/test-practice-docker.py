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
import shlex
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

    def run(self, line, cwd=None, env=None):
        words = line if isinstance(line, list) else line.split()
        done = subprocess.run([shutil.which(words[0]), *words[1:]], cwd=cwd or self.directory,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=bed.LIMIT_S, check=False,
                              env={**self.engine.environment(DOCKER_HOST=self.engine.host),
                                   **(env or {})})
        return done.returncode, done.stdout, done.stderr


def ask(side, line):
    """As a shell would take it, with NAME=value before the command."""
    words = shlex.split(line)
    variables = {}
    while re.match("[A-Z_]+=", words[0]):
        name, variables[name] = words.pop(0).split("=", 1)
    return side.run(words, env=variables)


def without_what_varies(text):
    text = re.sub(r"\b[0-9a-f]{64}\b", "<id>", text)
    text = re.sub(r"\b[0-9a-f]{12}\b", "<short id>", text)
    text = re.sub(r"(?m)[ \t]+$", "", text)
    text = re.sub(r"Traceback .*\n(ValueError|docker.errors)", r"\1", text, flags=re.DOTALL)
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
    # What follows a word is a word in docker-compose, and an option in docker.
    "docker-compose stop web --",
    "docker-compose start --",
    "docker-compose start web web",
    "docker-compose stop -- web",
    "docker-compose start web",
    "docker-compose stop -- -t",
    "docker-compose restart web -t 1",
    "docker-compose kill web -s TERM",
    "docker-compose up web -d",
    "docker-compose up -d web -t 1",
    "docker-compose logs web --tail 5",
    "docker-compose -- ps -q",
    "docker-compose stop web web",
    "docker-compose restart web web",
    "docker-compose start web -- slow",
    "docker stop practice_web_2 -t 1",
    "docker start -- practice_web_2",
    # A name that is cut short, once.
    "docker-compose stop --time 1 nope",
    "docker-compose up --no-d --det nope",
    "docker-compose logs --no-c nope",
    "docker-compose stop -t=1 web",
    "docker-compose stop -t -5 web",
    "docker-compose start web",
    "docker stop -t -5 practice_web_2",
    "docker start practice_web_2",
    # Switches with a value, as docker takes them.
    "docker ps --no-trunc=false -q",
    "docker ps -q=true",
    # Projects are named in small letters.
    "docker-compose -p Practice ps -q",
    "docker-compose -p 'prac tice.' ps -q web",
    "docker-compose -p '!!' ps",
    "docker-compose -p '' ps -q web",
    "docker-compose --project-directory /tmp/practice ps -q web",
    "docker-compose --project-directory /tmp -f docker-compose.yml ps -q",
    "docker-compose --project-directory /tmp -p practice ps -q web",
    "docker-compose -f ../practice/docker-compose.yml -f docker-compose.yml ps -q",
    "docker-compose -f docker-compose.yml -f nope.yml ps -q",
    "docker-compose --ansi never ps -q",
    "docker-compose --ansi x ps -q",
    "docker-compose --no-ansi ps -q",
    "docker-compose logs --tail=x web",
    "docker-compose logs --tail=-1 web",
    "docker-compose logs --tail=ALL ok",
    "docker-compose logs --tail= ok",
    "docker-compose logs --tail=00 web",
    # The environment.
    "COMPOSE_PROJECT_NAME=other docker-compose ps",
    "COMPOSE_PROJECT_NAME=Practice docker-compose ps -q web",
    "COMPOSE_PROJECT_NAME=other docker-compose -p practice ps -q web",
    "COMPOSE_PROJECT_NAME= docker-compose ps -q web",
    "COMPOSE_FILE=nope.yml docker-compose ps",
    "COMPOSE_FILE=docker-compose.yml docker-compose ps -q web",
    "COMPOSE_FILE=docker-compose.yml:nope.yml docker-compose ps",
    "COMPOSE_FILE=nope.yml docker-compose -f docker-compose.yml ps -q web",
    "COMPOSE_HTTP_TIMEOUT=x docker-compose ps -q",
    "COMPOSE_HTTP_TIMEOUT=5 docker-compose ps -q web",
    "COMPOSE_PROFILES=x docker-compose ps -q web",
    "DOCKER_TLS_VERIFY= docker ps -q",
    "DOCKER_CERT_PATH=/nope docker ps -q",
    # Templates.
    "docker ps --format '{{.Nope}}'",
    "docker ps --format '{{.Names}} {{.Nope}}'",
    "docker ps --format '{{.Names}}\\n{{.Nope}}'",
    "docker ps --format '{{.Names}}\\t{{.State}}'",
    "docker ps --format '{{.names}}'",
    "docker ps --format '{{.Names.Nope}}'",
    "docker ps --format '{{json .Names}} {{json .Nope}}'",
    "docker ps --format '{{.Names'",
    "docker ps --format '{{Names}}'",
    "docker ps --format '{{}}'",
    "docker ps --format '  {{ .Names }}  '",
    "docker ps -a --filter name=nope --format '{{.Nope}}'",
    "docker ps -a --filter name=nope --format 'table {{.Names}}\\t{{.Status}}'",
    "docker ps -a --format 'table {{.Names}}\\t{{.Label \"com.docker.compose.service\"}}"
    "\\t{{.State}}|{{.State}}'",
    "docker ps -a --format 'table{{.Names}} {{.State}}'",
    "docker ps -a --format 'table {{.Nope}}'",
    "docker ps -a --format tableX",
    "docker inspect --format '{{.Nope}}' practice_web_2 practice_ok_1 nope",
    "docker inspect --format '{{.Nope.Nope}}' practice_web_2",
    "docker inspect --format '{{ .State.Nope }}' practice_web_2",
    "docker inspect --format '{{.State.Health.Status}}' practice_web_2",
    "docker inspect --format '{{.State.Running.Nope}}' practice_web_2",
    "docker inspect --format '{{.HostConfig.LogConfig.Nope.And.More}}' practice_web_2",
    "docker inspect --format '{{.Config.Env.Nope}}' practice_web_2",
    "docker inspect --format '{{.NetworkSettings.Networks.nope}}' practice_web_2",
    "docker inspect --format '{{json .State.Nope}}' practice_web_2",
    "docker inspect --format '{{.Id' practice_web_2",
    "docker inspect --format '{{Id}}' practice_web_2",
    "docker inspect --format '{{index .Config.Labels \"com.docker.compose.service\"}}' "
    "practice_web_2",
    "docker inspect --format '{{index .Config.Labels \"nope\"}}' practice_web_2",
    "docker inspect --format '{{index .State \"Nope\"}}' practice_web_2",
    "docker inspect --format '{{.Name}}|{{.RestartCount}}' practice_web_2 nope",
    "docker inspect --format '{{.Name}}' nope",
    "docker inspect --format '' nope",
    "docker info --format '{{.ID'",
    "docker info --format '{{Nope}}'",
    # Filters.
    "docker ps -a --filter name=^practice_web --format {{.Names}}",
    "docker ps -a --filter name=^/practice_web --format {{.Names}}",
    "docker ps -a --filter name=^web --format {{.Names}}",
    "docker ps -a --filter 'name=web_.$' --format {{.Names}}",
    "docker ps -a --filter 'name=web_1|ok' --format {{.Names}}",
    "docker ps -a --filter 'name=(?i)WEB' --format {{.Names}}",
    "docker ps -a --filter 'name=(?:web|ok)_[[:digit:]]' --format {{.Names}}",
    "docker ps -a --filter 'name=[*+]|ok' --format {{.Names}}",
    "docker ps -a --filter 'name=(?=p)' --format {{.Names}}",
    "docker ps -a --filter 'name=(*ACCEPT)' --format {{.Names}}",
    "docker ps -a --filter 'name=(p)\\1|p' --format {{.Names}}",
    "docker ps -a --filter 'name=p*+' --format {{.Names}}",
    "docker ps -a --filter 'name=(a' --format {{.Names}}",
    "docker ps -a --filter name=WEB --format {{.Names}}",
    "docker ps -a --filter ' Name = web ' --format {{.Names}}",
    "docker ps -a --filter name= --format {{.Names}}",
    "docker ps -a --filter id= --format {{.Names}}",
    "docker ps -a --filter status=",
    "docker ps -a --filter =web",
    "docker ps -a --filter health=bogus",
    "docker ps -a --filter health=none --format {{.Names}}",
    "docker ps -a --filter health=none --filter health=healthy --format {{.Names}}",
    "docker ps -a --filter exited=x",
    "docker-compose stop -t 1 slow",
    "docker ps --filter status=exited --format {{.Names}}",
    "docker ps --filter exited=137 --format {{.Names}}",
    "docker ps --filter exited=136 --filter status=running --format {{.Names}}",
    "docker ps -a --filter name=web --filter status=exited --format {{.Names}}",
    "docker start nope practice_slow_1",
    "docker start practice_slow_1 nope",
    "docker start nope nix",
    "docker kill practice_slow_1 nope",
    "docker rm -f nope",
    "docker-compose up -d",
]

# Both end with a failure; what the simulation says is its own: what is not followed, or what
# would lead elsewhere.
FAILS = {
    "DOCKER_HOST=unix:///nowhere.sock docker ps": "unset DOCKER_HOST",
    "DOCKER_HOST=unix:///nowhere.sock docker-compose ps": "unset DOCKER_HOST",
    "DOCKER_HOST=tcp://127.0.0.1:1 docker stop practice_web_2": "unset DOCKER_HOST",
    "DOCKER_TLS_VERIFY=1 docker ps": "DOCKER_TLS_VERIFY",
    "DOCKER_TLS_VERIFY=1 docker-compose ps": "DOCKER_TLS_VERIFY",
    "DOCKER_API_VERSION=9.9 docker ps": "DOCKER_API_VERSION",
    "COMPOSE_API_VERSION=9.9 docker-compose ps": "COMPOSE_API_VERSION",
    "COMPOSE_PARALLEL_LIMIT=1 docker-compose ps": "COMPOSE_PARALLEL_LIMIT",
    "COMPOSE_FILE=/etc/passwd docker-compose ps": "no compose file but /.*; unset COMPOSE_FILE",
    "docker-compose -f /etc/passwd ps": "no compose file but /.*; leave -f out",
    "docker-compose -f /etc ps": "no compose file but /",
    "docker-compose -f - ps": "no compose file but /",
    "docker -c nope ps": "-c",
    "docker info --format '{{.Nope}}'": "template {{.Nope}}",
    "docker ps -a --filter since=nope": "filter since=nope",
}

# What the original does and the simulation does not: nothing is done, and no script may go on.
REFUSED = [
    "docker exec practice_web_2 true", "docker top practice_web_2", "docker stats --no-stream",
    "docker pause practice_web_2", "docker container ls", "docker images", "docker ps -l",
    "docker ps -n 1", "docker ps --size", "docker ps --filter ancestor=x",
    "docker ps --format '{{upper .Names}}'", "docker ps --format '{{.Size}}'",
    "docker inspect --format '{{.State}}' practice_web_2",
    "docker inspect --format '{{.NetworkSettings.Gateway}}' practice_web_2",
    "docker inspect --size practice_web_2", "docker logs -f practice_web_2",
    "docker logs --since 1m practice_web_2", "docker kill -s TERM practice_web_2",
    "docker stop -s TERM practice_web_2", "docker start -a practice_web_2",
    "docker version --format '{{.Server.Version}}'", "docker --debug ps", "docker help exec",
    "docker-compose exec -T web true", "docker-compose top", "docker-compose config",
    "docker-compose rm -f", "docker-compose down", "docker-compose scale web=1",
    "docker-compose run web true", "docker-compose images", "docker-compose pause web",
    "docker-compose kill -s TERM web", "docker-compose logs -f web",
    "docker-compose ps --services", "docker-compose up web",
    "docker-compose up -d --force-recreate web", "docker-compose --verbose ps",
    "docker-compose --profile x ps", "docker-compose --env-file .env ps",
    "docker-compose help exec", "COMPOSE_PATH_SEPARATOR=, docker-compose ps",
    "DOCKER_CONTEXT=nope docker ps",
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
    "docker ps --no-trunc=x": r'invalid argument "x" for "--no-trunc" flag: strconv.ParseBool: '
                              r'parsing "x": invalid syntax',
    "docker inspect --type bogus x": r'"bogus"',
    "docker help nope": r"^unknown help topic: nope",
    "docker-compose help nope": r"^No such command: nope\n\nCommands:\n",
    "docker-compose ps -q -q": r"^List containers\.\n\nUsage: ps \[options\]",
    "docker-compose ps --quiet=1": r"^List containers\.\n\nUsage: ps \[options\]",
    "docker-compose logs --no web": r"^View output from containers\.\n\nUsage: logs \[options\]",
    "docker-compose --proj x ps": r"^Define and run multi-container applications with Docker",
    "COMPOSE_HTTP_TIMEOUT=0 docker-compose ps": r"(?m)^docker\.errors\.DockerException: .* timeout "
                                               r"to 0, .* less than or equal to 0\.$",
    "docker-compose": r"^Define and run multi-container applications with Docker",
}


def the_same_is_said(real, practice):
    for line in SAME:
        status, out, err = (list(pair) for pair in zip(ask(real, line), ask(practice, line)))
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
        ours, theirs = ask(practice, line), ask(real, line)
        tap.equal(ours[0], theirs[0], "%s: ends as the real one" % line)
        tap.ok(re.search(pattern, theirs[2]) and re.search(pattern, ours[2]),
               "and says so", ours[2], theirs[2])
        tap.equal(bool(ours[1]), bool(theirs[1]), "and prints nothing else")
    for side in (real, practice):
        for line in ("docker-compose -p practice ps", "docker-compose -p practice stop web"):
            status, out, err = side.run(line, cwd="/")
            tap.ok(status == 1 and not out and "Can't find a suitable configuration" in err,
                   "outside its folder: %s" % line, status, out, err)


def what_is_not_here_is_refused(real, practice):
    before = states_of(practice)
    for line, words in FAILS.items():
        ours, theirs = ask(practice, line), ask(real, line)
        tap.ok(ours[0] != 0 and theirs[0] != 0, "%s: both fail" % line, ours, theirs)
        tap.ok(re.search(words, ours[2]), "and it says so", ours)
    for line in REFUSED:
        status, out, err = ask(practice, line)
        program = shlex.split(re.sub("^([A-Z_]+=\\S* )+", "", line))[0]
        tap.ok(status != 0 and not out.strip() and
               re.match(r"%s: (the simulated|in practice) .+\.\n$" % program, err),
               "%s: is refused" % line, status, out, err)
    tap.equal(states_of(practice), before, "and nothing was done")


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
                             what_is_not_here_is_refused, shapes_are_the_same, without_an_engine)))


if __name__ == "__main__":
    main()

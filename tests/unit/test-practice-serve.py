#!/usr/bin/python3
"""The simulated deployment as a process: its folder, its sockets, its stand-ins, its end."""

import http.client
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "live"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import served
import tap
from served import Served, wait_until

SMALL = """\
handrail-practice: 1
title: A small one
runbook: shutdown
services:
  app: { role: application, replicas: 2, starts-in: 1s, stops-in: 1s }
  workers: { role: workers, threads: 2, starts-in: 1s, stops-in: 1s }
  redis: { role: redis, starts-in: 1s, stops-in: 1s }
queues:
  default: { holds: 3, per-minute: 0, shortest: 10s, longest: 20s }
"""


def with_event(event):
    return SMALL + "events:\n  - { %s }\n" % event


# ---- the folder ---------------------------------------------------------------------

def the_folder_has_what_belongs_there():
    with Served("calm") as world:
        tap.equal(sorted(os.listdir(world.path("bin"))),
                  ["docker", "docker-compose", "redis-cli"], "three programs, no other")
        targets = {os.readlink(world.path("bin", name)) for name in os.listdir(world.path("bin"))}
        tap.equal(targets, {os.path.realpath(served.PROGRAM)}, "which are this one")
        tap.equal(sorted(os.listdir(world.folder)),
                  ["bin", "control", "practice", "redis", "site.yaml", "world.jsonl"],
                  "and nothing else is there")
        modes = {name: stat.S_IMODE(os.stat(world.path(name)).st_mode) & 0o77
                 for name in ("bin", "control", "redis", "world.jsonl", "practice")}
        tap.equal(set(modes.values()), {0}, "closed to others")
        done = subprocess.run([os.path.join(served.BUILD, "handrail"), "check",
                               world.path("site.yaml")], capture_output=True, text=True,
                              timeout=served.LIMIT_S, check=False)
        tap.equal(done.returncode, 0, "the site file has no problems") or tap.note(done.stdout)
        with open(world.path("site.yaml")) as file:
            site = file.read()
        tap.contains(site, world.out("docker info --format {{.ID}}").strip(),
                     "it names the engine")
        tap.contains(site, world.hello["health"], "and where the application answers")
        tap.ok("production: false" in site and '"tines-sidekiq": { replicas: 2' in site,
               "and the services", site)
        tap.equal(os.getsid(world.hello["pid"]), world.hello["pid"], "in a session of its own")
        os.kill(world.hello["pid"], signal.SIGHUP)
        tap.ok(world.say({"tally": True}), "a hang-up does not end it")


def what_cannot_be_is_refused():
    calm = os.path.join(served.SCENARIOS, "calm.yaml")
    open_folder, used, fine = (tempfile.mkdtemp(prefix="hp-", dir="/tmp") for _ in range(3))
    os.chmod(open_folder, 0o755)
    os.mkdir(os.path.join(used, "bin"))
    long = os.path.join(fine, "n" * 100)
    os.mkdir(long, 0o700)
    wrong = os.path.join(fine, "wrong.yaml")
    with open(wrong, "w") as file:
        file.write("handrail-practice: 1\ntitle: x\nrunbook: shutdown\nservices: { a: { rol: x } }\n")
    for what, word, options in (
            ("a folder that others see", "chmod 700", (open_folder, calm)),
            ("one that is in use", "bin", (used, calm)),
            ("one that is not there", "yours", (fine + "/none", calm)),
            ("one whose sockets have too long paths", "too long", (long, calm)),
            ("a scenario with a mistake", "handrail check", (fine, wrong)),
            ("one that is not there", "none.yaml", (fine, fine + "/none.yaml")),
            ("what is no file", "plain file", (fine, "/dev/zero")),
            ("no speed", "1 to 1000", (fine, calm, "--speed", "0")),
            ("too much of it", "1 to 1000", (fine, calm, "--speed", "1001"))):
        process, said = served.start(*options)
        tap.equal(process.wait(served.LIMIT_S), 1, "%s is refused" % what)
        tap.contains((said or {}).get("refused", ""), word, "with a sentence")
    for arguments in ([], ["serve"], ["serve", "--frob"], ["other"]):
        done = subprocess.run([served.PROGRAM, *arguments], capture_output=True, text=True,
                              timeout=served.LIMIT_S, check=False)
        tap.ok(done.returncode == 2 and done.stderr, "%r is not how it is started" % arguments)
    for folder in (open_folder, used, fine):
        shutil.rmtree(folder)


def one_that_is_like_another():
    """The other one is beside it, or in the first of the places that has it."""
    like = "handrail-practice: 1\ntitle: Mine\nlike: backlog\nqueues:\n  low: { holds: 7 }\n"
    empty = tempfile.mkdtemp(prefix="hp-", dir="/tmp")
    with Served(like, "--scenarios", empty, "--scenarios", served.SCENARIOS) as world:
        tap.equal(world.out("redis-cli -n 1 SCARD queues"), "2\n", "has what it does not say")
        tap.ok(0 <= int(world.out("redis-cli -n 1 LLEN queue:low")) <= 7, "and what it says")
    try:
        with Served(like, "--scenarios", empty):
            found = "served"
    except RuntimeError as refusal:
        found = str(refusal)
    tap.contains(found, "backlog", "and is refused where there is no such one")
    with open(os.path.join(empty, "backlog.yaml"), "w") as file:
        file.write(SMALL)
    with Served(like.replace("low:", "default:"), "--scenarios", empty, "--scenarios",
                served.SCENARIOS) as world:
        tap.equal(len(world.out("docker ps -q").split()), 4, "the first place goes first")
    shutil.rmtree(empty)


# ---- the stand-ins --------------------------------------------------------------------

def stand_ins_find_their_deployment():
    with Served("calm") as world, Served("calm") as other:
        tap.contains(world.out("docker ps"), "practice_nginx_1", "docker in an empty environment")
        done = subprocess.run(["other-name", "ps"], executable=world.path("bin", "docker"),
                              env={}, cwd="/", capture_output=True, text=True,
                              timeout=served.LIMIT_S, check=False)
        tap.contains(done.stdout, "practice_nginx_1", "whatever it is called in its argv")
        done = subprocess.run(["docker", "stop", "practice_nginx_1"], cwd=world.path("bin"),
                              env={"PATH": "."}, capture_output=True, text=True,
                              timeout=served.LIMIT_S, check=False)
        tap.equal(done.returncode, 0, "and by a relative path") or tap.note(done.stderr)
        names = "docker ps --format {{.Names}}"
        tap.ok("nginx" not in world.out(names) and "nginx" in other.out(names),
               "each one its own")
        status, out, err = world.run("docker inspect practice_redis_1 nope")
        tap.ok(status == 1 and json.loads(out)[0]["Name"] == "/practice_redis_1" and
               err == "Error: No such object: nope\n", "status, out and err are its own", out, err)


def redis_cli_speaks_to_the_redis_beside_it():
    with Served("calm") as world:
        url = world.path("redis")
        tap.equal(world.out("redis-cli -s %s -n 1 SMEMBERS queues" % url).split(),
                  ["default", "low"], "to the socket of the site file")
        processes = world.out("redis-cli -n 1 SMEMBERS processes").split()
        tap.equal(len(processes), 2, "and to that one when none is named")
        status, _, err = world.run("redis-cli -h 192.0.2.1 PING")
        tap.ok(status == 1 and err, "nowhere else", err)


def commands_speak_while_they_last():
    with Served(SMALL.replace("stops-in: 1s }\n  workers", "stops-in: 4s }\n  workers"),
                "--speed", "2") as world:
        process = subprocess.Popen(world.argv("docker-compose stop app"), cwd=world.directory,
                                   env={}, stderr=subprocess.PIPE, text=True)
        first = process.stderr.readline()
        running = world.out("docker ps -q -f name=app").split()
        tap.ok(first.startswith("Stopping practice_app_2 ...") and len(running) == 2,
               "a stop says what it begins, and they still run", first, running)
        rest = process.stderr.read()
        tap.equal(process.wait(served.LIMIT_S), 0, "then it ends")
        tap.contains(rest, "Stopping practice_app_1 ... done", "and says that it is done")
        tap.equal(world.out("docker ps -q -f name=app"), "", "and they do not run any more")


def who_is_killed_leaves_the_rest_undone():
    with Served(SMALL.replace("stops-in: 1s", "stops-in: 9s"), "--speed", "5") as world:
        process = subprocess.Popen(world.argv("docker-compose restart app"),
                                   cwd=world.directory, env={}, stderr=subprocess.PIPE)
        process.stderr.readline()
        process.kill()
        process.wait(served.LIMIT_S)
        process.stderr.close()
        status = "docker ps -a -f name=app --format {{.State}}"
        wait_until(lambda: world.out(status).split() == ["exited"] * 2, "both to stop")
        tap.ok(True, "a restart whose command was killed stops what it was stopping")
        world.out("docker ps")
        tap.equal(world.out(status).split(), ["exited"] * 2, "and starts nothing")


def without_its_world_docker_says_so():
    with Served("calm") as world:
        world.process.kill()
        world.process.wait(served.LIMIT_S)
        status, out, err = world.run("docker ps")
        tap.equal((status, out, err), (1, "", "Cannot connect to the Docker daemon at "
                                       "unix:///var/run/docker.sock. Is the docker daemon "
                                       "running?\n"), "as the original says it")
        tap.equal(world.run("docker-compose ps")[0], 1, "docker-compose too")
    with Served("calm") as world:
        process = subprocess.Popen(world.argv("docker stop practice_nginx_1"), env={},
                                   stderr=subprocess.PIPE, text=True)
        wait_until(lambda: any(event["event"] == "stopping" for event in world.told()),
                   "the stop to begin")
        world.process.kill()
        tap.contains(process.communicate(timeout=served.LIMIT_S)[1], "Cannot connect",
                     "also in the middle of a command")
        tap.equal(process.returncode, 1, "with status 1")


# ---- its sockets --------------------------------------------------------------------------

def ping(world):
    """What Redis answers, None where nobody listens."""
    try:
        line = world.connect("redis")
    except OSError:
        return None
    with line:
        try:
            line.sendall(b"PING\r\n")
            return line.recv(100).decode()
        except ConnectionError:
            return ""


def is_up(world):
    """The status of /is_up, None where nobody listens."""
    url = urllib.parse.urlsplit(world.hello["health"])
    line = http.client.HTTPConnection(url.hostname, url.port, timeout=served.LIMIT_S)
    try:
        line.request("GET", "/is_up")
        return line.getresponse().status
    except ConnectionRefusedError:
        return None
    except ConnectionError:
        return 0
    finally:
        line.close()


def ports_are_closed_while_nobody_runs():
    with Served(SMALL, "--speed", "20") as world:
        tap.equal((ping(world), is_up(world)), ("+PONG\r\n", 200), "both answer at first")
        kept = world.connect("redis")
        world.out("docker-compose stop redis")
        wait_until(lambda: ping(world) is None, "Redis to be down")
        tap.equal((ping(world), is_up(world)), (None, 500), "a Redis that is down refuses")
        tap.equal(kept.recv(10), b"", "and who was connected is not any more")
        kept.close()
        world.out("docker-compose stop app")
        wait_until(lambda: is_up(world) is None, "the application to be down")
        tap.equal(is_up(world), None, "an application that is down refuses")
        world.out("docker-compose start redis")
        world.out("docker-compose start app")
        wait_until(lambda: is_up(world) == 200, "the application")
        tap.equal(ping(world), "+PONG\r\n", "both come up again, where they were")
        with world.connect("redis") as line:
            line.sendall(b"QUIT\r\n")
            tap.equal(line.recv(100), b"+OK\r\n", "a line ends when all is said")
            tap.equal(line.recv(100), b"", "and not before")


def redis_flaps():
    with Served(with_event("at: 20s, flap: 20s"), "--speed", "20") as world:
        kept = world.connect("redis")
        tap.equal(kept.recv(10), b"", "a Redis that flaps drops whom it has")
        kept.close()
        tap.equal(ping(world), None, "and takes nobody")
        wait_until(lambda: ping(world), "Redis")
        tap.ok(True, "until it is over")


def no_more_lines_than_there_is_room_for():
    with Served(SMALL) as world:
        lines = [world.connect("control") for _ in range(70)]
        turned_away = lines[-1].recv(10)
        tap.equal(turned_away, b"", "the 70th is turned away")
        lines[0].sendall(b'{"tally": true}\n')
        tap.contains(lines[0].recv(1000).decode(), "arrived", "those that are there are served")
        for line in lines:
            line.close()
        wait_until(lambda: world.say({"tally": True}), "room")
        tap.ok(True, "and there is room again when they are gone")


def control_refuses_what_it_does_not_understand():
    with Served(SMALL) as world:
        for said in (b"\n", b"x\n", b"[]\n", b"{}\n", b'{"argv": [], "cwd": "/"}\n',
                     b'{"argv": ["docker", 1], "cwd": "/"}\n', b'{"argv": ["docker"]}\n',
                     b'{"argv": ["docker"], "cwd": "here"}\n', b'{"viewer": -1}\n',
                     b'{"viewer": 4194304000}\n', b'{"tally": 1}\n'):
            answer = world.say(said)
            tap.ok(len(answer) == 1 and "refused" in answer[0], "%r is refused" % said[:40],
                   answer)
        flooded = world.say(b"x" * 2 ** 22)
        tap.ok(not flooded or "refused" in flooded[0], "a flood is not listened to", flooded)
        tap.equal(world.say({"tally": True})[0]["queued"] +
                  world.say({"tally": True})[0]["in_work"], 3, "and it goes on")


# ---- clock, chance, and what is told -----------------------------------------------------------

def the_same_seed_gives_the_same():
    ids = []
    for seed in ("1", "1", "2"):
        with Served("backlog", "--seed", seed) as world:
            ids.append(world.out("docker ps -aq"))
    tap.ok(ids[0] == ids[1] != ids[2], "containers by the seed", ids)


def its_clock_goes_as_fast_as_it_is_told():
    import time
    for speed in (1, 50):
        with Served(SMALL, "--speed", str(speed)) as world:
            began = time.clock_gettime(time.CLOCK_BOOTTIME)
            first = world_clock(world)
            wait_until(lambda: time.clock_gettime(time.CLOCK_BOOTTIME) - began > 0.5, "time")
            last = world_clock(world)
            took = time.clock_gettime(time.CLOCK_BOOTTIME) - began
            tap.ok(0.4 * speed < last - first < took * speed * 1.01 + 0.01,
                   "%d times as fast" % speed, first, last, took)


def world_clock(world):
    import datetime
    text = world.out("docker info --format {{.SystemTime}}").strip().rstrip("Z")
    return datetime.datetime.fromisoformat(text).timestamp()


def all_of_it_can_be_down():
    scenario = SMALL.replace("starts-in: 1s", "starts-in: 1s, running: 0")
    with Served(scenario.replace("holds: 3, ", "")) as world:
        tap.equal(world.out("docker ps -q"), "", "nothing runs")
        tap.equal(len(world.out("docker ps -aq").split()), 4, "all of it is there")
        tap.equal((ping(world), is_up(world)), (None, None), "nobody listens")


def the_site_may_name_another_project():
    with Served("wrong-target") as world:
        with open(world.path("site.yaml")) as file:
            site = file.read()
        count = {name: len(world.out("docker ps -q --filter "
                                     "label=com.docker.compose.project=" + name).split())
                 for name in ("practice", "tines-staging")}
        tap.equal(count, {"practice": 9, "tines-staging": 9}, "the engine has both")
        tap.ok('project: "tines-staging"' in site and 'project: "practice"' in site,
               "the site names the one and means the other", site)
        status, _, err = world.run("docker-compose stop nginx", cwd=world.path("tines-staging"))
        tap.equal(status, 0, "the other one's containers can be stopped") or tap.note(err)
        running = world.out("docker ps --format {{.Names}} -f name=nginx").split()
        tap.equal(running, ["practice_nginx_1"], "and this one's do not mind")


def what_happens_is_written_down():
    with Served(SMALL, "--speed", "20") as world:
        world.out("docker-compose stop app")
        wait_until(lambda: len(world.told()) > 4, "all of it to be written down")
        began, *rest = world.told()
        tap.ok(began["event"] == "began" and began["at"] == 0 and
               0 <= time.time() - began["wall"] < served.LIMIT_S,
               "first when it began, on this host's clock", began)
        kinds = [event["event"] for event in rest]
        tap.equal(kinds[:4], ["stopping", "stopping", "stopped", "stopped"],
                  "what happens, as it happens")
        tally = world.say({"tally": True})[0]
        last = world.told()[-1]
        tap.ok(last["event"] == "tally" and last["at"] > 0 and
               {name: last[name] for name in tally} == tally, "the tally when it is asked for",
               tally, last)
        answer = world.say({"end": True})
        tallies = [event for event in world.told() if event["event"] == "tally"]
        tap.ok("arrived" in answer[0] and len(tallies) >= 2,
               "and at the end, before that is answered", answer, tallies)
        tap.equal(world.process.wait(served.LIMIT_S), 0, "which is the end")
        tap.equal(sorted(os.listdir(world.folder)), ["bin", "practice", "site.yaml", "world.jsonl"],
                  "and its sockets are gone")
        tap.equal(world.run("docker ps")[0], 1, "and nobody answers")
    with Served(SMALL) as world:
        world.process.terminate()
        tap.equal(world.process.wait(served.LIMIT_S), 0, "TERM ends it too")
        tap.equal([event["event"] for event in world.told()[-2:]], ["ended", "tally"],
                  "with that, and the tally")


# It looks every few seconds.
SOON_S = served.LIMIT_S / 3


def it_ends_with_its_folder():
    for name, take_away in (("removed", shutil.rmtree),
                            ("moved", lambda folder: os.rename(folder, folder + "-was"))):
        with Served(SMALL) as world:
            take_away(world.folder)
            tap.equal(world.process.wait(SOON_S), 0, "a folder is %s, and it ends" % name)
            shutil.rmtree(world.folder + "-was", ignore_errors=True)
    with Served(SMALL) as world:
        for entry in ("redis", "site.yaml"):
            os.unlink(world.path(entry))
        tap.ok(world.say({"reach": True}), "what is in it may go")


def sleeper():
    """A process that would live on; a hang-up ends it."""
    return subprocess.Popen(["/bin/sleep", "600"])


def the_line_is_cut():
    first, second, third = sleeper(), sleeper(), sleeper()
    scenario = with_event("after: { stopping: app }, drop-line: true")
    try:
        with Served(scenario, "--speed", "20", "--viewer-pid", str(first.pid)) as world:
            tap.equal(world.say({"viewer": second.pid}), [{"viewer": second.pid}],
                      "another viewer takes over")
            world.run("docker-compose stop app")
            tap.equal(second.wait(served.LIMIT_S), -signal.SIGHUP, "its line is cut")
            tap.equal(first.poll(), None, "and not that of the first one")
            tap.contains(world.say({"viewer": 2 ** 22 + 1})[0].get("refused", ""), "no such",
                         "who is not there cannot be one")
        with Served(scenario, "--speed", "20", "--viewer-pid", str(third.pid)) as world:
            world.run("docker-compose stop app")
            tap.equal(third.wait(served.LIMIT_S), -signal.SIGHUP, "or of whom it began with")
        with Served(scenario, "--speed", "20") as world:
            tap.equal(world.run("docker-compose stop app")[0], 0, "or of nobody")
    finally:
        for process in (first, second, third):
            process.kill()
            process.wait(served.LIMIT_S)


tap.run(the_folder_has_what_belongs_there, what_cannot_be_is_refused,
        one_that_is_like_another,
        stand_ins_find_their_deployment, redis_cli_speaks_to_the_redis_beside_it,
        commands_speak_while_they_last,
        who_is_killed_leaves_the_rest_undone, without_its_world_docker_says_so,
        ports_are_closed_while_nobody_runs, redis_flaps, no_more_lines_than_there_is_room_for,
        control_refuses_what_it_does_not_understand, the_same_seed_gives_the_same,
        its_clock_goes_as_fast_as_it_is_told, all_of_it_can_be_down,
        the_site_may_name_another_project, what_happens_is_written_down, it_ends_with_its_folder,
        the_line_is_cut)

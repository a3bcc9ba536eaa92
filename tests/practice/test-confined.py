#!/usr/bin/python3
"""A practice run reaches its simulated deployment and nothing else, whatever is asked of it;
and its ledger never meets a real one."""

import atexit
import json
import os
import re
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "unit"))

import runs
import served

HELLOS = """\
handrail: 1
title: Say hello
steps:
  - id: hello
    title: Say it
    do: { run: [docker, ps] }
"""

OUTSIDE = """\
handrail: 1
title: Reach out
vars:
  program: { type: text, default: PROGRAM }
steps:
  - id: out
    title: Leave a mark
    do: { run: ["${program}", "MARKS"] }
"""

LOOKS = """\
handrail: 1
title: Look out
steps:
  - id: look
    title: See it answer
    require: [ %s ]
    do: { run: [docker, ps] }
"""

RECORDS = """\
handrail: 1
title: Record
steps:
  - id: record
    title: Write down what is
    record: [counts]
    do: { run: [docker, ps] }
"""


class Deployment(served.Served):
    """A deployment as it is practised on, until the program ends."""

    def __init__(self):
        super().__init__("calm")
        atexit.register(self.end)
        self.site = self.hello["site"]

    def port(self):
        return int(re.search(r":(\d+)/", self.hello["health"]).group(1))


class Listener:
    """A real service beside: counts who came."""

    def __init__(self, family, address):
        self.socket = socket.socket(family)
        self.socket.bind(address)
        self.socket.listen()
        self.socket.setblocking(False)

    def port(self):
        return self.socket.getsockname()[1]

    def has_been_reached(self):
        try:
            self.socket.accept()
            return True
        except BlockingIOError:
            return False


def practise(place, deployment, text, *arguments, root=None, **env):
    runbook = place.write("out.yaml", text.replace("MARKS", place.marks))
    return place.start("run", runbook, "--site", deployment.site, "--state", root or place.root,
                       "--practice", deployment.folder, "--speed", "10", *arguments, **env)


def begin(place, deployment, text, *arguments, root=None):
    said, process = practise(place, deployment, text, *arguments, root=root)
    assert "run" in said, said
    return said["run"], runs.Viewer(said["run"]), process


def fails_with(viewer, word, words):
    """The step's action is confirmed, and fails."""
    viewer.answer(viewer.question(), word)
    failed = viewer.event("step-failed")
    assert words in failed["reason"], failed


def test_the_journal_says_it(place):
    deployment = Deployment()
    run, viewer, _ = begin(place, deployment, HELLOS)
    began = runs.events(run)[0]
    assert began["practice"] is True and began["speed"] == 10, began
    assert began["practice_folder"] == deployment.folder, began
    # It asks as production does: with the site's name.
    asked = viewer.question()
    assert asked["word"] == "practice", asked
    viewer.answer(asked, asked["word"])
    viewer.event("run-finished")
    with open(os.path.join(run, "output", "hello.log")) as file:
        assert "practice_tines-app_1" in file.read()


def test_programs(place):
    deployment = Deployment()
    for number, program in enumerate(("touch", "/bin/touch", "../../bin/touch", "bin/docker")):
        _, viewer, _ = begin(place, deployment, OUTSIDE.replace("PROGRAM", program),
                             root=place.root + str(number))
        asked = viewer.question()
        fails_with(viewer, asked["word"], "in practice")
        assert not os.path.exists(place.marks), program


def test_set_does_not_widen_it(place):
    deployment = Deployment()
    _, viewer, _ = begin(place, deployment, OUTSIDE.replace("PROGRAM", "docker"), "--set",
                         "program=/bin/touch")
    asked = viewer.question()
    fails_with(viewer, asked["word"], "in practice programs come from")
    assert not os.path.exists(place.marks)


def test_path_does_not_widen_it(place):
    """Nor what is in the environment of whoever began it."""
    deployment = Deployment()
    said, _ = practise(place, deployment, OUTSIDE.replace("PROGRAM", "touch"),
                       PATH="/usr/bin:/bin", LD_PRELOAD="")
    viewer = runs.Viewer(said["run"])
    asked = viewer.question()
    fails_with(viewer, asked["word"], "no program touch in practice")
    assert not os.path.exists(place.marks)


def test_programs_put_there(place):
    """By whoever is us: what is in bin/ leads to the one program, or is not run."""
    deployment = Deployment()
    os.symlink("/bin/touch", deployment.path("bin", "touch"))
    os.unlink(deployment.path("bin", "docker-compose"))
    os.symlink("/bin/touch", deployment.path("bin", "docker-compose"))
    for number, program in enumerate(("touch", "docker-compose")):
        _, viewer, _ = begin(place, deployment, OUTSIDE.replace("PROGRAM", program),
                             root=place.root + str(number))
        asked = viewer.question()
        fails_with(viewer, asked["word"], "is not what practice has put there")
        assert not os.path.exists(place.marks), program


def waits_with(place, deployment, check, words, *arguments):
    """In a root of its own: another run of the site may be unfinished."""
    waits_with.number += 1
    _, viewer, _ = begin(place, deployment, LOOKS % check, *arguments,
                         root="%s%d" % (place.root, waits_with.number))
    viewer.until(lambda m: m.get("live") == "waiting" and words in (m["text"] or ""))


waits_with.number = 0


def test_addresses(place):
    """Loopback too: what listens there and is not the deployment's is a real service."""
    deployment = Deployment()
    beside = Listener(socket.AF_INET, ("127.0.0.1", 0))
    checks = [
        "tcp: { host: 127.0.0.1, port: %d }" % beside.port(),
        "tcp: { host: localhost, port: %d }" % beside.port(),
        "http: { url: 'http://127.0.0.1:%d/' }" % beside.port(),
        "http: { url: 'http://[::1]:%d/' }" % beside.port(),
        "tcp: { host: 192.0.2.1, port: 80 }",
        "tcp: { host: www.example.com, port: 80 }",
        "http: { url: 'http://www.example.com/' }",
        "command: [curl, 'http://127.0.0.1:%d/']" % beside.port(),
    ]
    for check in checks:
        words = "in practice" if check.startswith("command") else "practice reaches nothing"
        waits_with(place, deployment, check, words)
        assert not beside.has_been_reached(), check


def test_own_addresses(place):
    """Where the deployment listens, it is asked."""
    deployment = Deployment()
    check = "tcp: { host: localhost, port: %d }" % deployment.port()
    _, viewer, _ = begin(place, deployment, LOOKS % check)
    assert viewer.question()["kind"] == "confirm"


def test_redis_of_somebody_else(place):
    deployment = Deployment()
    path = os.path.join(place.folder, "redis")
    beside = Listener(socket.AF_UNIX, path)
    waits_with(place, deployment, "redis: {}", "practice reaches no socket outside", "--set",
               "redis.url=unix://%s?db=1" % path)
    assert not beside.has_been_reached()
    tcp = Listener(socket.AF_INET, ("127.0.0.1", 0))
    waits_with(place, deployment, "redis: {}", "practice reaches nothing", "--set",
               "redis.url=redis://127.0.0.1:%d/1" % tcp.port())
    assert not tcp.has_been_reached()


def test_redis_put_there(place):
    """In place of the deployment's own: by a link, and by a process that listens there."""
    deployment = Deployment()
    path = os.path.join(place.folder, "redis")
    beside = Listener(socket.AF_UNIX, path)
    os.unlink(deployment.path("redis"))
    os.symlink(path, deployment.path("redis"))
    waits_with(place, deployment, "redis: {}", "practice reaches no socket outside")
    assert not beside.has_been_reached()
    os.unlink(deployment.path("redis"))
    there = Listener(socket.AF_UNIX, deployment.path("redis"))
    waits_with(place, deployment, "redis: {}", "practice reaches nothing")
    line, _ = there.socket.accept()
    line.settimeout(runs.LIMIT_S)
    assert line.recv(1) == b"", "something was said to it"


def test_site_edited(place):
    """An address that was written into its site file is not one that it listens on."""
    deployment = Deployment()
    tcp = Listener(socket.AF_INET, ("127.0.0.1", 0))
    with open(deployment.site) as file:
        text = file.read()
    assert ":%d/" % deployment.port() in text, text
    with open(deployment.site, "w") as file:
        file.write(text.replace(":%d/" % deployment.port(), ":%d/" % tcp.port()))
    check = "http: { url: 'http://127.0.0.1:%d/health' }" % tcp.port()
    waits_with(place, deployment, check, "practice reaches nothing")
    assert not tcp.has_been_reached()


def test_health_of_somebody_else(place):
    """An address that --set names is not one that the deployment listens on."""
    deployment = Deployment()
    tcp = Listener(socket.AF_INET, ("127.0.0.1", 0))
    check = "http: { url: 'http://127.0.0.1:%d/health' }" % tcp.port()
    waits_with(place, deployment, check, "practice reaches nothing")
    assert not tcp.has_been_reached()


def test_only_its_own_site(place):
    deployment = Deployment()
    runbook = place.write("hello.yaml", HELLOS)
    said, process = place.start("run", runbook, "--site", place.site, "--state", place.root,
                                "--practice", deployment.folder)
    assert said["status"] == 3 and "on its own site" in said["refused"], said
    process.wait(runs.LIMIT_S)


def test_speed_is_of_practice(place):
    runbook = place.write("hello.yaml", HELLOS)
    for speed in ("0", "1001", "-3", "10"):
        said, process = place.run(runbook, "--speed", speed)
        assert said is None and process.wait(runs.LIMIT_S) == 2, said


def test_ledgers_do_not_meet(place):
    """Not even where one root has both."""
    deployment = Deployment()
    place.write("here.yaml", runs.SITE.replace("name: here", "name: practice"))
    run, viewer, process = begin(place, deployment, RECORDS)
    viewer.answer(viewer.question(), viewer.question()["word"])
    viewer.event("run-finished")
    process.wait(runs.LIMIT_S)
    name = os.path.basename(run)
    runbook = place.write("real.yaml", HELLOS)
    said, _ = place.run(runbook, "--after", name)
    assert said["status"] == 3 and "that run was practice, this one is real" in said["refused"]
    said, _ = place.run(runbook)
    assert "run" in said and said["run"], said
    real = runs.Viewer(said["run"])
    assert real.question()["kind"] == "confirm", real.question()  # nothing to take over
    real.answer(real.question(), "stop")
    real.event("run-stopped")
    said, _ = practise(place, deployment, HELLOS, "--after", os.path.basename(said["run"]))
    assert "that run was real, this one is practice" in said["refused"], said


def test_resume_is_confined(place):
    deployment = Deployment()
    run, viewer, process = begin(place, deployment, OUTSIDE.replace("PROGRAM", "touch"))
    viewer.question()
    runs.kill(process)
    said, _ = place.resume(run)
    assert said["run"] == run, said
    viewer = runs.Viewer(run)
    asked = viewer.question()
    fails_with(viewer, asked["word"], "no program touch in practice")
    assert not os.path.exists(place.marks)


def test_resume_without_deployment(place):
    deployment = Deployment()
    run, viewer, process = begin(place, deployment, HELLOS)
    viewer.question()
    runs.kill(process)
    deployment.end()
    said, _ = place.resume(run)
    assert "is gone, and this practice with it" in said["refused"], said


def test_resume_in_a_folder_of_others(place):
    """Where others can write, what listens there need not be the deployment any more."""
    deployment = Deployment()
    run, viewer, process = begin(place, deployment, HELLOS)
    viewer.question()
    runs.kill(process)
    os.chmod(deployment.folder, 0o777)
    said, _ = place.resume(run)
    assert "is gone, and this practice with it" in said["refused"], said
    os.chmod(deployment.folder, 0o700)
    said, _ = place.resume(run)
    assert said["run"] == run, said


def test_look_is_confined(place):
    deployment = Deployment()
    tcp = Listener(socket.AF_INET, ("127.0.0.1", 0))
    mine, its = socket.socketpair()
    process = runs.subprocess.Popen(
        [runs.RUNNER, "look", "--fd", str(its.fileno()), "--site", deployment.site,
         "--practice", deployment.folder, "--speed", "10", "--set",
         "redis.url=redis://127.0.0.1:%d/1" % tcp.port()], pass_fds=[its.fileno()])
    place.processes.append(process)
    its.close()
    mine.settimeout(runs.LIMIT_S)
    mine.sendall(b'{"say":"look","what":"redis"}\n')
    said = json.loads(mine.makefile().readline())
    assert "practice reaches nothing" in said["reading"]["error"], said
    assert not tcp.has_been_reached()
    mine.close()


if __name__ == "__main__":
    runs.main(globals())

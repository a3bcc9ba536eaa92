#!/usr/bin/python3
"""A practice run reaches its simulated deployment and nothing else, whatever is asked of it;
and its ledger never meets a real one."""

import concurrent.futures
import datetime
import json
import os
import re
import signal
import socket
import subprocess
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

COUNTED = RECORDS + """\
  - id: wait
    title: Wait for somebody
    ask: { text: "Who is here?", match: '.+', into: whom }
"""


class Deployment:
    """One that is played by the program that is shipped."""

    def __init__(self, place):
        self.folder = os.path.join(place.folder, "f")
        os.mkdir(self.folder, 0o700)
        self.process, hello = served.start(
            self.folder, os.path.join(served.SCENARIOS, "calm.yaml"), "--seed", "7",
            "--speed", "10")
        place.processes.append(self.process)
        self.site = hello["site"]
        self.port = int(hello["health"].split(":")[2].split("/")[0])

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def put(self, name, make, *arguments):
        """Something else in the place of what bears that name."""
        os.unlink(self.path(name))
        make(*arguments, self.path(name))

    def edit_site(self, pattern, text):
        with open(self.site) as file:
            edited, count = re.subn(pattern, text, file.read())
        assert count > 0, pattern
        with open(self.site, "w") as file:
            file.write(edited)

    def end(self, number=signal.SIGTERM):
        runs.kill(self.process, number)


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

    def has_been_told(self):
        """Whether somebody came and said something; the line must be over by now."""
        try:
            line, _ = self.socket.accept()
        except BlockingIOError:
            return False
        line.settimeout(runs.LIMIT_S)
        return line.recv(1) != b""


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
    deployment = Deployment(place)
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
        assert "practice_redis_1" in file.read()


def test_programs(place):
    deployment = Deployment(place)
    for number, program in enumerate(("touch", "/bin/touch", "../../bin/touch", "bin/docker")):
        _, viewer, _ = begin(place, deployment, OUTSIDE.replace("PROGRAM", program),
                             root=place.root + str(number))
        asked = viewer.question()
        fails_with(viewer, asked["word"], "in practice")
        assert not os.path.exists(place.marks), program


def test_set_does_not_widen_it(place):
    deployment = Deployment(place)
    _, viewer, _ = begin(place, deployment, OUTSIDE.replace("PROGRAM", "docker"), "--set",
                         "program=/bin/touch")
    asked = viewer.question()
    fails_with(viewer, asked["word"], "in practice programs come from")
    assert not os.path.exists(place.marks)


def test_path_does_not_widen_it(place):
    """Nor what is in the environment of whoever began it."""
    deployment = Deployment(place)
    said, _ = practise(place, deployment, OUTSIDE.replace("PROGRAM", "touch"),
                       PATH="/usr/bin:/bin", LD_PRELOAD="")
    viewer = runs.Viewer(said["run"])
    asked = viewer.question()
    fails_with(viewer, asked["word"], "no program touch in practice")
    assert not os.path.exists(place.marks)


def waits_with(place, deployment, check, words, *arguments):
    """In a root of its own: another run of the site may be unfinished."""
    waits_with.number += 1
    _, viewer, _ = begin(place, deployment, LOOKS % check, *arguments,
                         root="%s%d" % (place.root, waits_with.number))
    viewer.until(lambda m: m.get("live") == "waiting" and words in (m["text"] or ""))


waits_with.number = 0


def test_addresses(place):
    """Loopback too: what listens there and is not the deployment's is a real service."""
    deployment = Deployment(place)
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
    deployment = Deployment(place)
    check = "tcp: { host: localhost, port: %d }" % deployment.port
    _, viewer, _ = begin(place, deployment, LOOKS % check)
    assert viewer.question()["kind"] == "confirm", viewer.question()


def program_that_marks(place):
    """A real program, as it were: whoever runs it leaves a mark."""
    path = place.write("docker", "#!/bin/sh\necho run >> %s\n" % place.marks)
    os.chmod(path, 0o700)
    return path


def test_programs_that_were_replaced(place):
    """By a link to a real one, or that one itself."""
    deployment = Deployment(place)
    real = program_that_marks(place)
    for number, make in enumerate((os.symlink, os.link)):
        deployment.put("bin/redis-cli", make, real)
        _, viewer, _ = begin(place, deployment, OUTSIDE.replace("PROGRAM", "redis-cli"),
                             root=place.root + str(number))
        asked = viewer.question()
        fails_with(viewer, asked["word"], "is not the program of practice")
        assert not place.marked(), make
    deployment.put("bin/docker", os.symlink, real)
    waits_with(place, deployment, "service: { name: redis, running: 1 }",
               "is not the program of practice")
    assert not place.marked()


def test_programs_of_another_folder(place):
    """The folder of programs itself may be a link."""
    deployment = Deployment(place)
    bin = os.path.join(place.folder, "bin")
    os.mkdir(bin)
    os.symlink(program_that_marks(place), os.path.join(bin, "docker"))
    os.rename(deployment.path("bin"), deployment.path("was-bin"))
    os.symlink(bin, deployment.path("bin"))
    waits_with(place, deployment, "service: { name: redis, running: 1 }",
               "is not the program of practice")
    assert not place.marked()


def test_redis_that_was_replaced(place):
    """By a link, and by one that cannot be seen: the socket of another under its name."""
    deployment = Deployment(place)
    path = os.path.join(place.folder, "redis")
    beside = Listener(socket.AF_UNIX, path)
    deployment.put("redis", os.symlink, path)
    waits_with(place, deployment, "redis: {}", "there is a link in it now")
    assert not beside.has_been_reached()
    deployment.put("redis", os.link, path)
    waits_with(place, deployment, "redis: {}", "practice reaches nothing")
    assert not beside.has_been_told()


def test_control_that_was_replaced(place):
    """What is not of the deployment's making is not asked what it is."""
    deployment = Deployment(place)
    path = os.path.join(place.folder, "socket")
    beside = Listener(socket.AF_UNIX, path)
    deployment.put("control", os.symlink, path)
    said, _ = practise(place, deployment, HELLOS)
    assert "is gone, and this practice with it" in said["refused"], said
    assert not beside.has_been_reached()


def test_stand_ins_follow_no_links(place):
    """Typed by hand they reach no more than a run does."""
    deployment = Deployment(place)
    path = os.path.join(place.folder, "socket")
    beside = Listener(socket.AF_UNIX, path)
    deployment.put("redis", os.link, path)
    told = runs.subprocess.run([deployment.path("bin", "redis-cli"), "PING"], text=True,
                               capture_output=True, timeout=runs.LIMIT_S)
    assert told.returncode == 1 and "Connection refused" in told.stderr, told
    assert not beside.has_been_told()
    deployment.put("control", os.symlink, path)
    told = runs.subprocess.run([deployment.path("bin", "docker"), "ps"], text=True,
                               capture_output=True, timeout=runs.LIMIT_S)
    assert told.returncode == 1 and "docker daemon" in told.stderr, told
    assert not beside.has_been_reached()


def test_edited_site(place):
    """The site file names other addresses than the deployment listens on."""
    deployment = Deployment(place)
    tcp = Listener(socket.AF_INET, ("127.0.0.1", 0))
    deployment.edit_site("127.0.0.1:%d" % deployment.port, "127.0.0.1:%d" % tcp.port())
    checks = ("http: { service: tines-app }", "tcp: { host: 127.0.0.1, port: %d }" % tcp.port())
    for check in checks:
        waits_with(place, deployment, check, "practice reaches nothing")
        assert not tcp.has_been_reached(), check
    path = os.path.join(place.folder, "redis")
    beside = Listener(socket.AF_UNIX, path)
    deployment.edit_site("unix://[^?]*", "unix://" + path)
    waits_with(place, deployment, "redis: {}", "practice reaches no socket outside")
    assert not beside.has_been_reached()


def test_only_as_practice(place):
    """Its site is none that is worked on as if it were real."""
    deployment = Deployment(place)
    runbook = place.write("hello.yaml", HELLOS)
    said, process = place.start("run", runbook, "--site", deployment.site, "--state", place.root)
    assert said["status"] == 2 and "simulated deployment of a practice" in said["refused"], said
    assert process.wait(runs.LIMIT_S) == 2
    said = looked_at(place, deployment, "platform")
    assert "simulated deployment of a practice" in said["refused"], said


def test_gone_under_a_run(place):
    """Killed, so that it could not say good-bye: the run stops by itself; and its port, which
    may be another's by now, is not asked."""
    deployment = Deployment(place)
    checks = "tcp: { host: 127.0.0.1, port: %d }, redis: {}, service: { name: redis, running: 1 }" \
        % deployment.port
    _, viewer, process = begin(place, deployment, LOOKS % checks)
    asked = viewer.question()
    deployment.end(signal.SIGKILL)
    heir = Listener(socket.AF_INET, ("127.0.0.1", deployment.port))
    try:
        viewer.answer(asked, asked["word"])
    except BrokenPipeError:
        pass  # it has stopped, and gone, before that
    stopped = viewer.event("run-stopped")
    assert "the simulated deployment is gone" in stopped["why"], stopped
    process.wait(runs.LIMIT_S)
    assert not heir.has_been_reached()


def test_redis_of_somebody_else(place):
    deployment = Deployment(place)
    path = os.path.join(place.folder, "redis")
    beside = Listener(socket.AF_UNIX, path)
    waits_with(place, deployment, "redis: {}", "practice reaches no socket outside", "--set",
               "redis.url=unix://%s?db=1" % path)
    assert not beside.has_been_reached()
    tcp = Listener(socket.AF_INET, ("127.0.0.1", 0))
    waits_with(place, deployment, "redis: {}", "practice reaches nothing", "--set",
               "redis.url=redis://127.0.0.1:%d/1" % tcp.port())
    assert not tcp.has_been_reached()


def test_health_of_somebody_else(place):
    """An address that --set names is not one that the deployment listens on."""
    deployment = Deployment(place)
    tcp = Listener(socket.AF_INET, ("127.0.0.1", 0))
    check = "http: { url: 'http://127.0.0.1:%d/health' }" % tcp.port()
    waits_with(place, deployment, check, "practice reaches nothing")
    assert not tcp.has_been_reached()


def test_only_its_own_site(place):
    deployment = Deployment(place)
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
    deployment = Deployment(place)
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


def names_of(runbook, seconds):
    """What runs of it are called that begin within so many seconds."""
    now = datetime.datetime.now(datetime.timezone.utc)
    return ["%s-%s-practice" % ((now + datetime.timedelta(seconds=s)).strftime("%Y%m%dT%H%M%SZ"),
                                runbook) for s in range(seconds)]


def begin_beside(place, deployment, root):
    """A run in one of several roots that stand in one folder; what it is called."""
    said, _ = place.start("run", os.path.join(place.folder, "out.yaml"), "--site",
                          deployment.site, "--state", os.path.join(place.folder, "roots", root),
                          "--practice", deployment.folder, "--speed", "10",
                          XDG_STATE_HOME=os.path.join(place.folder, "home"))
    assert "run" in said, said
    return os.path.basename(said["run"])


def test_names_are_free_everywhere(place):
    deployment = Deployment(place)
    place.write("out.yaml", HELLOS)
    taken = [os.path.join(place.folder, "roots", "other", "runs")]
    if not os.path.isdir("/var/lib/handrail"):
        taken.append(os.path.join(place.folder, "home", "handrail", "runs"))
    for number, folder in enumerate(taken, 1):
        for name in names_of("out", 60):
            os.makedirs(os.path.join(folder, name if number == 1 else "%s-%d" % (name, number)))
    name = begin_beside(place, deployment, "own")
    assert name.endswith("-out-practice-%d" % (len(taken) + 1)), name


def test_names_of_the_same_second(place):
    """Each practice has a root of its own, and all begin at once."""
    deployment = Deployment(place)
    place.write("out.yaml", HELLOS)
    names = []
    for attempt in range(5):  # a second may end between any two
        with concurrent.futures.ThreadPoolExecutor(4) as several:
            names += several.map(lambda root: begin_beside(place, deployment, root),
                                 ["%d-%d" % (attempt, i) for i in range(4)])
        if len({name.split("-")[0] for name in names}) < len(names):
            break
    assert len({name.split("-")[0] for name in names}) < len(names), names
    assert len(set(names)) == len(names), names


def test_resume_is_confined(place):
    deployment = Deployment(place)
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
    deployment = Deployment(place)
    run, viewer, process = begin(place, deployment, HELLOS)
    viewer.question()
    runs.kill(process)
    deployment.end()
    said, _ = place.resume(run)
    assert "is gone, and this practice with it" in said["refused"], said


def test_resume_in_a_folder_of_others(place):
    """Where others can write, what listens there need not be the deployment any more."""
    deployment = Deployment(place)
    run, viewer, process = begin(place, deployment, HELLOS)
    viewer.question()
    runs.kill(process)
    os.chmod(deployment.folder, 0o777)
    said, _ = place.resume(run)
    assert "is gone, and this practice with it" in said["refused"], said
    os.chmod(deployment.folder, 0o700)
    said, _ = place.resume(run)
    assert said["run"] == run, said


def looked_at(place, deployment, what, *arguments):
    """What a runner that looks says first."""
    mine, its = socket.socketpair()
    process = runs.subprocess.Popen(
        [runs.RUNNER, "look", "--fd", str(its.fileno()), "--site", deployment.site, *arguments],
        pass_fds=[its.fileno()])
    place.processes.append(process)
    its.close()
    mine.settimeout(runs.LIMIT_S)
    mine.sendall(json.dumps({"say": "look", "what": what}).encode() + b"\n")
    with mine.makefile() as file:
        said = json.loads(file.readline())
    mine.close()
    return said


def test_look_is_confined(place):
    deployment = Deployment(place)
    tcp = Listener(socket.AF_INET, ("127.0.0.1", 0))
    said = looked_at(place, deployment, "redis", "--practice", deployment.folder, "--speed", "10",
                     "--set", "redis.url=redis://127.0.0.1:%d/1" % tcp.port())
    assert "practice reaches nothing" in said["reading"]["error"], said
    assert not tcp.has_been_reached()


def test_counts_are_live_at_a_question(place):
    """Also at one that needs none of them."""
    deployment = Deployment(place)
    _, viewer, process = begin(place, deployment, COUNTED)
    viewer.say(say="looks")
    asked = viewer.question()
    viewer.answer(asked, asked["word"])
    viewer.event("asked", step="wait")
    assert served_instances(viewer) == {True}
    subprocess.run([deployment.path("bin", "docker-compose"), "-p", "practice", "stop", "nginx"],
                   cwd=deployment.path("practice"), check=True, capture_output=True)
    while served_instances(viewer) != {False}:
        viewer.live("reading")


def served_instances(viewer):
    """Whether those of the proxy run, as the viewer was told last."""
    body = [m["reading"]["body"] for m in viewer.lines if m.get("live") == "reading"
            and m["reading"]["key"] == "platform"][-1]
    return {one["running"] for one in body["services"]["nginx"]["instances"]}


if __name__ == "__main__":
    runs.main(globals())

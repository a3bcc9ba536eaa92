#!/usr/bin/python3
"""quiet and redis-save on a real Redis and a real Sidekiq, through redis-cli, which logs in
by what the runner gives it."""

import glob
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import certificates
import runs

HANDRAIL = os.path.abspath(os.path.join(runs.BUILD, "handrail"))

# Of three kinds of character that a shell, a URL or a file would make something else of.
PASSWORD = "pass $word%41'one"
OTHER_PASSWORD = "the-next one"

SITE = """\
handrail-site: 1
name: here
production: false
platform: { compose: { project: none } }
services: { work: {} }
redis: { url: "URL", password-file: PASSWORD-FILE }
"""

SAVE = """\
handrail: 1
title: Save
steps:
  - id: save
    title: Write a snapshot
    do: { redis-save: {} }
    until: [ { command: [test, -s, DUMP] } ]
"""

QUIET = """\
handrail: 1
title: Quiet
steps:
  - id: quiet
    title: Let them finish
    do: { quiet: work }
    until: [ { service: { name: work, running: 1 } } ]
"""

# Its first step is left out, which the second one minds.
STOP = """\
handrail: 1
title: Stop
steps:
  - id: name
    title: Name it
    ask: { text: Which? }
  - id: quiet
    title: Let them finish
    do: { quiet: work }
  - id: stop
    title: Stop them
    require: [ { queues: { quiet: all, of: work } } ]
    do: { scale: { service: work, to: 0 } }
"""

# Works on one job until the gate is opened, and says when it has begun and ended.
WORKER = """\
require 'sidekiq'
redis = { path: 'SOCKET', password: ENV['SECRET'], db: 1 }
Sidekiq.configure_server { |config| config.redis = redis }
class Job
  include Sidekiq::Worker
  def perform(name)
    File.write("FOLDER/began-#{name}", '')
    File.open('FOLDER/gate').read
    File.write("FOLDER/ended-#{name}", '')
  end
end
"""

# The same with what its action implies.
QUIET_ALL = QUIET[:QUIET.index("    until")]

# An engine with one container of the service, which calls itself HOST.
DOCKER = """\
#!/bin/sh
case "$1" in
info) echo '{"ID":"E","SystemTime":"2026-11-23T04:10:00Z"}' ;;
ps) echo c1 ;;
inspect) echo '[{"Id":"c1","Name":"/none-work-1","Created":"2026-11-23T04:00:00Z",
  "Image":"i","RestartCount":0,"State":{"Status":"running","StartedAt":"2026-11-23T04:00:01Z"},
  "Config":{"Hostname":"HOST","Labels":{"com.docker.compose.project":"none",
  "com.docker.compose.service":"work","com.docker.compose.oneoff":"False",
  "com.docker.compose.version":"2.24.0","com.docker.compose.project.working_dir":"/"}}}]' ;;
esac
"""

# Between handrail and the real one: says what it finds in its environment.
TELLING = """\
#!/bin/sh
echo "environment: ${REDISCLI_AUTH-nothing}"
exec REDIS-CLI "$@"
"""


def check(found, wanted, what):
    if found != wanted:
        raise AssertionError("%s: %r, not %r" % (what, found, wanted))


def check_in(part, whole, what):
    if part not in whole:
        raise AssertionError("%s: %r is not in %r" % (what, part, whole))


def wait_until(holds, what, limit_s=runs.LIMIT_S):
    end = time.monotonic() + limit_s
    while not holds():
        if time.monotonic() > end:
            raise AssertionError("not in time: " + what)
        time.sleep(0.02)


class Redis:
    """A Redis that keeps nothing by itself, in the place's folder."""

    def __init__(self, place, *options, password=PASSWORD):
        self.place = place
        self.socket = os.path.join(place.folder, "redis.sock")
        self.dump = os.path.join(place.folder, "dump.rdb")
        self.password = password
        login = ["--requirepass", password] if password else []
        self.process = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", self.socket, "--dir",
             place.folder, "--save", "", "--appendonly", "no", *login, *options],
            stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        place.processes.append(self.process)
        wait_until(lambda: self.call("PING", failing=True) == "PONG", "redis-server")

    def call(self, *words, failing=False):
        env = dict(os.environ)
        if self.password:
            env["REDISCLI_AUTH"] = self.password
        run = subprocess.run(["redis-cli", "-e", "-s", self.socket, "-n", "1", *words],
                             env=env, capture_output=True, text=True, timeout=runs.LIMIT_S)
        if run.returncode != 0 and not failing:
            raise AssertionError("%s: %s%s" % (words, run.stdout, run.stderr))
        return run.stdout.strip()

    def url(self):
        return "unix://%s?db=1" % self.socket


def site(place, redis, url=None, more="", password=PASSWORD):
    path = place.write("redis.pw", (password or "") + "\n")
    text = SITE.replace("URL", url or redis.url()).replace("PASSWORD-FILE", path + more)
    if password is None:
        text = text.replace(", password-file: " + path, "")
    place.site = place.write("here.yaml", text)


def ask_to_save(place, redis, more="", **env):
    """A run that stands at its question, its viewer and that question."""
    book = place.write("save.yaml", SAVE.replace("DUMP", redis.dump) + more)
    said, process = place.run(book, **env)
    viewer = runs.Viewer(said["run"])
    return said["run"], process, viewer, viewer.question()


def path_with(place, name, text):
    """A PATH where that program is found first."""
    folder = os.path.join(place.folder, "bin")
    os.makedirs(folder, exist_ok=True)
    os.chmod(place.write("bin/" + name, text), 0o755)
    return folder + ":" + os.environ["PATH"]


def telling_path(place):
    """redis-cli tells what it finds, before it does what it is for."""
    return path_with(place, "redis-cli",
                     TELLING.replace("REDIS-CLI", shutil.which("redis-cli")))


def log_of(run, step="save"):
    with open(run + "/output/%s.log" % step) as file:
        return file.read()


def check_hidden(run, viewer, *secrets):
    """In no file of the run and in nothing that a viewer is sent. Its runner has ended:
    files come and go while it lives."""
    places = [str(viewer.lines)]
    for path in glob.glob(run + "/**", recursive=True):
        if os.path.isfile(path):
            with open(path) as file:
                places.append(file.read())
    for secret in secrets:
        check([text for text in places if secret in text], [], "a secret")


# ---- tests -------------------------------------------------------------------

def test_save(place):
    redis = Redis(place)
    redis.call("SET", "key", "value")
    site(place, redis)
    run, process, viewer, asked = ask_to_save(place, redis, "# not " + PASSWORD,
                                              PATH=telling_path(place))
    check(asked["commands"], [{"argv": ["redis-cli", "-e", "-s", redis.socket, "-n", "1",
                                        "SAVE"], "login": "redis"}], "what is asked")
    with open(run + "/by-hand.txt") as file:
        check_in("$ export REDISCLI_AUTH=\"$(head -n 1 %s/redis.pw)\"\n" % place.folder,
                 file.read(), "by-hand.txt")
    check(os.path.exists(redis.dump), False, "a snapshot before")
    viewer.answer(asked, "y")
    viewer.event("run-finished")
    check(process.wait(runs.LIMIT_S), 0, "the runner's status")
    check(int(redis.call("LASTSAVE")) > 0 and os.path.getsize(redis.dump) > 0, True, "it")
    check(log_of(run), "$ redis-cli -e -s %s -n 1 SAVE\nenvironment: ***\nOK\n" %
          redis.socket, "the log")
    check_hidden(run, viewer, PASSWORD)


def test_by_hand(place):
    """What by-hand.txt and show say to type does it."""
    redis = Redis(place)
    site(place, redis)
    book = place.write("save.yaml", SAVE.replace("DUMP", redis.dump))
    shown = show(place, book)["do"]
    script = "; ".join([shown["login"]] + [one["text"] for one in shown["commands"]])
    subprocess.run(["bash", "-c", script], check=True, capture_output=True,
                   timeout=runs.LIMIT_S)
    check(os.path.getsize(redis.dump) > 0, True, "the snapshot")


def test_after_a_resume(place):
    """The runner dies at its question, and the password is another one by then."""
    redis = Redis(place)
    site(place, redis)
    path = telling_path(place)
    run, process, viewer, _ = ask_to_save(place, redis, PATH=path)
    runs.kill(process)
    viewer.close()
    said, process = place.resume(run, PATH=path)
    viewer = runs.Viewer(run)
    asked = viewer.question()
    redis.call("CONFIG", "SET", "requirepass", OTHER_PASSWORD)
    redis.password = OTHER_PASSWORD
    place.write("redis.pw", OTHER_PASSWORD + "\nan old note\n")
    viewer.say(say="take")
    viewer.answer(asked, "y")
    viewer.event("run-finished")
    process.wait(runs.LIMIT_S)
    check_in("environment: ***\nOK\n", log_of(run), "the log")
    check_hidden(run, viewer, PASSWORD, OTHER_PASSWORD)


def test_without_a_password(place):
    redis = Redis(place, password=None)
    site(place, redis, password=None)
    run, process, viewer, asked = ask_to_save(place, redis, PATH=telling_path(place))
    viewer.answer(asked, "y")
    viewer.event("run-finished")
    process.wait(runs.LIMIT_S)
    check_in("\nenvironment: nothing\nOK\n", log_of(run), "the log")


def fails(place, redis, **env):
    """The reason for which saving fails, and the log."""
    run, process, viewer, asked = ask_to_save(place, redis, **env)
    viewer.answer(asked, "y")
    reason = viewer.event("step-failed")["reason"]
    viewer.answer(viewer.question(), "stop")
    viewer.event("run-stopped")
    process.wait(runs.LIMIT_S)
    check_hidden(run, viewer, PASSWORD)
    log = log_of(run) if os.path.exists(run + "/output/save.log") else None
    return reason, log


def test_the_wrong_password(place):
    """Redis says no, and redis-cli by its status too."""
    redis = Redis(place)
    site(place, redis, password="another")
    reason, log = fails(place, redis)
    check(reason, "the command ended with status 1", "the reason")
    check_in("WRONGPASS", log, "the log")
    check_in("NOAUTH", log, "the log")


def test_no_password_file(place):
    redis = Redis(place)
    site(place, redis, more=".not-there")
    reason, log = fails(place, redis)
    check_in("redis.pw.not-there cannot be read (No such file", reason, "the reason")
    check(log, None, "a log of what never ran")


def test_no_redis_cli(place):
    redis = Redis(place)
    site(place, redis)
    reason, _ = fails(place, redis, PATH="/nowhere")
    check_in("there is no program redis-cli in PATH (/nowhere); install it (package "
             "redis-tools", reason, "the reason")


def test_a_full_disk(place):
    """What Redis cannot write has not been written."""
    redis = Redis(place, "--dbfilename", "none.rdb")
    redis.call("SET", "key", "value")
    os.mkdir(os.path.join(place.folder, "none.rdb"))
    site(place, redis)
    reason, log = fails(place, redis)
    check(reason, "the command ended with status 1", "the reason")
    check_in("ERR", log, "the log")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def test_tls(place):
    """The server's certificate is checked by the site's file; a user logs in by name."""
    authority = certificates.Authority(place.folder, "authority")
    certificate, key = authority.self_signed("redis", "localhost")
    port = free_port()
    redis = Redis(place, "--tls-port", str(port), "--tls-cert-file", certificate,
                  "--tls-key-file", key, "--tls-ca-cert-file", certificate,
                  "--tls-auth-clients", "no")
    redis.call("ACL", "SETUSER", "ops", "on", ">" + PASSWORD, "+save", "+select")
    url = "rediss://localhost:%d/1" % port
    site(place, redis, url, ", user: ops, ca-file: " + certificate)
    run, process, viewer, asked = ask_to_save(place, redis)
    check(asked["commands"][0]["argv"],
          ["redis-cli", "-e", "-h", "localhost", "-p", str(port), "-n", "1", "--user", "ops",
           "--tls", "--sni", "localhost", "--cacert", certificate, "SAVE"], "what is asked")
    viewer.answer(asked, "y")
    viewer.event("run-finished")
    check(process.wait(runs.LIMIT_S), 0, "the runner's status")
    os.unlink(redis.dump)
    site(place, redis, url, ", user: ops")
    reason, log = fails(place, redis)
    check(reason, "the command ended with status 1", "the reason with an unknown authority")
    check_in("certificate verify failed", log, "the log")


# ---- Sidekiq -----------------------------------------------------------------

def show(place, book):
    run = subprocess.run([HANDRAIL, "show", book, "--site", place.site, "--json"], check=True,
                         capture_output=True, text=True, timeout=runs.LIMIT_S)
    return json.loads(run.stdout)["steps"][0]


# Until a signal that nobody takes is forgotten.
SIGNAL_S = 60


class Sidekiq:
    """A worker with one thread; ends with the place."""

    def __init__(self, place, redis):
        text = WORKER.replace("SOCKET", redis.socket).replace("FOLDER", place.folder)
        worker = place.write("worker.rb", text)
        before = self.names(redis)
        self.log = open(os.path.join(place.folder, "sidekiq.log"), "ab")
        process = subprocess.Popen(
            ["sidekiq", "-r", worker, "-c", "1"], env={**os.environ, "SECRET": PASSWORD},
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, cwd=place.folder)
        place.processes.append(process)
        wait_until(lambda: self.names(redis) - before, "sidekiq")
        self.redis = redis
        self.process = process
        self.name = (self.names(redis) - before).pop()

    @staticmethod
    def names(redis):
        return set(redis.call("SMEMBERS", "processes").split())

    def is_quiet(self):
        return self.redis.call("HGET", self.name, "quiet") == "true"


def push(redis, name):
    job = {"class": "Job", "args": [name], "jid": "0" * 23 + name[-1], "retry": False,
           "queue": "default", "created_at": time.time(), "enqueued_at": time.time()}
    redis.call("SADD", "queues", "default")
    redis.call("LPUSH", "queue:default", json.dumps(job))


def test_quiet(place):
    """The planned commands, as they would be typed, on two workers; one has a job."""
    redis = Redis(place)
    site(place, redis)
    gate = os.path.join(place.folder, "gate")
    os.mkfifo(gate)
    made = lambda name: os.path.exists(os.path.join(place.folder, name))
    first = Sidekiq(place, redis)
    push(redis, "one")
    wait_until(lambda: made("began-one"), "the job to begin")
    second = Sidekiq(place, redis)
    planned = show(place, place.write("quiet.yaml", QUIET))["do"]
    listing, *signals = planned["commands"]
    env = {**os.environ, "REDISCLI_AUTH": PASSWORD}
    listed = subprocess.run(listing["argv"], env=env, capture_output=True, text=True,
                            check=True, timeout=runs.LIMIT_S).stdout.split()
    check(set(listed), {first.name, second.name}, "the workers that the first one lists")
    began = time.monotonic()
    for name in listed:
        for signal_line in signals:
            argv = [word.replace("HOST:PID:TOKEN", name) for word in signal_line["argv"]]
            subprocess.run(argv, env=env, check=True, capture_output=True, timeout=runs.LIMIT_S)
    wait_until(lambda: first.is_quiet() and second.is_quiet(), "both to be quiet")
    runs.note("both quiet after %.1f s" % (time.monotonic() - began))
    # Nobody takes the second, and the first is finished.
    push(redis, "two")
    with open(gate, "w"):
        pass
    wait_until(lambda: made("ended-one"), "the job to end")
    wait_until(lambda: redis.call("HGET", first.name, "busy") == "0", "nobody to be busy")
    check(redis.call("LLEN", "queue:default"), "1", "jobs that nobody took")
    check(made("began-two"), False, "the second job")
    check(redis.call("EXISTS", first.name + "-signals", second.name + "-signals"), "0",
          "signals that nobody took")


def test_quiet_through_the_runner(place):
    """It finds the two by what they report, and goes on once both are quiet."""
    redis = Redis(place)
    site(place, redis)
    workers = [Sidekiq(place, redis), Sidekiq(place, redis)]
    path = path_with(place, "docker", DOCKER.replace("HOST", socket.gethostname()))
    said, process = place.run(place.write("quiet.yaml", QUIET_ALL), PATH=path)
    viewer = runs.Viewer(said["run"])
    asked = viewer.question()
    check(asked["change"], "work: 2 of 2 workers take no new jobs", "the change")
    check(asked["way_back"], "restart work (nothing else takes it back)", "the way back")
    lists = sorted(worker.name + "-signals" for worker in workers)
    check([command["argv"][6:] for command in asked["commands"]],
          [words for name in lists for words in
           (["LPUSH", name, "TSTP"], ["EXPIRE", name, "60"])], "the commands")
    viewer.answer(asked, "y")
    viewer.event("run-finished")
    check(process.wait(runs.LIMIT_S), 0, "the runner's status")
    check([worker.is_quiet() for worker in workers], [True, True], "the workers")
    check_hidden(said["run"], viewer, PASSWORD)


def named_by_hand(run):
    """Whom by-hand.txt says to signal."""
    with open(run + "/by-hand.txt") as file:
        return [line.split()[-2] for line in file if " LPUSH " in line]


def test_by_hand_after_a_resume(place):
    """Quieting is left out: how it is done by hand names the worker, and again after a
    resume, as soon as it has been seen anew."""
    redis = Redis(place)
    site(place, redis)
    signals = [Sidekiq(place, redis).name + "-signals"]
    path = path_with(place, "docker", DOCKER.replace("HOST", socket.gethostname()))
    said, process = place.run(place.write("stop.yaml", STOP), PATH=path)
    run = said["run"]
    viewer = runs.Viewer(run)
    viewer.answer(viewer.question(), "one")
    viewer.answer(viewer.event("asked", step="quiet"), "skip they are idle")
    viewer.until(lambda m: m.get("live") == "waiting" and "0 of 1" in (m["text"] or ""))
    check(named_by_hand(run), signals, "who is named")
    viewer.answer({"question": 0, "digest": ""}, "stop")
    viewer.event("run-stopped")
    process.wait(runs.LIMIT_S)
    # The containers are seen before the workers are.
    redis.process.send_signal(signal.SIGSTOP)
    _, process = place.resume(run, PATH=path)
    wait_until(lambda: named_by_hand(run) == ["HOST:PID:TOKEN-signals"], "a look")
    redis.process.send_signal(signal.SIGCONT)
    wait_until(lambda: named_by_hand(run) == signals, "the worker to be named again")


def test_quiet_that_was_missed(place):
    """A worker that is frozen for as long as the signal lives never hears of it. It is named
    when it is back, and signalled again."""
    redis = Redis(place)
    site(place, redis)
    worker = Sidekiq(place, redis)
    path = path_with(place, "docker", DOCKER.replace("HOST", socket.gethostname()))
    said, process = place.run(place.write("quiet.yaml", QUIET_ALL), PATH=path)
    viewer = runs.Viewer(said["run"])
    asked = viewer.question()
    worker.process.send_signal(signal.SIGSTOP)
    viewer.answer(asked, "y")
    viewer.event("step-settling")
    forgotten = lambda: redis.call("EXISTS", worker.name + "-signals") == "0"
    check(forgotten(), False, "the signal, sent")
    wait_until(forgotten, "the signal to be forgotten", SIGNAL_S + runs.LIMIT_S)
    worker.process.send_signal(signal.SIGCONT)
    why = "0 of 1 worker quiet (not on %s: " % socket.gethostname()
    viewer.until(lambda m: m.get("verdict") == "never" and why in m["text"])
    offer = viewer.until(lambda m: m.get("event") == "asked")
    check((offer["kind"], offer["change"]), ("offer", "work: its only worker takes no new jobs"),
          "what is offered")
    check([command["argv"][6] for command in offer["commands"]], ["LPUSH", "EXPIRE"],
          "its commands")
    viewer.answer(offer, "y")
    viewer.event("run-finished")
    check(process.wait(runs.LIMIT_S), 0, "the runner's status")
    check(worker.is_quiet(), True, "the worker")


def test_another_deployments_redis(place):
    """Its worker is no instance of the site's: refused, and nobody is signalled."""
    redis = Redis(place)
    site(place, redis)
    worker = Sidekiq(place, redis)
    path = path_with(place, "docker", DOCKER.replace("HOST", "of-another"))
    said, process = place.run(place.write("quiet.yaml", QUIET_ALL), PATH=path)
    viewer = runs.Viewer(said["run"])
    why = viewer.event("run-stopped", refused=True)["why"]
    check_in("a worker on %s reports to the Redis at %s?db=1 and is no instance of this site" %
             (socket.gethostname(), redis.socket), why, "the reason")
    process.wait(runs.LIMIT_S)
    check(redis.call("EXISTS", worker.name + "-signals"), "0", "signals")
    check(worker.is_quiet(), False, "the worker")


if __name__ == "__main__":
    runs.main(globals(), "redis-server", "redis-cli", "sidekiq", "openssl")

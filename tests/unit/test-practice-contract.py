#!/usr/bin/python3
"""The simulated Redis beside a real one that a real Sidekiq has filled: each is asked the
same. What does not depend on the data must be the same, byte by byte; of the rest the shape
is compared: types, nesting, names of members, the form of numbers. The same for redis-cli."""

import http.client
import json
import os
import pty
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "live"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import tap
from served import LIMIT_S, Served, wait_until

# Ten jobs are in work as long as the tests take, and more wait.
SCENARIO = """\
handrail-practice: 1
title: As the real one
runbook: shutdown
services:
  app: { role: application, starts-in: 1s, stops-in: 1s, version: v44.0.1 }
  workers: { role: workers, threads: 2, starts-in: 1s, stops-in: 1s }
  redis: { role: redis, starts-in: 1s, stops-in: 1s }
queues:
  default: { holds: 20, per-minute: 0, shortest: 1h, longest: 2h }
"""
SPEED = "20"

WORKER = """\
require 'sidekiq'
redis = { path: ENV.fetch('REAL'), db: 1 }
Sidekiq.configure_server { |config| config.redis = redis }
Sidekiq.configure_client { |config| config.redis = redis }
class Job
  include Sidekiq::Worker
  def perform(how) = how == 'long' && sleep(600)
end
"""

ENQUEUE = """\
load ENV.fetch('WORKER')
Job.perform_async('short')
5.times { Job.perform_async('long') }
2.times { |day| Job.perform_in((day + 1) * 86400, 'long') }
"""


class Real:
    """A Redis and a Sidekiq with two threads, both busy; three jobs wait, two are for later."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="hp-", dir="/tmp")
        self.socket = os.path.join(self.folder, "redis")
        self.processes = []
        try:
            self.fill()
        except BaseException:
            self.end()
            raise

    def start(self, *argv, **environment):
        with open(os.path.join(self.folder, "log"), "ab") as log:
            process = subprocess.Popen(argv, cwd=self.folder, stdin=subprocess.DEVNULL,
                                       stdout=log, stderr=log,
                                       env={**os.environ, **environment})
        self.processes.append(process)

    def fill(self):
        self.start("redis-server", "--port", "0", "--unixsocket", self.socket, "--dir",
                   self.folder, "--save", "3600 1 300 100 60 10000")
        wait_until(lambda: os.path.exists(self.socket), "redis-server")
        worker = os.path.join(self.folder, "worker.rb")
        with open(worker, "w") as file:
            file.write(WORKER)
        subprocess.run(["ruby", "-e", ENQUEUE], check=True, timeout=LIMIT_S,
                       env={**os.environ, "REAL": self.socket, "WORKER": worker})
        self.start("sidekiq", "-r", worker, "-c", "2", REAL=self.socket)
        with Line(self.socket) as line:
            wait_until(lambda: line.process() and line.ask("HGET", line.process(), "busy") == b"2",
                       "two busy threads")
            wait_until(lambda: line.ask("EXISTS", "stat:processed") == 1, "Sidekiq's counts")

    def end(self):
        for process in reversed(self.processes):
            process.kill()
            process.wait(LIMIT_S)
        shutil.rmtree(self.folder, ignore_errors=True)


# ---- RESP -----------------------------------------------------------------------------

class Word(str):
    """A status or an error, with its mark."""


class Line:
    """A connection, in database 1."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(LIMIT_S)
        self.socket.connect(path)
        self.file = self.socket.makefile("rb")
        self.ask("SELECT", "1")

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        self.file.close()
        self.socket.close()

    def ask(self, *words):
        words = [word.encode() for word in words]
        self.socket.sendall(b"*%d\r\n" % len(words) +
                            b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words))
        return self.answer()

    def answer(self):
        head = self.file.readline()
        mark, rest = head[:1], head[1:-2]
        if mark in b"+-" and mark:
            return Word((mark + rest).decode())
        number = int(rest)
        if mark == b":":
            return number
        if number < 0:
            return None
        if mark == b"*":
            return [self.answer() for _ in range(number)]
        return self.file.read(number + 2)[:-2]

    def process(self):
        names = self.ask("SMEMBERS", "processes")
        return names[0].decode() if names else None


END = b"\r\nECHO that-is-all\r\n"


def everything(path, sent, end=END):
    """All that comes back to these bytes, up to what ECHO says, or to the end."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(LIMIT_S)
        line.connect(path)
        came = b""
        try:
            line.sendall(b"SELECT 1\r\n" + sent + end)
            while not came.endswith(b"that-is-all\r\n"):
                piece = line.recv(65536)
                if not piece:
                    break
                came += piece
        except (BrokenPipeError, ConnectionResetError):  # closed while some of it was unread
            pass
        return came


# ---- shapes ----------------------------------------------------------------------------

FORMS = [
    ("a number", rb"-?\d+"),
    ("a fraction", rb"-?\d+\.\d+"),
    ("yes or no", rb"true|false"),
    ("a process", rb"[\w.-]+:\d+:[0-9a-f]{12}"),
    ("a job's id", rb"[0-9a-f]{24}"),
]


def shape(value):
    if isinstance(value, Word):
        return str(value)
    if isinstance(value, bool) or value is None:
        return repr(value)
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "real"
    if isinstance(value, dict):
        # A container's host name is of hexadecimal digits, which may all be decimal ones.
        return {name: "text" if name == "hostname" else shape(one)
                for name, one in sorted(value.items()) if name != "args"}
    if isinstance(value, list):
        return sorted({json.dumps(shape(one)) for one in value})
    return shape_of_text(value if isinstance(value, bytes) else value.encode())


def shape_of_text(text):
    if text[:1] in (b"{", b"["):
        return shape(json.loads(text))
    return next((name for name, form in FORMS if re.fullmatch(form, text)), "text")


def pairs(flat):
    return dict(zip([name.decode() for name in flat[::2]], flat[1::2]))


# ---- what is compared ---------------------------------------------------------------------

# Lines that both must answer alike.
LINES = r"""
ping|ping hello|ping a b|PING "a\x41\n"|echo|echo 'it\'s'|ping 'a|ping "a"b|ping "a""b"
foo|foo a 'b c' "d\n"|foo "a\r\nb"|foo bar baz|get|GeT queues
llen queues|llen|llen nope|lindex queue:default x|lindex nope x|lindex queue:default 1000
lrange nope 0 -1|lrange queue:default x 1|lrange queue:default 5 1
select 99|select x|select -1|select 2|auth x|auth a b|auth a b c|auth default x
config foo|config|config get|config get NOPE|config get save save|config get save
config get appendonly|config get appendfsync|config get databases|config get dbfilename
config get hz|config get maxclients|config get maxmemory|config get maxmemory-policy
config get shutdown-on-sigt*|config get TIME[n-p]ut|config get stop-writes-on-bgsave-error
config get tcp-keepalive|config get protected-mode|config get requirepass|config get port
client|client foo|client id x|client setname 'a b'|client setname|client getname
client setname me|command docs nope|command foo|hello 4|hello x
ttl queues|ttl nope|pttl nope|pttl queues|expire queues x|expire nope 10|expire nope 10 zz
expire nope 99999999999999999999|expire nope 9223372036854775807|expire
scan x|scan 0 foo|scan 0 count 0|scan 0 count x|scan 0 match
scan 0 type nope count 1000|scan 0 match nope* count 1000|keys nope*|keys queue[s]
keys q?eue[^a-r]|keys QUEUES|keys|keys a b
zrange nope 0 -1 foo|zrange nope 0 x|zrange queues 0 1|zrange nope 0|zcard retry|zcard queues
smembers queue:default|smembers nope|smembers queues|smembers paused|scard queues
sismember queues default|sismember queues defaul|sismember queues|hgetall nope|hgetall queues
hmget nope a b|hmget nope|hget nope a|hget nope|hlen nope|hlen queues|lpush queues x|lpush
type nope|type queues|type queue:default|type schedule|type processes|type stat:processed|type
exists queues nope queues|exists|role|role x|time x|save x|save|bgsave foo|dbsize x|lastsave x
info nope|info modules|info cluster|quit
sscan queues 0|sscan nope 0|sscan nope 0 foo|sscan queues x|sscan queues 0 count 0|sscan queues
sscan queue:default 0|sscan queues 0 match d*|sscan queues 0 match e*|sscan queues 0 count x
sscan queues 0 type set|sscan queues 0 match|hscan nope 0|hscan queues 0|hscan|zscan nope 0
zscan queues 0|zscan|hexists nope a|hexists nope|hexists queues a|hkeys nope|hkeys queues|hkeys
hvals nope|hvals queues|hvals|zscore nope a|zscore queues a|zscore|zscore schedule nope
mget nope queues|mget|strlen nope|strlen queues|strlen|debug sleep 0|debug|debug object queues
"""

# The same, as it is sent.
BYTES = [
    b"", b"\r\n\r\nping", b"echo a\tb", b"quit\r\nping",
    b"client setname ok\r\nclient getname\r\nclient setname ''\r\nclient getname",
    b"*0\r\n*-1\r\nping", b"*x", b"*01\r\n$4\r\nping", b"* 1\r\n$4\r\nping", b"*9999999999",
    b"*1\r\n:1", b"*1\r\n$-1", b"*1\r\n$x", b"*1\r\n$04\r\nping", b"*1\r\n$9999999999",
    b"*1\r\n$4\r\npingxxping", b"*2\r\n$4\r\necho\r\n$4\r\na\0\r\n", b"*1\n$4\r\nping",
]

# What they hold; PROCESS is the first worker.
SHAPES = [
    "TIME", "SMEMBERS queues", "SMEMBERS processes", "SCARD processes", "LLEN queue:default",
    "LINDEX queue:default 0", "LINDEX queue:default -1", "LRANGE queue:default 0 1",
    "LRANGE queue:default -2 -1", "TYPE PROCESS", "TTL PROCESS", "PTTL PROCESS", "HLEN PROCESS",
    "HGET PROCESS info", "HGET PROCESS beat", "HGET PROCESS nope", "TYPE PROCESS:workers",
    "HMGET PROCESS info busy beat quiet rss rtt_us nope", "TTL PROCESS:workers",
    "EXISTS PROCESS PROCESS:workers PROCESS-signals", "HLEN PROCESS:workers", "ZCARD schedule",
    "ZRANGE schedule 0 0", "ZRANGE schedule 0 0 WITHSCORES", "ZRANGE schedule 5 9",
    "GET stat:processed", "GET stat:failed", "LASTSAVE", "DBSIZE", "CLIENT ID", "HELLO",
    "HELLO 2", "SCAN 0 MATCH queue* COUNT 1000", "KEYS *:workers", "HVALS PROCESS",
    "HKEYS PROCESS", "HSCAN PROCESS 0", "HSCAN PROCESS 0 MATCH b*", "HEXISTS PROCESS busy",
    "ZSCAN schedule 0", "STRLEN stat:processed", "MGET stat:processed stat:failed queues",
]


def test_same(real, world):
    for sent in [line.encode() for line in re.split(r"[|\n]", LINES) if line] + BYTES:
        ours, theirs = everything(world.path("redis"), sent), everything(real.socket, sent)
        tap.equal(ours, theirs, "the same answer to %r" % sent.decode())


def test_endless(real, world):
    for begin in (b"", b"*", b"*1\r\n$"):
        sent = begin + b"1" * 200000
        tap.equal(everything(world.path("redis"), sent, b""), everything(real.socket, sent, b""),
                  "the same answer to %r without an end" % begin.decode())


def test_pieces(real, world):
    """A pipeline of both forms, a byte at a time."""
    sent = b"llen queue:nope\r\n*2\r\n$4\r\necho\r\n$4\r\na\r\nb\r\n\r\nfoo\r\nget\r\nquit\r\n"
    found = []
    for path in (world.path("redis"), real.socket):
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(LIMIT_S)
            line.connect(path)
            for byte in sent:
                line.sendall(bytes([byte]))
            came = b""
            while piece := line.recv(65536):
                came += piece
            found.append(came)
    tap.equal(found[0], found[1], "a pipeline in pieces")


def test_shapes(real, world):
    with Line(real.socket) as theirs, Line(world.path("redis")) as ours:
        for words in SHAPES:
            found = [shape(line.ask(*words.replace("PROCESS", line.process()).split()))
                     for line in (ours, theirs)]
            tap.equal(found[0], found[1], words)


def test_hashes(real, world):
    """A worker, and what it works on: the members, in their order, and what they are."""
    with Line(real.socket) as theirs, Line(world.path("redis")) as ours:
        found = [pairs(line.ask("HGETALL", line.process())) for line in (ours, theirs)]
        tap.equal(sorted(found[0]), sorted(found[1]), "the members of a process")
        tap.equal(shape(found[0]), shape(found[1]), "and what is in them")
        works = [pairs(line.ask("HGETALL", line.process() + ":workers"))
                 for line in (ours, theirs)]
        tap.equal(shape(list(works[0].values())), shape(list(works[1].values())),
                  "what a thread works on")
        tap.equal({len(work) for work in works}, {2}, "two threads are at work")


def info(line, *section):
    """[(section, [(name, value)])]"""
    text = line.ask("INFO", *section).decode()
    found = []
    for part in text.split("# ")[1:]:
        title, *lines = part.strip().split("\r\n")
        found.append((title, [tuple(one.split(":", 1)) for one in lines]))
    return found


# A value's form: digits, and what stands between them.
def form(value):
    value = re.sub(r"\d+(\.\d+)?[KMGTB]\b", "SIZE", value)
    value = re.sub(r"\b[0-9a-f]{40}\b", "ID", value)
    return re.sub(r"-?\d+", "N", value)


ELSEWHERE = {"os", "executable", "redis_build_id", "gcc_version", "mem_allocator"}


def test_info(real, world):
    with Line(real.socket) as theirs, Line(world.path("redis")) as ours:
        found, wanted = info(ours), info(theirs)
        tap.equal([title for title, _ in found], [title for title, _ in wanted],
                  "the sections of INFO")
        for (title, lines), (_, others) in zip(found, wanted):
            if title == "Errorstats":  # whatever was refused
                continue
            tap.equal([name for name, _ in lines], [name for name, _ in others],
                      "what %s says" % title)
            tap.equal([(name, form(value)) for name, value in lines if name not in ELSEWHERE],
                      [(name, form(value)) for name, value in others if name not in ELSEWHERE],
                      "and its form")
        several = "server", "NOPE", "persistence"
        tap.equal([title for title, _ in info(ours, *several)],
                  [title for title, _ in info(theirs, *several)], "several sections")
        tap.equal(info(ours, "memory")[0][0], "Memory", "one section")


def test_other_database(real, world):
    with Line(real.socket) as theirs, Line(world.path("redis")) as ours:
        for words in ("SELECT 0", "DBSIZE", "KEYS *", "SCAN 0", "SMEMBERS queues",
                      "LLEN queue:default", "GET stat:processed", "TYPE processes"):
            tap.equal(ours.ask(*words.split()), theirs.ask(*words.split()),
                      words + " elsewhere")


def test_signal(real, world):
    """TSTP makes a worker quiet in both; the signal is gone when it was taken."""
    with Line(real.socket) as theirs, Line(world.path("redis")) as ours:
        for line, whose in ((theirs, "real"), (ours, "simulated")):
            name = line.process()
            tap.equal(line.ask("HGET", name, "quiet"), b"false", "the %s worker takes jobs" % whose)
            tap.equal(line.ask("LPUSH", name + "-signals", "TSTP"), 1, "it is told")
            tap.equal(line.ask("EXPIRE", name + "-signals", "60"), 1, "for a minute")
            wait_until(lambda: line.ask("HGET", name, "quiet") == b"true", "it to be quiet")
            wait_until(lambda: line.ask("EXISTS", name + "-signals") == 0, "the signal to be taken")
            tap.ok(True, "and takes none any more")


# ---- redis-cli ------------------------------------------------------------------------------

# Without a command: what is typed.
CLI = [
    ("ping", None), ("-n 1 smembers queues", None), ("-n 1 llen nope", None),
    ("-n 1 hmget nope a b", None), ("-n 1 lrange nope 0 -1", None), ("role", None),
    ("foo bar", None), ("-e foo bar", None), ("-e ping", None), ("-n 99 ping", None),
    ("-n 99 -e ping", None), ("-n x ping", None), ("-a x ping", None),
    ("-a x --no-auth-warning ping", None), ("--user a --pass b ping", None),
    ("--user a ping", None), ("info modules", None), ("--raw echo a", None),
    ("--no-raw echo a", None), ("--no-raw role", None), ("--no-raw foo", None),
    ("--no-raw -n 1 hmget nope a b", None), ("--no-raw -n 1 smembers queues", None),
    ("--no-raw info modules", None), ("--no-raw -n 1 scan 0 match queues count 1000", None),
    ("-e quit", None), ("--version", None), ("-z", None), ("-n", None), ("--nope x", None),
    ("-2 ping", None), ("--no-raw --raw ping", None),
    ("", "ping\n\nfoo\nget \"a b\n2 ping\nselect 1\nsmembers queues\nquit\nping\n"),
    ("", "ping\nping"), ("-e", "ping\nfoo\nping\n"), ("", "0 ping\n-1 ping\n1x ping\n3\n"),
    ("--no-raw", "echo 'a\\'b' \necho \"\\x00\\xff\\n\"\nEXIT\n"), ("-n 1", "# a\n"), ("", ""),
]


def run_cli(program, path, options, typed, environment):
    done = subprocess.run([program, "-s", path, *options.split()], input=typed or "", text=True,
                          capture_output=True, timeout=LIMIT_S, env=environment, check=False)
    return done.returncode, done.stdout, done.stderr


def test_redis_cli(real, world):
    program = shutil.which("redis-cli")
    for options, typed in CLI:
        wanted = run_cli(program, real.socket, options, typed, {})
        what = "redis-cli %s" % (options if typed is None else options + " < %r" % typed)
        tap.equal(run_cli(world.path("bin", "redis-cli"), world.path("redis"), options, typed, {}),
                  wanted, what)
        tap.equal(run_cli(program, world.path("redis"), options, typed, {}), wanted,
                  "the real one there: " + what)


# What a Redis has and the simulated one has not: the real one answers or fails with 0, and
# a script would go on as if it were done.
NOT_HERE = [
    "client list", "client kill x", "monitor", "config set save x", "config rewrite", "slowlog get",
    "memory usage queues", "flushall", "flushdb", "set a b", "del queues", "rename queues x",
    "shutdown nosave", "replicaof no one", "eval x 0", "multi", "subscribe x", "acl list",
    "zcount schedule -inf +inf", "hello 3",
]

# The same of redis-cli itself, and of a place that is not the simulated one's.
NOT_HERE_OPTIONS = [
    "--scan", "--bigkeys", "--stat", "--latency", "--pipe", "--rdb x", "-r 2 ping", "-x ping",
    "--csv ping", "--json ping", "-u redis://localhost:1 ping", "--tls ping", "-3 ping",
]


def test_redis_cli_refuses(real, world):
    program = world.path("bin", "redis-cli")
    for line in NOT_HERE:
        status, out, err = run_cli(program, world.path("redis"), line, None, {})
        tap.ok(status == 1 and re.match(r"(ERR|NOPROTO) the simulated Redis .+\n\n$", out) and
               not err, "redis-cli %s: is refused" % line, status, out, err)
    for line in NOT_HERE_OPTIONS:
        status, out, err = run_cli(program, world.path("redis"), line, None, {})
        tap.ok(status == 1 and not out and
               re.match(r"redis-cli: the simulated redis-cli does not know -\S+, which", err),
               "redis-cli %s: is refused" % line, status, out, err)
    for place in ("-p 1", "-h nowhere.invalid", "-h 127.0.0.1 -p 1", "-s /nowhere"):
        found = [subprocess.run([cli, *place.split(), "ping"], env={}, capture_output=True,
                                text=True, timeout=LIMIT_S, check=False)
                 for cli in (shutil.which("redis-cli"), program)]
        tap.ok(all(done.returncode == 1 and not done.stdout and
                   re.match(r"Could not connect to Redis at \S+: ", done.stderr)
                   for done in found), "redis-cli %s: nobody is there" % place, found)
    tap.equal(run_cli(program, world.path("redis"), "-n 1 smembers queues", None, {})[:2],
              (0, "default\n"), "and what was there still is")


def test_redis_cli_environment(real, world):
    for auth in ("", "x"):
        environment = {"REDISCLI_AUTH": auth}
        tap.equal(run_cli(world.path("bin", "redis-cli"), world.path("redis"), "ping", None, environment),
                  run_cli(shutil.which("redis-cli"), real.socket, "ping", None, environment),
                  "with REDISCLI_AUTH=%s" % auth)


def test_nobody_there(real, world):
    for place, program in ((real.folder, shutil.which("redis-cli")),
                           (world.folder, world.path("bin", "redis-cli"))):
        found = run_cli(program, os.path.join(place, "gone"), "ping", None, {})
        tap.equal(found, (1, "", "Could not connect to Redis at %s/gone: No such file or "
                                 "directory\n" % place), "redis-cli where nobody is")


def on_terminal(argv):
    """What it prints, when that is a terminal."""
    mine, its = pty.openpty()
    process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=its,
                               stderr=subprocess.PIPE, env={})
    os.close(its)
    came = b""
    try:
        while True:
            piece = os.read(mine, 65536)
            if not piece:
                break
            came += piece
    except OSError:  # its end of it is closed
        pass
    os.close(mine)
    process.stderr.close()
    return process.wait(LIMIT_S), came.decode().replace("\r\n", "\n")


def test_redis_cli_on_a_terminal(real, world):
    for words in ("ping", "role", "foo", "-n 1 smembers queues", "-n 1 get nope", "info modules",
                  "-n 1 config get save", "--raw role", "dbsize"):
        tap.equal(on_terminal([world.path("bin", "redis-cli"), "-s", world.path("redis"),
                               *words.split()]),
                  on_terminal([shutil.which("redis-cli"), "-s", real.socket, *words.split()]),
                  "on a terminal: redis-cli " + words)


def typed_into(path, text):
    """What a real redis-cli shows on a terminal, where that is typed once it is ready."""
    mine, its = pty.openpty()
    process = subprocess.Popen(["redis-cli", "-s", path], stdin=its, stdout=its, stderr=its,
                               env={"PATH": os.environ["PATH"], "TERM": "dumb"})
    os.close(its)
    came = b""
    try:
        while b"> " not in came:
            came += os.read(mine, 65536)
        os.write(mine, text.encode())
        while True:
            came += os.read(mine, 65536)
    except OSError:  # its end of it is closed
        pass
    os.close(mine)
    return process.wait(LIMIT_S), came.decode().replace(path, "REDIS")


def test_the_real_one_on_a_terminal(real, world):
    """It asks for more at its start than it shows."""
    text = "ping\nselect 1\nsmembers queues\nexit\n"
    tap.equal(typed_into(world.path("redis"), text), typed_into(real.socket, text),
              "a real redis-cli on a terminal")


# ---- HTTP ------------------------------------------------------------------------------------

def test_http(real, world):
    """Two answers on one connection; both as the pages of the original say."""
    place = urllib.parse.urlsplit(world.hello["health"])
    line = http.client.HTTPConnection(place.hostname, place.port, timeout=LIMIT_S)
    line.request("GET", "/health")
    answer = line.getresponse()
    health = json.load(answer)
    tap.equal((answer.status, health), (200, {
        "healthy": True, "errors": {"db": None, "redis": None, "sidekiq": None},
        "version": "v44.0.1"}), "/health")
    connection = line.sock
    for path, status in (("/is_up", 200), ("/nowhere", 404)):
        line.request("GET", path)
        answer = line.getresponse()
        tap.equal((answer.status, answer.read()), (status, b""), path)
    tap.ok(connection is line.sock, "on the same connection")
    line.request("POST", "/health", body="x")
    tap.equal(line.getresponse().status, 405, "POST")
    line.close()


def main():
    lacking = [name for name in ("redis-server", "redis-cli", "sidekiq", "ruby")
               if not shutil.which(name)]
    if lacking:
        tap.skip_all("not here: " + ", ".join(lacking))
    tests = [function for name, function in globals().items() if name.startswith("test_")]
    real = Real()
    try:
        with Served(SCENARIO, "--speed", SPEED) as world:
            with Line(world.path("redis")) as line:
                wait_until(lambda: line.process() and line.ask("HGET", line.process(), "busy")
                           == b"2", "two busy threads")
            bound = []
            for test in tests:
                one = lambda test=test: test(real, world)
                one.__name__ = test.__name__
                bound.append(one)
            tap.run(*bound)
    finally:
        real.end()


if __name__ == "__main__":
    main()

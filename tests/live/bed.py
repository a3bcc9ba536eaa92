"""A real Docker engine with a real compose project, for the time of a test.

Engine starts a dockerd of its own below a short temporary folder (socket paths
are bounded) and imports an empty image: containers see the host's /usr, /bin,
/lib and /etc read-only, so that the host's own nginx, redis-server, postgres and
python run in them. Project is a compose file brought up on it. Everything is
ended by its process id and removed when the program ends.
"""

import atexit
import ctypes
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import tap

IMAGE = "handrail-bed:1"
COMPOSE_V1 = "docker-compose"

# Docker's own programs may be slow on a loaded machine; this only bounds a hang.
LIMIT_S = 120


def wait_until(holds, what, limit_s=LIMIT_S, every_s=0.05):
    """Polls `holds` until it gives something true, and returns that."""
    end = time.monotonic() + limit_s
    while True:
        value = holds()
        if value:
            return value
        if time.monotonic() > end:
            raise TimeoutError("waited %g s for %s" % (limit_s, what))
        time.sleep(every_s)


def needed():
    """Skips the whole script where the bed cannot stand."""
    if os.geteuid() != 0:
        tap.skip_all("a Docker engine of its own needs root")
    for program in ("dockerd", "docker", COMPOSE_V1):
        if not shutil.which(program):
            tap.skip_all("there is no %s on this host" % program)
    if os.path.isdir("/var/lib/handrail"):
        tap.skip_all("this host has a shared state root, which a test must not write to")


def _end_with_parent():
    """In a child: TERM when this program is killed, so that nothing stays behind."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


class Engine:
    """A dockerd of our own, a home folder and a PATH for what talks to it."""

    def __init__(self):
        self.root = tempfile.mkdtemp(prefix="hl-", dir="/tmp")
        os.chmod(self.root, 0o755)  # postgres is not root
        self.socket = os.path.join(self.root, "d.sock")
        self.host = "unix://" + self.socket
        self.home = self.folder("home")
        self.bin = self.folder("bin")
        self.log = os.path.join(self.root, "commands.log")
        self.daemon = None
        self.projects = []
        self.v2 = self._find_v2()
        atexit.register(self.end)
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, lambda n, frame: sys.exit(128 + n))
        self._write_wrapper()
        self._start()

    def folder(self, *names):
        path = os.path.join(self.root, *names)
        os.makedirs(path, exist_ok=True)
        return path

    # -- what children see -------------------------------------------------

    def environment(self, **more):
        """As an operator's shell has it, but for the wrapper and the home."""
        env = {
            "PATH": self.bin + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": self.home,
            "USER": "root",
            "LOGNAME": "root",
            "LANG": "C.UTF-8",
            "TERM": "dumb",
        }
        env.update(more)
        return env

    def _write_wrapper(self):
        """`docker-compose` notes its arguments before it becomes the real one, so
        that a test can count what was carried out."""
        real = shutil.which(COMPOSE_V1)
        path = os.path.join(self.bin, COMPOSE_V1)
        with open(path, "w") as file:
            file.write('#!/bin/sh\nprintf "%%s\\n" "$*" >> %s\nexec %s "$@"\n'
                       % (self.log, real))
        os.chmod(path, 0o755)
        open(self.log, "w").close()

    def commands(self):
        """What the wrapped docker-compose was asked for, one line each."""
        with open(self.log) as file:
            return file.read().splitlines()

    def forget_commands(self):
        open(self.log, "w").close()

    def _find_v2(self):
        """The compose v2 plugin, put where only this bed's docker finds it."""
        binary = os.environ.get("HANDRAIL_COMPOSE_V2")
        plugins = self.folder("home", ".docker", "cli-plugins")
        places = [binary] if binary else [
            os.path.join(folder, "docker-compose")
            for folder in ("/usr/local/lib/docker/cli-plugins", "/usr/lib/docker/cli-plugins",
                           "/usr/libexec/docker/cli-plugins",
                           "/usr/local/libexec/docker/cli-plugins")]
        for place in places:
            if os.access(place, os.X_OK):
                os.symlink(place, os.path.join(plugins, "docker-compose"))
                return place
        return None

    # -- the daemon ---------------------------------------------------------

    def _start(self):
        with open(os.path.join(self.root, "dockerd.log"), "wb") as log:
            self.daemon = subprocess.Popen(
                ["dockerd", "--host", self.host, "--data-root", self.folder("data"),
                 "--exec-root", self.folder("exec"),
                 "--pidfile", os.path.join(self.root, "d.pid"),
                 "--iptables=false", "--ip-forward=false", "--bridge=none"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                preexec_fn=_end_with_parent)
        try:
            wait_until(self._answers, "dockerd", 60)
        except (TimeoutError, RuntimeError) as problem:
            tap.note(self.last_words())
            tap.skip_all("dockerd does not run here: %s" % problem)
        empty = subprocess.Popen(["tar", "cf", "-", "--files-from", "/dev/null"],
                                 stdout=subprocess.PIPE)
        self.docker("import", "-", IMAGE, stdin=empty.stdout)
        empty.stdout.close()
        empty.wait()

    def last_words(self):
        """The end of what the daemon has logged."""
        with open(os.path.join(self.root, "dockerd.log"), errors="replace") as log:
            return log.read()[-2000:]

    def _answers(self):
        if self.daemon.poll() is not None:
            raise RuntimeError("it ended with status %d" % self.daemon.returncode)
        with socket.socket(socket.AF_UNIX) as line:
            try:
                line.connect(self.socket)
                line.sendall(b"GET /_ping HTTP/1.0\r\n\r\n")
                return b"OK" in line.recv(4096)
            except OSError:
                return False

    def docker(self, *arguments, stdin=subprocess.DEVNULL, check=True):
        """Runs docker and gives what it printed."""
        done = subprocess.run(["docker", *arguments], stdin=stdin, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, timeout=LIMIT_S,
                              env=self.environment(DOCKER_HOST=self.host))
        if check and done.returncode != 0:
            raise RuntimeError("docker %s: %s" % (" ".join(arguments), done.stderr))
        return done.stdout

    def id(self):
        return self.docker("info", "--format", "{{.ID}}").strip()

    def end(self):
        """Stops containers, the daemon, and removes what is left. May be called twice."""
        if self.daemon is not None and self.daemon.poll() is None:
            try:
                containers = self.docker("ps", "-aq", check=False).split()
                if containers:
                    self.docker("rm", "-f", "-v", *containers, check=False)
            except (subprocess.TimeoutExpired, OSError):
                pass
            self.daemon.terminate()
            try:
                self.daemon.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(self.daemon.pid, signal.SIGKILL)
                self.daemon.wait()
        self.daemon = None
        if os.environ.get("HANDRAIL_KEEP"):
            tap.note("kept: " + self.root)
        else:
            self._remove()

    def _remove(self):
        """What a container left mounted is unmounted first."""
        with open("/proc/self/mounts") as mounts:
            below = [line.split()[1] for line in mounts if line.split()[1].startswith(self.root)]
        for place in sorted(below, reverse=True):
            subprocess.run(["umount", "-l", place], stderr=subprocess.DEVNULL)
        shutil.rmtree(self.root, ignore_errors=True)


def service(command, **more):
    """A service of a compose file that runs a program of this host."""
    entry = {
        "image": IMAGE,
        "network_mode": "none",
        "command": command,
        "stop_grace_period": "10s",
        "volumes": ["%s:%s:ro" % (path, path)
                    for path in ("/usr", "/lib", "/lib64", "/bin", "/sbin", "/etc")
                    if os.path.exists(path)] + ["./:/srv:ro"],
        "tmpfs": ["/tmp:mode=1777", "/run", "/var/log", "/var/lib/nginx"],
    }
    entry["volumes"] += more.pop("volumes", [])
    entry.update(more)
    return entry


# Waits for TERM; what it then does is its argument: the status to end with.
POLITE = ("import signal, sys; "
          "signal.signal(signal.SIGTERM, lambda *a: sys.exit(%d)); signal.pause()")


def polite(status=0):
    return ["/usr/bin/python3", "-S", "-c", POLITE % status]


# Each check is a process started in the container: more often, a few projects would keep
# a machine busy with nothing else. A slow answer is no illness of what is tested here.
HEALTH = {"interval": "3s", "timeout": "30s", "retries": 10}

# How Redis keeps what it holds, by the name that a test gives it.
REDIS_KEEPS = {
    "snapshots": [],  # the save points that are built in
    "aof": ["--save", "", "--appendonly", "yes"],
    "nothing": ["--save", "", "--appendonly", "no"],
}


def beside(name):
    """The text of a file of this folder."""
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), name)) as file:
        return file.read()


def sidekiq(project, keeps="snapshots", workers=2, threads=5, queues=("default",)):
    """Real Sidekiq and the real Redis that it works from, over a socket in a folder that
    both containers and this host see at the same path. A container is given the 10 s to
    stop that Docker gives where nobody says more."""
    project.redis = project.engine.folder("r-" + project.name) + "/s"
    project.shared = project.engine.folder("shared-" + project.name)
    project.sections["redis"] = {"url": "unix://%s?db=1" % project.redis}
    project.write("worker.rb", beside("worker.rb"))
    data = os.path.dirname(project.redis)
    words = ["sidekiq", "-r", "/srv/worker.rb", "-c", str(threads), "-t", "25"]
    for name in queues:
        words += ["-q", name.replace("$", "$$")]
    return {
        "tines-sidekiq": service(words, scale=workers, stop_grace_period="10s",
                                 environment={"BED_REDIS": project.redis},
                                 volumes=["%s:%s" % (data, data), project.shared + ":/shared"]),
        "redis": service(["redis-server", "--port", "0", "--unixsocket", project.redis,
                          "--unixsocketperm", "777", "--dir", data, *REDIS_KEEPS[keeps]],
                         volumes=["%s:%s" % (data, data)], healthcheck={
            "test": ["CMD", "/usr/bin/redis-cli", "-s", project.redis, "ping"],
            **HEALTH}),
    }


def tines(project, version="v44.0.1", **more):
    """The seven services of the procedure, as the host's real programs; `more` is what
    sidekiq() takes. The proxy and the application are in the host's network, so that they
    see each other and are seen from here."""
    data = project.engine.folder("pg-" + project.name)
    owner = pwd.getpwnam("postgres")
    os.chown(data, owner.pw_uid, owner.pw_gid)
    os.chmod(data, 0o700)
    jobs = sidekiq(project, **more)
    port, project.port = project.reserve_port(), project.reserve_port()
    project.write("nginx.conf", NGINX % (project.port, port))
    project.write("app.py", beside("app.py"))
    project.write("postgres.sh", POSTGRES)
    project.health["tines-app"] = "http://127.0.0.1:%d/health" % port
    folder = os.path.dirname(project.redis)
    return {
        "nginx": service(["nginx", "-c", "/srv/nginx.conf"], network_mode="host",
                         stop_signal="SIGQUIT"),
        "tines-app": service(["/usr/bin/python3", "-S", "/srv/app.py", str(port), project.redis,
                              version], network_mode="host", scale=2,
                             volumes=["%s:%s" % (folder, folder)], healthcheck={
            "test": ["CMD", "/usr/bin/curl", "-fsS", "http://127.0.0.1:%d/is_up" % port],
            **HEALTH}),
        **jobs,
        "tines-command-runner": service(polite()),
        "postgres": service(["/bin/sh", "/srv/postgres.sh"],
                            user="%d:%d" % (owner.pw_uid, owner.pw_gid), stop_signal="SIGINT",
                            volumes=[data + ":/data"], healthcheck={
            "test": ["CMD", "/usr/bin/pg_isready", "-q", "-h", "127.0.0.1"],
            **HEALTH}),
        # As process 1 it has no handler for TERM: killed after its grace, exit 137.
        "pypi-server": service(["/usr/bin/python3", "-S", "-m", "http.server",
                                "--bind", "127.0.0.1", "8081"], stop_grace_period="1s"),
    }


NGINX = """\
daemon off;
pid /tmp/nginx.pid;
error_log stderr;
events {}
http {
  access_log off;
  client_body_temp_path /tmp/b; proxy_temp_path /tmp/p; fastcgi_temp_path /tmp/f;
  uwsgi_temp_path /tmp/u; scgi_temp_path /tmp/s;
  server { listen 127.0.0.1:%d reuseport; location / { proxy_pass http://127.0.0.1:%d; } }
}
"""

POSTGRES = """\
PATH=/usr/lib/postgresql/$(ls /usr/lib/postgresql | tail -1)/bin:$PATH
[ -f /data/PG_VERSION ] || initdb --auth=trust --no-sync -D /data > /dev/null
# No socket file: what a restarted tmpfs lets an ordinary user write differs.
exec postgres -D /data -c unix_socket_directories= -h 127.0.0.1 -F
"""


starting = threading.Lock()


class Project:
    """A compose project on an engine."""

    def __init__(self, engine, name, services, v2=False):
        """`services`: {name: service()}, or a function of the project giving that."""
        self.engine = engine
        self.name = name
        self.v2 = v2
        self.directory = engine.folder("projects", name)
        self.sections = {}  # of a site file for it: name → content
        self.health = {}    # service → address that answers for it
        self.ports = []
        if callable(services):
            services = services(self)
        self.services = services
        # JSON is YAML: what compose reads needs no YAML writer.
        self.write("docker-compose.yml",
                   json.dumps({"version": "2.4", "services": services}, indent=1))

    def write(self, name, text):
        path = os.path.join(self.directory, name)
        with open(path, "w") as file:
            file.write(text)
        return path

    def reserve_port(self):
        """A port of this host that stays ours: it is bound, by a socket that does not
        listen, and what shares it (SO_REUSEPORT) may listen on it."""
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        line.bind(("127.0.0.1", 0))
        self.ports.append(line)
        return line.getsockname()[1]

    def remove(self, name):
        os.unlink(os.path.join(self.directory, name))

    def compose(self, *arguments):
        """Speaks the real compose, past the wrapper that counts."""
        tool = ["docker", "compose"] if self.v2 else [shutil.which(COMPOSE_V1)]
        done = subprocess.run([*tool, "-p", self.name, *arguments], cwd=self.directory,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=LIMIT_S,
                              env=self.engine.environment(DOCKER_HOST=self.engine.host))
        if done.returncode != 0:
            raise RuntimeError("compose %s: %s" % (" ".join(arguments), done.stdout))
        return done.stdout

    def up(self):
        """One project of this program at a time: that is when they have most to do. A
        Sidekiq that is up before its Redis ends at once."""
        with starting:
            if "redis" in self.services:
                self.compose("up", "-d", "redis")
                self.wait_healthy("redis")
            self.compose("up", "-d")
        return self

    def down(self):
        """Makes room for the next one. What an engine that does not answer leaves behind, the
        engine's own end removes: nothing of a test is left by then."""
        try:
            self.compose("down", "-v", "-t", "0")
        except (RuntimeError, subprocess.TimeoutExpired) as problem:
            tap.note("%s is left to the engine's end: %s" % (self.name, problem))
            tap.note(self.engine.last_words())

    # -- what Docker says ----------------------------------------------------

    def inspect(self):
        """{service: [docker inspect's object, …]}, by container number."""
        ids = self.engine.docker(
            "ps", "-aq", "--no-trunc", "--filter",
            "label=com.docker.compose.project=" + self.name).split()
        found = {name: [] for name in self.services}
        if ids:
            for entry in json.loads(self.engine.docker("inspect", *ids)):
                labels = entry["Config"]["Labels"]
                found[labels["com.docker.compose.service"]].append(entry)
        for entries in found.values():
            entries.sort(key=lambda entry: int(
                entry["Config"]["Labels"]["com.docker.compose.container-number"]))
        return found

    def running(self):
        """{service: how many run}."""
        return {name: sum(entry["State"]["Running"] for entry in entries)
                for name, entries in self.inspect().items()}

    def of(self, name, *path):
        """One member of every container of a service."""
        values = []
        for entry in self.inspect()[name]:
            for part in path:
                entry = entry[part]
            values.append(entry)
        return values

    def wait_healthy(self, *services):
        """Until everything (or these services) runs, and what has a health check passes it."""
        def healthy():
            found = self.inspect()
            return all(entry["State"]["Running"]
                       and entry["State"].get("Health", {}).get("Status", "healthy") == "healthy"
                       for name in services or found for entry in found[name])
        try:
            wait_until(healthy, "%s to be healthy" % self.name)
        except TimeoutError:
            tap.note({name: [entry["State"] for entry in entries]
                      for name, entries in self.inspect().items()})
            tap.note(self.engine.last_words())
            raise

    def identity(self):
        return {"engine": self.engine.id(), "project": self.name}

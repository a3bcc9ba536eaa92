"""The job queues of a bed's project: puts jobs in as a Sidekiq client does, and counts
from outside what became of them."""

import json
import os
import secrets
import socket
import threading
import time

import bed


class RedisError(Exception):
    pass


class Redis:
    """A connection to a Redis over its socket: redis("LLEN", name)."""

    def __init__(self, path, database=1):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(bed.LIMIT_S)
        self.socket.connect(path)
        self.stream = self.socket.makefile("rwb")
        self("SELECT", database)

    def __call__(self, *words):
        words = [word if isinstance(word, bytes) else str(word).encode() for word in words]
        self.stream.write(b"*%d\r\n" % len(words) + b"".join(
            b"$%d\r\n%s\r\n" % (len(word), word) for word in words))
        self.stream.flush()
        return self._answer()

    def _answer(self):
        line = self.stream.readline()
        kind, rest = line[:1], line[1:-2]
        if kind == b"-":
            raise RedisError(rest.decode())
        if kind == b":":
            return int(rest)
        if kind == b"*":
            return [self._answer() for _ in range(int(rest))]
        if kind == b"$":
            return self.stream.read(int(rest) + 2)[:-2] if int(rest) >= 0 else None
        if kind != b"+":
            raise ConnectionError("Redis said %r" % line)
        return rest

    def close(self):
        self.stream.close()
        self.socket.close()


def payload(kind, *arguments, **members):
    """A job as Sidekiq 6 writes it."""
    now = time.time()
    return {"retry": True, "queue": "default", "class": kind, "args": list(arguments),
            "jid": secrets.token_hex(12), "created_at": now, "enqueued_at": now, **members}


class Queues:
    """The queues of a project made with bed.sidekiq()."""

    def __init__(self, project):
        self.project = project
        self.redis = Redis(project.redis)

    def put(self, kind, *arguments, times=1, queue="default", redis=None):
        """Puts so many jobs in, and gives their jids."""
        redis = redis or self.redis
        jobs = [payload(kind, *arguments, queue=queue) for _ in range(times)]
        redis("SADD", "queues", queue)
        if jobs:
            redis("LPUSH", "queue:" + queue, *[json.dumps(job) for job in jobs])
        return [job["jid"] for job in jobs]

    def size(self, queue="default"):
        return self.redis("LLEN", "queue:" + queue)

    def processes(self):
        """{name: {info, busy, beat, quiet}} of those that Redis has a hash of."""
        found = {}
        for name in self.redis("SMEMBERS", "processes"):
            info, busy, beat, quiet = self.redis("HMGET", name, "info", "busy", "beat", "quiet")
            if beat:
                found[name.decode()] = {"info": json.loads(info), "busy": int(busy),
                                        "beat": float(beat), "quiet": quiet == b"true"}
        return found

    def busy(self):
        """How many jobs are being worked on, as of the last sign of life."""
        return sum(process["busy"] for process in self.processes().values())

    def workers_up(self, count):
        bed.wait_until(lambda: len(self.processes()) >= count, "%d workers" % count)
        return self

    def waiting(self):
        """The jids that are still somewhere in Redis: queued, to be retried, scheduled."""
        jobs = [job for name in self.redis("SMEMBERS", "queues")
                for job in self.redis("LRANGE", b"queue:" + name, 0, -1)]
        for name in ("retry", "schedule"):
            jobs += self.redis("ZRANGE", name, 0, -1)
        return [json.loads(job)["jid"] for job in jobs]

    def done(self):
        """The jids of jobs that came to their end, once for each time."""
        try:
            with open(os.path.join(self.project.shared, "done")) as file:
                return file.read().split()
        except FileNotFoundError:
            return []

    def enough(self):
        """Ends the breeding."""
        open(os.path.join(self.project.shared, "enough"), "w").close()


class Producer:
    """Puts jobs in from a thread of its own: `times` each `every_s`, until stop()."""

    def __init__(self, queues, every_s, times, kind, *arguments, queue="default"):
        self.over = threading.Event()
        self.jids = []
        redis = Redis(queues.project.redis)

        def produce():
            due = time.monotonic()
            while not self.over.is_set():
                self.jids += queues.put(kind, *arguments, times=times, queue=queue, redis=redis)
                due += every_s
                self.over.wait(max(0, due - time.monotonic()))
            redis.close()
        self.thread = threading.Thread(target=produce, daemon=True)
        self.thread.start()

    def stop(self):
        self.over.set()
        self.thread.join()
        return self.jids

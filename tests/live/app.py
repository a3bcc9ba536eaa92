"""tines-app of the bed: answers /health and /is_up as Tines does, about the Redis there is.

/health always answers 200, and says in JSON whether all is well; /is_up answers 200 or
500. Both want at least one live Sidekiq process. Its arguments: port, Redis' socket, and
the version it says it is. Several share the port.
"""

import http.server
import json
import signal
import socket
import sys
import time

PORT, REDIS, VERSION = int(sys.argv[1]), sys.argv[2], sys.argv[3]
BEAT_MAX_S = 60  # how long Sidekiq's own key lives


def ask(stream, *words):
    """One command, in Redis' inline form; its answer as text or a list of texts."""
    stream.write((" ".join(words) + "\r\n").encode())
    stream.flush()
    return answer(stream)


def answer(stream):
    line = stream.readline().decode().rstrip("\r\n")
    kind, rest = line[:1], line[1:]
    if kind == "*":
        return [answer(stream) for _ in range(int(rest))]
    if kind == "$":
        return stream.read(int(rest) + 2)[:-2].decode() if int(rest) >= 0 else None
    if kind in "-" or not kind:
        raise OSError(rest or "no answer")
    return rest


def errors():
    found = {"db": None, "redis": None, "sidekiq": None}
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(2)
            line.connect(REDIS)
            with line.makefile("rwb") as stream:
                ask(stream, "SELECT", "1")
                beats = [ask(stream, "HGET", name, "beat")
                         for name in ask(stream, "SMEMBERS", "processes")]
        if not any(beat and time.time() - float(beat) < BEAT_MAX_S for beat in beats):
            found["sidekiq"] = "no process is running"
    except OSError as problem:
        found["redis"] = str(problem)
        found["sidekiq"] = "not known without redis"
    return found


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path not in ("/health", "/is_up"):
            return self.give(404, b"")
        found = errors()
        healthy = not any(found.values())
        if self.path == "/is_up":
            return self.give(200 if healthy else 500, b"")
        self.give(200, json.dumps({"healthy": healthy, "errors": found,
                                   "version": VERSION}).encode())

    def give(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def server_bind(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self.socket.bind(self.server_address)


# Like puma as process 1: TERM is a normal stop, and the status is 1.
signal.signal(signal.SIGTERM, lambda *a: sys.exit(1))
Server(("127.0.0.1", PORT), Answer).serve_forever()

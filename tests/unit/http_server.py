#!/usr/bin/env python3
"""Web servers of every kind for the tests of web addresses: good, slow, endless, broken,
with good and with bad certificates. Says one line of JSON, {"ports": {name: port},
"folder": where the certificates are}, and ends with its standard input."""

import http.server
import json
import os
import shutil
import signal
import socket
import ssl
import sys
import tempfile
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import certificates

SICK = {"healthy": False, "version": "v44.0.1",
        "errors": {"db": None, "redis": "connection refused", "sidekiq": ""}}
WELL = {"healthy": True, "version": "v44.0.1", "errors": {}}

OVER = threading.Event()  # set when the test has ended


# ---- what is answered ------------------------------------------------------------

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, **headers):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def endless(self, piece, pause=0.0, status=True):
        self.close_connection = True
        if status:
            self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not OVER.is_set():
            self.wfile.write(piece)
            if pause:
                OVER.wait(pause)

    def do_GET(self):
        path = self.path.split("?")[0]
        if path == "/well":
            self.answer(200, WELL)
        elif path == "/sick":
            self.answer(200, SICK)
        elif path == "/503":
            self.answer(503, b"<html>busy</html>")
        elif path == "/redirect":
            self.answer(302, b"", Location="https://u:secret@else.example/x?y=1")
        elif path == "/what":
            self.answer(200, {name: self.headers.get(name) for name in
                              ("Authorization", "User-Agent", "Cookie")},
                        **{"Set-Cookie": "a=b"})
        elif path == "/bytes":
            self.answer(200, b"a\0b\xff\xc3\xa9")
        elif path in ("/full", "/over"):
            self.answer(200, b"x" * (65536 + (path == "/over")))
        elif path == "/never":
            OVER.wait()
        elif path == "/drip":
            self.endless(b"x", 0.02)
        elif path == "/gigabyte":
            self.endless(b"x" * (1 << 20))
        elif path == "/headers":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            self.endless(b"X-More: " + b"x" * 1000 + b"\r\n", status=False)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, pair=None):
        super().__init__(("127.0.0.1", 0), Handler)
        if pair:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*pair)
            self.socket = context.wrap_socket(self.socket, server_side=True,
                                              do_handshake_on_connect=False)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_):
        pass  # clients that go away, and those that do not like a certificate

    @property
    def port(self):
        return self.server_address[1]


def raw(answer):
    """A port that reads what is asked, says `answer` and closes."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

    threading.Thread(target=serve, daemon=True).start()
    return listener.getsockname()[1]


def refused():
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def main():
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    folder = tempfile.mkdtemp(prefix="handrail-http-")
    try:
        pairs = certificates.make(folder)
        ports = {
            "plain": Server().port,
            **{name: Server(pair).port for name, pair in pairs.items()},
            "closes": raw(b""),
            "ssh": raw(b"SSH-2.0-OpenSSH_9.2\r\n"),
            "cut": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"),
            "refused": refused(),
        }
        print(json.dumps({"ports": ports, "folder": folder}), flush=True)
        sys.stdin.read()
        OVER.set()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Stands between a client and a server, and does what it is told on standard input.

    fault_proxy.py PORT            the server's; prints the port of its own, then "ok" for
                                   each line that it has read:
    pass                           nothing is wrong
    hole                           takes everything and passes on nothing
    delay SECONDS                  answers come late
    cut BYTES                      closes after so many bytes of the next answer
    say TEXT[|MORE xTIMES]         answers with this instead (Python's escapes), and with
                                   more of it so many times, and stays
    bye TEXT                       the same, and closes
    drop                           closes the connections that there are
    to PORT                        what connects from now on is led there
"""
import re
import socket
import sys
import threading
import time

mode = ["pass"]
port = [0]
lock = threading.Lock()
pairs = []


def from_server(server, client):
    """Passes answers on, and does to them what is wrong."""
    while data := server.recv(65536):
        what, *words = mode
        if what == "delay":
            time.sleep(float(words[0]))
        elif what == "hole" or what in ("say", "bye"):
            continue
        elif what == "cut":
            client.sendall(data[:int(words[0])])
            break
        client.sendall(data)


def escaped(text):
    return text.encode().decode("unicode_escape").encode("latin-1")


def from_client(client, server):
    while data := client.recv(65536):
        what, *words = mode
        if what in ("say", "bye"):
            text, more, times = re.fullmatch(r"(.*?)(?:\|(.*) x(\d+))?", words[0]).groups()
            client.sendall(escaped(text) + escaped(more or "") * int(times or 0))
            if what == "bye":
                break
        elif what != "hole":
            server.sendall(data)


def carry(way, one, other):
    try:
        way(one, other)
    except OSError:
        pass
    for end in (one, other):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def accept(listener):
    while True:
        client, _ = listener.accept()
        try:
            server = socket.create_connection(("127.0.0.1", port[0]))
        except OSError:
            client.close()
            continue
        with lock:
            pairs.append((client, server))
        threading.Thread(target=carry, args=(from_client, client, server), daemon=True).start()
        threading.Thread(target=carry, args=(from_server, server, client), daemon=True).start()


def drop():
    with lock:
        for pair in pairs:
            for end in pair:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
        pairs.clear()


def main():
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    print(listener.getsockname()[1], flush=True)
    port[0] = int(sys.argv[1])
    threading.Thread(target=accept, args=(listener,), daemon=True).start()
    for line in sys.stdin:
        words = line.rstrip("\n").split(" ", 1)
        if words[0] == "drop":
            drop()
        elif words[0] == "to":
            port[0] = int(words[1])
        else:
            mode[:] = words
        print("ok", flush=True)


if __name__ == "__main__":
    main()

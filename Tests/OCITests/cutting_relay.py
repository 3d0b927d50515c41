"""Passes connections on to a port, and cuts the first ones off in the middle.

usage: cutting_relay.py PORT UPSTREAM_PORT BYTES TIMES

A connection that has sent more than BYTES is closed at both ends, and with it all others; the next TIMES
connections that do so are treated alike, later ones pass.
"""
import socket
import sys
import threading

PORT, UPSTREAM, BYTES, TIMES = map(int, sys.argv[1:5])
lock = threading.Lock()
left = TIMES


def close(*ends):
    for end in ends:
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def pump(source, target, counts):
    global left
    total = 0
    while True:
        try:
            data = source.recv(1 << 16)
        except OSError:
            data = b""
        if not data:
            return close(source, target)
        total += len(data)
        if counts and total > BYTES:
            with lock:
                cuts = left > 0
                left -= cuts
            if cuts:
                return close(source, target)
            counts = False
        try:
            target.sendall(data)
        except OSError:
            return close(source, target)


server = socket.create_server(("127.0.0.1", PORT), backlog=50)
while True:
    client, _ = server.accept()
    upstream = socket.create_connection(("127.0.0.1", UPSTREAM))
    threading.Thread(target=pump, args=(client, upstream, True), daemon=True).start()
    threading.Thread(target=pump, args=(upstream, client, False), daemon=True).start()

"""Query Service's wire: PostgreSQL's protocol over TLS, answered by a warehouse. See README.md.

By itself: wire.py FOLDER. The folder holds `wire.json` ({"certificate", "key", "token", "user"}) and
`tables.json` ({table: [batch, ...]}, read anew for each statement); the port is written to `port`, every
message to `messages`. `limits.json`, if it is there: {"sessions": n} bounds sessions, {"lift": false}
lets LIMIT 0 change nothing.
"""
import datetime
import decimal
import json
import os
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time

from sqlglot import exp
from sqlglot.errors import SqlglotError

import dialect
from state import KNOBS
from warehouse import Refused, Warehouse, warehouse_of

SSL_REQUEST, CANCEL_REQUEST, GSS_REQUEST, VERSION_3 = 80877103, 80877102, 80877104, 196608
CUT = 50_000
LONGEST = 1 << 24


class Login:
    """What a user's sessions share: a warehouse, notes of each message, limits and open sessions."""

    def __init__(self, warehouse, note, limits):
        self.warehouse, self.note, self.limits, self.open = warehouse, note, limits, set()


class Wire:
    """A server; `accepts(user, password)` gives the Login, or None for a wrong one."""

    def __init__(self, certificate, key, accepts, note=lambda kind, text: None):
        self.accepts, self.note = accepts, note
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        self.open, self.count, self.lock = {}, 0, threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def start(self):
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def serve(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection):
        try:
            Conversation(self, connection).run()
        except (OSError, EOFError, ssl.SSLError, struct.error):
            pass
        finally:
            connection.close()


class Conversation:
    def __init__(self, wire, connection):
        self.wire, self.stream, self.key = wire, connection, None

    def run(self):
        encrypted = False
        while True:
            size, code = struct.unpack("!ii", self.read(8))
            body = self.read(size - 8) if 8 < size < LONGEST else b""
            if code == SSL_REQUEST:
                self.stream.sendall(b"S")
                self.stream = self.wire.context.wrap_socket(self.stream, server_side=True)
                encrypted = True
            elif code == GSS_REQUEST:
                self.stream.sendall(b"N")
            elif code == CANCEL_REQUEST:
                return self.cancel(struct.unpack("!ii", body))
            elif code == VERSION_3:
                break
            else:
                return self.fail("0A000", "unknown protocol", "FATAL")
        words = body.split(b"\0")
        given = dict(zip(words[::2], words[1::2]))
        user = given.get(b"user", b"").decode()
        if not encrypted:
            self.wire.note("refused", "no TLS")
            return self.fail("28000", "SSL is required", "FATAL")
        self.send(b"R", struct.pack("!i", 3))
        kind, password = self.message()
        self.login = self.wire.accepts(user, password.rstrip(b"\0").decode()) if kind == b"p" else None
        if self.login is None:
            self.wire.note("refused", "token")
            return self.fail("28P01", "authentication failed: token is not valid", "FATAL")
        if not self.enter():
            self.login.note("refused", "session limit")
            return self.fail("53300", "Session Limit Reached", "FATAL")
        try:
            self.session()
        finally:
            with self.wire.lock:
                self.wire.open.pop(self.key[0], None)
                self.login.open.discard(self)

    def enter(self):
        with self.wire.lock:
            if len(self.login.open) >= self.login.limits().get("sessions", 10):
                return False
            self.wire.count += 1
            self.key = (self.wire.count, int.from_bytes(os.urandom(3), "big"))
            self.cursor = self.login.warehouse.cursor()
            self.wire.open[self.key[0]] = self
            self.login.open.add(self)
            return True

    def cancel(self, key):
        with self.wire.lock:
            session = self.wire.open.get(key[0])
        if session is not None and session.key == key:
            session.login.note("cancel", "")
            session.cursor.interrupt()

    def session(self):
        self.send(b"R", struct.pack("!i", 0))
        for name, value in (("server_version", "0.1"), ("client_encoding", "UTF8"), ("TimeZone", "UTC")):
            self.send(b"S", name.encode() + b"\0" + value.encode() + b"\0")
        self.send(b"K", struct.pack("!ii", *self.key))
        self.ready()
        while True:
            kind, body = self.message()
            if kind == b"X":
                return
            if kind != b"Q":
                self.fail("0A000", "only simple queries are supported")
            else:
                self.query(body.rstrip(b"\0").decode())
            self.ready()

    def query(self, text):
        self.login.note("query", text)
        try:
            statements = dialect.statements(text)
        except SqlglotError as error:
            return self.fail("42601", str(error).split("\n")[0])
        if not statements:
            return self.send(b"I", b"")
        for statement in statements:
            try:
                self.run_one(statement)
            except Refused as error:
                return self.fail(error.state, error.message)

    def run_one(self, statement):
        if isinstance(statement, (exp.Set, exp.Command)):
            return self.send(b"C", b"SET\0")
        if not isinstance(statement, exp.Query):
            raise Refused("0A000", "only SELECT is interactive; create tables by POST /queries")
        whole = dialect.is_limit_zero(statement) and self.login.limits().get("lift", True)
        result = self.login.warehouse.execute(self.cursor, statement)
        columns = b"".join(
            name[0].encode() + b"\0" + struct.pack("!ihihih", 0, 0, 25, -1, -1, 0) for name in result.description)
        self.send(b"T", struct.pack("!h", len(result.description)) + columns)
        count = 0
        while count < CUT or whole:
            rows = result.fetchmany(2000 if whole else min(2000, CUT - count))
            if not rows:
                break
            self.stream.sendall(b"".join(map(data_row, rows)))
            count += len(rows)
        self.send(b"C", f"SELECT {count}\0".encode())

    def ready(self):
        self.send(b"Z", b"I")

    def fail(self, state, message, severity="ERROR"):
        fields = (("S", severity), ("V", severity), ("C", state), ("M", message))
        self.send(b"E", b"".join(f"{key}{value}\0".encode() for key, value in fields) + b"\0")

    def send(self, kind, body):
        self.stream.sendall(kind + struct.pack("!i", len(body) + 4) + body)

    def message(self):
        kind = self.read(1)
        size = struct.unpack("!i", self.read(4))[0]
        if not 4 <= size < LONGEST:
            raise EOFError
        return kind, self.read(size - 4)

    def read(self, count):
        whole = b""
        while len(whole) < count:
            part = self.stream.recv(count - len(whole))
            if not part:
                raise EOFError
            whole += part
        return whole


def data_row(row):
    parts = [struct.pack("!h", len(row))]
    for value in row:
        if value is None:
            parts.append(struct.pack("!i", -1))
        else:
            text = value_text(value).encode()
            parts.append(struct.pack("!i", len(text)) + text)
    body = b"".join(parts)
    return b"D" + struct.pack("!i", len(body) + 4) + body


def value_text(value):
    """As PostgreSQL writes it."""
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, datetime.datetime):
        text = value.replace(tzinfo=None).isoformat(" ")
        return text.rstrip("0") if "." in text else text
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(value, (dict, list)):
        return json.dumps(value, default=str)
    return str(value)


def make_certificate(folder):
    """A certificate for 127.0.0.1 and its key, both in a folder."""
    certificate, key = folder + "/wire.pem", folder + "/wire-key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
         "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", key, "-out", certificate], check=True, capture_output=True)
    return certificate, key


def register(app):
    """The wire beside the sandbox's other services: one port, a warehouse and limits for each space.

    Knobs: `wire_sessions`, `wire_lift`. Messages are counted as `WIRE query`, `WIRE cancel`, ...
    """
    KNOBS.setdefault("wire_sessions", 10)
    KNOBS.setdefault("wire_lift", True)
    certificate, key = make_certificate(app.state.folder)
    logins = {}

    def accepts(user, password):
        with app.state.lock:
            token = app.state.tokens.get(password)
            space = token and token["space"]
            if not token or token["ends"] <= space.now() or user != space.organization:
                return None
            if id(space) not in logins:
                logins[id(space)] = login(space)
            return logins[id(space)]

    def login(space):
        def note(kind, text):
            with space.lock:
                space.count(f"WIRE {kind}")
                space.other.setdefault("wire", []).append([kind, text])
                space.save()

        return Login(warehouse_of(space), note, lambda: {
            "sessions": space.knobs["wire_sessions"], "lift": space.knobs["wire_lift"]})

    wire = Wire(certificate, key, accepts).start()
    app.addresses["wire"] = {"host": "127.0.0.1", "port": wire.port, "certificate": certificate}


def main(folder):
    def read(name, default=None):
        path = os.path.join(folder, name)
        return json.load(open(path)) if os.path.exists(path) or default is None else default

    settings, lock = read("wire.json"), threading.Lock()

    def note(kind, text):
        with lock, open(os.path.join(folder, "messages"), "a") as file:
            file.write(json.dumps([kind, text]) + "\n")

    login = Login(
        Warehouse(lambda: read("tables.json", {})), note, lambda: read("limits.json", {}))

    def accepts(user, password):
        return login if user == settings["user"] and password == settings["token"] else None

    wire = Wire(settings["certificate"], settings["key"], accepts, note).start()
    draft = os.path.join(folder, "port.new")
    with open(draft, "w") as file:
        file.write(str(wire.port))
    os.rename(draft, os.path.join(folder, "port"))
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(0.5)


if __name__ == "__main__":
    main(sys.argv[1])

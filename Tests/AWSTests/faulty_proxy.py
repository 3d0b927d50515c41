"""Forwards HTTP to a server and spoils the exchanges that it was told to spoil.

usage: faulty_proxy.py PORT UPSTREAM_PORT [CERTIFICATE KEY]

POST /__faults with a JSON list replaces what is to be spoiled; GET /__faults answers which
requests came, which faults are left, and how many connections were made in all. Each fault is used once, by the first request that it
fits, in the order of the list:

  {"kind": "status", "status": 503, "code": "SlowDown", "retry_after": "1"}
  {"kind": "reset"}                      the connection breaks before the request is forwarded
  {"kind": "lost"}                       forwarded, then the connection breaks without an answer
  {"kind": "stall", "seconds": 30}       nothing comes for so long
  {"kind": "truncate", "after": 1000}    the body ends early
  {"kind": "flip", "at": 5}              one byte of the body is another
  {"kind": "none"}                       this one passes, the next faults fit later ones

with "method" and "path" (a part of the request line's path), both optional, and "times".
"""
import json
import socket
import ssl
import struct
import sys
import threading
import time
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

UPSTREAM = int(sys.argv[2])
lock = threading.Lock()
faults = []
requests = []
connections = 0


def take_fault(method, path):
    with lock:
        requests.append(method + " " + path)
        for fault in faults:
            if fault.get("method", method) == method and fault.get("path", "") in path:
                fault["times"] = fault.get("times", 1) - 1
                if fault["times"] <= 0:
                    faults.remove(fault)
                return fault
    return None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        global connections
        with lock:
            connections += 1
        super().setup()

    def log_message(self, *arguments):
        pass

    def handle_one(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/__faults":
            return self.control(body)
        fault = take_fault(self.command, self.path)
        kind = fault["kind"] if fault else None
        if kind == "reset":
            return self.break_off()
        if kind == "stall":
            time.sleep(fault["seconds"])
            return self.break_off()
        if kind == "status":
            return self.refuse(fault)
        status, headers, answer = self.forward(body)
        if kind == "lost":
            return self.break_off()
        length = len(answer)
        if kind == "flip" and answer:
            spoiled = bytearray(answer)
            spoiled[fault["at"] % length] ^= 1
            answer = bytes(spoiled)
        if kind == "truncate":
            answer = answer[: fault["after"]]
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in ("connection", "content-length", "transfer-encoding"):
                self.send_header(name, value)
        if self.command == "HEAD":
            length = dict((n.lower(), v) for n, v in headers).get("content-length", "0")
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(answer)
        if kind == "truncate":
            self.close_connection = True

    def forward(self, body):
        connection = HTTPConnection("127.0.0.1", UPSTREAM, timeout=60)
        connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() != "connection":
                connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        data = answer.read()
        headers = answer.getheaders()
        connection.close()
        return answer.status, headers, data

    def refuse(self, fault):
        code = fault.get("code", "InternalError")
        body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>injected</Message></Error>"
        self.send_response_only(fault["status"])
        if "retry_after" in fault:
            self.send_header("Retry-After", fault["retry_after"])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body.encode())

    def break_off(self):
        self.close_connection = True
        # Zero linger: the peer sees a reset, not an orderly end.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def control(self, body):
        with lock:
            if self.command == "POST":
                faults[:] = json.loads(body)
                requests.clear()
            answer = {"requests": requests, "left": faults, "connections": connections}
            answer = json.dumps(answer).encode()
        self.send_response_only(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = handle_one


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        pass  # A connection that broke is what it is for.


server = Server(("127.0.0.1", int(sys.argv[1])), Handler)
if len(sys.argv) > 3:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[3], sys.argv[4])
    server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()

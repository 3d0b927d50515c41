"""An S3 endpoint that means harm: the first part of a request's path says in which way.

usage: hostile_bucket.py PORT

Every request is answered, or not, in the way of its kind; see the functions below. `echo` refuses
with 403 and repeats in its message all that it was sent.
"""
import socket
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

# What no client should wait for, or read to the end.
LONGEST = 300
LIST = b'<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated>'
ENTRY = b"<Contents><Key>%s</Key><Size>1</Size><ETag>x</ETag></Contents>"
count = 0


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body leave together: else each answer waits for an acknowledgement.
    wbufsize = 1 << 16

    def log_message(self, *words):
        pass

    def answer(self, status, body, fields=()):
        self.send_response(status)
        for name, value in fields:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def forever(self, status, start, piece, fields=()):
        self.send_response(status)
        for name, value in fields:
            self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command == "HEAD":
            return
        self.wfile.write(start)
        end = time.time() + LONGEST
        piece = piece * (65536 // len(piece) + 1)
        while time.time() < end:
            self.wfile.write(piece)

    def endless_list(self, query):
        self.forever(200, LIST, ENTRY % b"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")

    def endless_text(self, query):
        self.forever(200, b"<ListBucketResult><Name>", b"x")

    def endless_refusal(self, query):
        self.forever(403, b"<Error><Code>Odd</Code><Message>", b"y")

    def endless_headers(self, query):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        end = time.time() + LONGEST
        while time.time() < end:
            self.wfile.write(b"x-amz-meta-a: " + b"z" * 900 + b"\r\n")

    def endless_continue(self, query):
        end = time.time() + LONGEST
        while time.time() < end:
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)

    def deep(self, query):
        self.answer(200, b"<a>" * 100000 + b"</a>" * 100000)

    def entities(self, query):
        body = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
        for index in range(20):
            name, last = chr(98 + index), chr(97 + index)
            body += b'<!ENTITY %s "%s">' % (name.encode(), f"&{last};".encode() * 10)
        self.answer(200, body + b"]><ListBucketResult><Name>&u;</Name></ListBucketResult>")

    def file_entity(self, query):
        self.answer(
            200,
            b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
            b"<ListBucketResult><Name>&a;</Name></ListBucketResult>",
        )

    def long_length(self, query):
        self.send_response(200)
        self.send_header("Content-Length", str(10**15))
        self.end_headers()
        self.wfile.write(b"<ListBucketResult>")
        self.close_connection = True

    def short_length(self, query):
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(LIST + b"</ListBucketResult>")
        self.close_connection = True

    def odd_length(self, query):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\nContent-Length: 7\r\n\r\nabcdefg")
        self.close_connection = True

    def tokens(self, query):
        global count
        count += 1
        self.answer(
            200,
            b"<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>%d"
            b"</NextContinuationToken></ListBucketResult>" % count,
        )

    def odd_keys(self, query):
        keys = [b"../../../../tmp/x", b"/etc/passwd", b"a&#10;b", b"&#27;[31mred&#27;]0;t&#7;", b"&#0;"]
        prefix = query.get("prefix", [""])[0].encode()
        entries = b"".join(ENTRY % (prefix + key) for key in keys)
        entries += b"".join(
            b"<CommonPrefixes><Prefix>%sexportTime=%s/</Prefix></CommonPrefixes>" % (prefix, key)
            for key in keys
        )
        self.answer(200, LIST + entries + b"</ListBucketResult>")

    def strange_keys(self, query):
        self.answer(200, LIST + ENTRY % b"somewhere/else.json" + b"</ListBucketResult>")

    def garbage(self, query):
        self.answer(200, bytes(range(256)) * 40)

    def nothing(self, query):
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def to_itself(self, query):
        self.answer(307, b"", [("Location", self.path)])

    def to_a_file(self, query):
        self.answer(301, b"", [("Location", "file:///etc/passwd")])

    def echo(self, query):
        sent = f"{self.command} {self.path}\n" + "".join(f"{k}:{v}\n" for k, v in self.headers.items())
        sent = sent.replace("&", "&amp;").replace("<", "&lt;")
        # Twice in the words for people, and in the fields where services show what they got.
        self.answer(
            403,
            (
                "<Error><Code>SignatureDoesNotMatch</Code><Message>You sent " + sent + "</Message>"
                "<CanonicalRequest>" + sent + "</CanonicalRequest></Error>"
            ).encode(),
        )

    def handle_any(self):
        self.connection.settimeout(LONGEST)
        parts = urlsplit(self.path)
        kind = parts.path.split("/")[1].replace("-", "_")
        length = int(self.headers.get("Content-Length") or 0)
        if length:
            self.rfile.read(length)
        if kind not in KINDS:
            return self.answer(404, b"")
        try:
            getattr(self, kind)(parse_qs(parts.query))
        except OSError:
            self.close_connection = True

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = handle_any


KINDS = {
    name
    for name in vars(Handler)
    if not name.startswith(("do_", "handle", "_", "log", "answer", "forever", "protocol", "wbufsize"))
}

if __name__ == "__main__":
    ThreadingHTTPServer.daemon_threads = True
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()

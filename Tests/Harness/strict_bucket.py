"""An S3 endpoint in memory that is as strict as real ones are, each in its own way.

usage: strict_bucket.py PORT

The first part of a request's path names the server's kind, words of REFUSALS joined by `+`, so that one
process plays all of them: `/501+tags/bucket/key`. `plain` refuses nothing. A bucket is there once it is
named. POST /__set changes what a bucket does from now on (a JSON object, see DEFAULTS, with its name
`"bucket": "501/name"`), GET /__requests?bucket=501/name gives the requests that it saw as JSON.
"""
import base64
import hashlib
import json
import re
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape

# What a kind refuses; the words of a kind's name.
REFUSALS = {
    "ignore": "conditions on writes are ignored",
    "501": "conditions on writes: 501 NotImplemented",
    "400": "conditions on writes: 400 InvalidArgument",
    "405": "conditions on writes: 405",
    "409": "conditions on writes: 409 always",
    "304": "conditions on writes: 304",
    "quoted": "If-Match with quotes never holds",
    "tags": "If-Match never holds, with quotes or without",
    "parts": "checksums in the list of parts: 400 MalformedXML",
    "headers": "x-amz-checksum-* and x-amz-sdk-checksum-algorithm: 400 InvalidArgument",
    "deny": "writes: 403 AccessDenied",
    "quota": "writes: 403 QuotaExceeded",
    "nolist": "absent keys: 403, as without s3:ListBucket",
    "true": "IsTruncated says True and False",
    "chunked": "answers tell no length",
    "301": "all: 301 with the bucket's region",
    "302": "all: 302 to a page",
    "400html": "all: 400 with a page",
    "407": "all: 407",
    "region": "all: 400 AuthorizationHeaderMalformed",
    "name": "all: 400 InvalidBucketName",
    "200html": "all: 200 with a page",
    "plain": "nothing",
}
# What may be set later: writes that match a pattern are refused, reads that match one are answered by
# a status, each write takes some seconds, a page of a listing has so many keys, and so many more.
DEFAULTS = {"deny": None, "quota": None, "fail": None, "status": 500, "delay": 0.0, "page": 1000, "lost": None}
lock = threading.Lock()
buckets = {}


def fresh():
    return dict(DEFAULTS, objects={}, uploads={}, requests=[], version=0)


class Refusal(Exception):
    def __init__(self, status, code, message="", fields=(), body=None):
        self.status, self.code, self.message = status, code, message
        self.fields, self.body = fields, body


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16

    def log_message(self, *words):
        pass

    def send(self, status, body=b"", fields=(), length=None):
        self.send_response(status)
        for name, value in fields:
            self.send_header(name, value)
        chunked = "chunked" in self.words and status < 300
        if chunked and self.command != "HEAD" and status != 204:
            self.send_header("Transfer-Encoding", "chunked")
        elif not chunked:
            self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        if self.command == "HEAD" or status in (204, 304):
            return
        if chunked:
            for start in range(0, len(body), 1 << 16):
                piece = body[start : start + (1 << 16)]
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")
        else:
            self.wfile.write(body)

    def refuse(self, refusal):
        body = refusal.body
        if body is None:
            text = f"<Error><Code>{refusal.code}</Code><Message>{escape(refusal.message)}</Message></Error>"
            body = text.encode()
        self.send(refusal.status, body, refusal.fields)

    # MARK: what concerns all requests

    def check_all(self):
        page = b"<html><body>sign in</body></html>"
        if "301" in self.words:
            raise Refusal(301, "PermanentRedirect", "elsewhere", [("x-amz-bucket-region", "eu-west-3")])
        if "302" in self.words:
            raise Refusal(302, "", fields=[("Location", "http://127.0.0.1:9/login")], body=page)
        if "400html" in self.words:
            raise Refusal(400, "", body=page)
        if "407" in self.words:
            raise Refusal(407, "", body=page)
        if "region" in self.words:
            raise Refusal(
                400, "AuthorizationHeaderMalformed", "the region is wrong; expecting 'eu-west-3'",
                [("x-amz-bucket-region", "eu-west-3")])
        if "name" in self.words:
            raise Refusal(400, "InvalidBucketName", "The specified bucket is not valid.")
        if "200html" in self.words:
            raise Refusal(200, "", body=page)

    def check_headers(self):
        if "headers" not in self.words:
            return
        for name in self.headers:
            if name.lower().startswith(("x-amz-checksum", "x-amz-sdk-checksum")):
                raise Refusal(400, "InvalidArgument", f"Unsupported header '{name}' received")

    # MARK: writing

    def check_write(self, key):
        line = f"{self.command} {key}"
        if "quota" in self.words or self.state["quota"] and re.search(self.state["quota"], line):
            raise Refusal(403, "QuotaExceeded", "")
        if "deny" in self.words or self.state["deny"] and re.search(self.state["deny"], line):
            raise Refusal(403, "AccessDenied", "Access Denied.")

    def check_condition(self, key):
        """Throws where a condition of a write does not hold, or is not to the server's liking."""
        once, match = self.headers.get("If-None-Match"), self.headers.get("If-Match")
        if once is None and match is None or "ignore" in self.words:
            return
        for word, code in [("501", "NotImplemented"), ("400", "InvalidArgument"), ("405", "MethodNotAllowed")]:
            if word in self.words:
                raise Refusal(int(word), code, "Conditional object PUTs are not supported.")
        if "409" in self.words:
            raise Refusal(409, "ConditionalRequestConflict", "")
        if "304" in self.words:
            raise Refusal(304, "")
        there = self.state["objects"].get(key)
        if once == "*" and there:
            raise Refusal(412, "PreconditionFailed", "")
        if match is None:
            return
        if there is None:
            raise Refusal(404, "NoSuchKey", "")
        tags = ['"%s"' % there["etag"], there["etag"]]
        if "quoted" in self.words:
            tags = tags[1:]
        if "tags" in self.words or match not in tags:
            raise Refusal(412, "PreconditionFailed", "")

    def store(self, key, body, parts=0):
        self.state["version"] += 1
        etag = hashlib.md5(body + b"%d" % self.state["version"]).hexdigest() + (f"-{parts}" if parts else "")
        notes = {n.lower(): v for n, v in self.headers.items() if n.lower().startswith("x-amz-meta-")}
        self.state["objects"][key] = {"body": body, "etag": etag, "time": time.time(), "notes": notes}
        return etag

    def do_PUT(self):
        self.handle_any(self.put)

    def put(self, key, query, body):
        self.check_headers()
        self.check_write(key)
        told = self.headers.get("x-amz-checksum-sha256")
        if told and base64.b64decode(told) != hashlib.sha256(body).digest():
            raise Refusal(400, "BadDigest", "")
        if not key:
            return self.send(200)
        source = self.headers.get("x-amz-copy-source")
        with lock:
            if "uploadId" in query:
                upload = self.state["uploads"].get(query["uploadId"])
                if upload is None:
                    raise Refusal(404, "NoSuchUpload", "")
                upload["parts"][int(query["partNumber"])] = body
                return self.send(200, fields=[("ETag", '"%s"' % hashlib.md5(body).hexdigest())])
            self.check_condition(key)
            if source:
                name = urllib.parse.unquote(source).lstrip("/").split("/", 1)[1]
                if name not in self.state["objects"]:
                    raise Refusal(404, "NoSuchKey", "")
                etag = self.store(key, self.state["objects"][name]["body"])
                self.state["objects"][key]["notes"] = self.state["objects"][name]["notes"]
                return self.send(200, f'<CopyObjectResult><ETag>"{etag}"</ETag></CopyObjectResult>'.encode())
        # Between the check and the write, as at an endpoint without conditions.
        time.sleep(self.state["delay"])
        with lock:
            etag = self.store(key, body)
        self.send(200, fields=[("ETag", f'"{etag}"')])

    def do_POST(self):
        self.handle_any(self.post)

    def post(self, key, query, body):
        self.check_headers()
        if "delete" in query:
            names = re.findall("<Key>(.*?)</Key>", body.decode(), re.S)
            for name in names:
                self.check_write(name)
                self.state["objects"].pop(name.replace("&lt;", "<").replace("&amp;", "&"), None)
            return self.send(200, b"<DeleteResult></DeleteResult>")
        self.check_write(key)
        with lock:
            if "uploads" in query:
                self.state["version"] += 1
                upload = f"upload{self.state['version']}"
                self.state["uploads"][upload] = {"parts": {}}
                text = f"<InitiateMultipartUploadResult><UploadId>{upload}</UploadId></InitiateMultipartUploadResult>"
                return self.send(200, text.encode())
            upload = self.state["uploads"].get(query.get("uploadId"))
            if upload is None:
                raise Refusal(404, "NoSuchUpload", "")
            if "parts" in self.words and b"Checksum" in body:
                raise Refusal(400, "MalformedXML", "The XML you provided was not well-formed.")
            self.check_condition(key)
            parts = [upload["parts"][number] for number in sorted(upload["parts"])]
            del self.state["uploads"][query["uploadId"]]
            etag = self.store(key, b"".join(parts), parts=len(parts))
        text = f'<CompleteMultipartUploadResult><ETag>"{etag}"</ETag></CompleteMultipartUploadResult>'
        self.send(200, text.encode())

    def do_DELETE(self):
        self.handle_any(self.delete)

    def delete(self, key, query, body):
        self.check_write(key)
        with lock:
            if "uploadId" in query:
                self.state["uploads"].pop(query["uploadId"], None)
            elif key in self.state["objects"]:
                if self.headers.get("If-Match"):
                    self.check_condition(key)
                self.state["objects"].pop(key)
        self.send(204)

    # MARK: reading

    def do_GET(self):
        self.handle_any(self.get)

    do_HEAD = do_GET

    def get(self, key, query, body):
        if "headers" in self.words and self.headers.get("x-amz-checksum-mode"):
            raise Refusal(400, "InvalidArgument", "Unsupported header 'x-amz-checksum-mode' received")
        if self.state["fail"] and re.search(self.state["fail"], f"{self.command} {key}"):
            raise Refusal(self.state["status"], "Odd", "as the test wants it")
        if not key:
            return self.list(query)
        with lock:
            there = self.state["objects"].get(key)
        if there is None or self.state["lost"] and re.search(self.state["lost"], key):
            if "nolist" in self.words:
                raise Refusal(403, "AccessDenied", "Access Denied.")
            raise Refusal(404, "NoSuchKey", "")
        data = there["body"]
        fields = [
            ("ETag", '"%s"' % there["etag"]),
            ("Last-Modified", time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(there["time"]))),
        ] + list(there["notes"].items())
        found = re.match(r"bytes=(\d+)-(\d+)$", self.headers.get("Range") or "")
        if not found:
            return self.send(200, data, fields)
        first, last = int(found[1]), min(int(found[2]), len(data) - 1)
        if first >= len(data):
            raise Refusal(416, "InvalidRange", "", [("Content-Range", f"bytes */{len(data)}")])
        fields.append(("Content-Range", f"bytes {first}-{last}/{len(data)}"))
        self.send(206, data[first : last + 1], fields)

    def list(self, query):
        prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
        after = query.get("continuation-token") or query.get("start-after") or ""
        with lock:
            keys = sorted((k for k in self.state["objects"] if k.startswith(prefix)), key=str.encode)
        page, text, more, last, folders = self.state["page"], "", False, "", set()
        for key in keys:
            rest = key[len(prefix) :]
            cut = rest.find(delimiter) if delimiter else -1
            name = prefix + rest[: cut + 1] if cut >= 0 else key
            if key <= after or name <= after or name in folders:
                continue
            if page == 0:
                more = True
                break
            page, last = page - 1, name
            if cut >= 0:
                folders.add(name)
                text += f"<CommonPrefixes><Prefix>{urllib.parse.quote(name)}</Prefix></CommonPrefixes>"
            else:
                there = self.state["objects"].get(key)
                if there is None:
                    continue
                moment = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(there["time"]))
                text += (
                    f"<Contents><Key>{urllib.parse.quote(key)}</Key><LastModified>{moment}</LastModified>"
                    f'<ETag>"{there["etag"]}"</ETag><Size>{len(there["body"])}</Size></Contents>'
                )
        word = ("True" if more else "False") if "true" in self.words else ("true" if more else "false")
        token = f"<NextContinuationToken>{escape(last)}</NextContinuationToken>" if more else ""
        self.send(
            200,
            (
                '<?xml version="1.0"?><ListBucketResult><EncodingType>url</EncodingType>'
                f"<IsTruncated>{word}</IsTruncated>{token}{text}</ListBucketResult>"
            ).encode(),
        )

    # MARK: all

    def handle_any(self, work):
        parts = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(parts.query, keep_blank_values=True))
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        names = parts.path.lstrip("/").split("/", 2)
        self.words = []
        if names[0] == "__requests":
            return self.send(200, json.dumps(self.of(query["bucket"])["requests"]).encode())
        if names[0] == "__set":
            values = json.loads(body)
            self.of(values.pop("bucket")).update(values)
            return self.send(200)
        self.words = names[0].split("+")
        if not all(word in REFUSALS for word in self.words):
            return self.send(404)
        self.state = self.of("/".join(names[:2]))
        key = urllib.parse.unquote(names[2]) if len(names) > 2 else ""
        with lock:
            self.state["requests"].append(f"{self.command} {key}")
        try:
            self.check_all()
            work(key, query, body)
        except Refusal as refusal:
            self.refuse(refusal)

    def of(self, name):
        with lock:
            return buckets.setdefault(name, fresh())


if __name__ == "__main__":
    ThreadingHTTPServer.daemon_threads = True
    ThreadingHTTPServer.request_queue_size = 128
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()

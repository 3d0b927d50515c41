# A server of one file on 127.0.0.1 that fails in the ways that its paths name. GET /count/<path> says how
# often a path was asked for. Arguments: the port, and a file in place of the standard one.
import collections
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BODY = open(sys.argv[2], "rb").read() if len(sys.argv) > 2 else b"hello\n"
asked = collections.Counter()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", **fields):
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        path = self.path.split("?")[0]
        if path.startswith("/count/"):
            return self.answer(200, str(asked[path[6:]]).encode())
        asked[path] += 1
        first = path.split("/")[1]
        if first == "status":
            # /status/503: always; /status/503/2: twice, then the file.
            parts = path.split("/")
            if len(parts) < 4 or not parts[3].isdigit() or asked[path] <= int(parts[3]):
                return self.answer(int(parts[2]), b"no", Retry_After="0")
        elif first == "redirect":
            return self.answer(302, Location="/ok.csv?signature=of-the-redirect")
        elif first == "around":
            return self.answer(302, Location="/around")
        elif first == "elsewhere":
            return self.answer(302, Location="ftp://127.0.0.1/ok.csv")
        elif first == "cut" and asked[path] == 1:
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(BODY)
            self.close_connection = True
            return None
        elif first == "stall":
            time.sleep(30)
        elif first == "signed" and "signature=" not in self.path:
            return self.answer(403)
        return self.answer(200, BODY)


class Server(ThreadingHTTPServer):
    daemon_threads = True


Server(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()

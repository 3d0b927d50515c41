"""Gives tokens for a registry, as the token server of docker's registry does.

usage: token_server.py PORT CERTIFICATE KEY PASSWORD

Over TLS. The user is `pusher`; any other user or password gets 401. GET /count answers how many tokens
were given. A token is a JWT signed with KEY, whose certificate is in its head.
"""
import base64
import json
import ssl
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

PORT, CERTIFICATE, KEY, PASSWORD = int(sys.argv[1]), *sys.argv[2:5]
given = 0


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token(scopes, service):
    pem = open(CERTIFICATE).read().split("-----END")[0].split("-----")[-1]
    head = {"typ": "JWT", "alg": "RS256", "x5c": ["".join(pem.split())]}
    now = int(time.time())
    access = []
    for scope in scopes:
        kind, name, actions = scope.split(":", 2)
        access.append({"type": kind, "name": name, "actions": actions.split(",")})
    claims = {"iss": "tests", "sub": "pusher", "aud": service, "exp": now + 300, "nbf": now - 10,
              "iat": now, "jti": str(now), "access": access}
    body = encoded(json.dumps(head).encode()) + "." + encoded(json.dumps(claims).encode())
    signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", KEY], input=body.encode(),
                               stdout=subprocess.PIPE, check=True).stdout
    return body + "." + encoded(signature)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        global given
        address = urlparse(self.path)
        if address.path == "/count":
            return self.answer(200, {"given": given})
        wanted = "Basic " + base64.b64encode(("pusher:" + PASSWORD).encode()).decode()
        if self.headers.get("Authorization") != wanted:
            return self.answer(401, {"errors": [{"code": "UNAUTHORIZED",
                                                 "message": "wrong user or password"}]})
        query = parse_qs(address.query)
        given += 1
        self.answer(200, {"token": token(query.get("scope", []), query.get("service", [""])[0])})


server = ThreadingHTTPServer(("127.0.0.1", PORT), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(CERTIFICATE, KEY)
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()

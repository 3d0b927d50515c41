"""A sandbox of Adobe's platform for tests: plain HTTP on 127.0.0.1, state in a folder.

    sandbox.py PORT FOLDER        serves; needs the venv of .setup/mock.sh

A service is a module of this folder, named in SERVICES, with one function:

    def register(app):
        app.route("GET", "/data/foundation/catalog/dataSets/{id}", dataset, contract="catalog")

`contract` is the name of the description that the call is checked against, None for a call that is in
none of them. Where calls are described by one path with and without a last slash, register the bare one.
A handler gets a Call and gives an Answer:

    call.space      see state.py; locked while the handler runs
    call.params     parts of the path by name, decoded
    call.query      {name: last value}; call.query_items has them all, in order
    call.headers    case does not matter
    call.body, call.json()
    call.token      the bearer token that was accepted
    Answer(200, {...}), Answer(200, b"...", type="..."), Answer(200, path="/a/file"), problem(404, "...")

`app.open("POST", path, handler)` is for calls that need no token; its handler finds its space by
`app.state`. A service that listens elsewhere, too (the wire), starts that in register and puts its
address into `app.addresses`; `app.state.tokens` are the tokens: {text: {"space", "ends", "calls"}}.

For tests, below /_sandbox (no token; `?space=NAME` everywhere):
    POST space {"organization", "client", "secret"}   a fresh space; all members may be left out
    GET  state | counts | violations | calls | addresses
    POST knobs {name: value}                          see KNOBS in state.py
    POST faults [{"match": part of "METHOD /path/{template}" or of the path itself, "after": calls that
          pass before, "times": how often, "status": 503, "retryAfter": "2", "body": {...},
          "effect": true where the call takes effect and only its answer is another,
          "cut": bytes of the answer's body after which the connection breaks, "drop": true for none,
          "hang": true where no answer comes until the other side has gone}]
    POST dataset {"name", "schema", "id"} -> {"id", "table"}
    POST batch {"dataset", "status", "records", "files": {name: path}, "id"} -> {"id"}
    further ones by app.control("POST", "name", function(space, json) -> json)
"""
import importlib
import json
import os
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from contract import Contract  # noqa: E402
from state import State  # noqa: E402

SERVICES = ["ims", "catalog", "dataaccess", "ingestion", "registry", "mappings", "queries", "wire",
            "flows", "segments"]
MOST_BODY = 1 << 30


class Answer:
    def __init__(self, status=200, content=None, type=None, headers=None, path=None):
        self.status, self.headers = status, dict(headers or {})
        if path is not None:
            with open(path, "rb") as file:
                content, type = file.read(), type or "application/octet-stream"
        if content is None:
            self.body = b""
        elif isinstance(content, bytes):
            self.body = content
        else:
            self.body, type = json.dumps(content).encode(), type or "application/json"
        if type:
            self.headers.setdefault("Content-Type", type)


def problem(status, title, detail=None, code=None):
    """An error as Catalog words it."""
    return Answer(status, {
        "type": code or f"http://ns.adobe.com/aep/errors/sandbox-{status}", "status": status,
        "title": title, "detail": detail or title}, type="application/json")


class Call:
    def __init__(self, method, target, headers, body):
        parts = urlsplit(target)
        self.method, self.path, self.headers, self.body = method, parts.path, headers, body
        self.query_items = parse_qsl(parts.query, keep_blank_values=True)
        self.query = dict(self.query_items)
        self.target, self.template, self.params = target, parts.path, {}
        self.space, self.token, self.app = None, None, None

    def json(self):
        return json.loads(self.body) if self.body else None


class App:
    def __init__(self, folder, port):
        self.state, self.contract = State(folder), Contract()
        self.addresses, self.port, self.url = {}, port, f"http://127.0.0.1:{port}"
        self._routes, self._controls = [], {}
        for name in SERVICES:
            if os.path.exists(os.path.join(os.path.dirname(os.path.abspath(__file__)), name + ".py")):
                importlib.import_module(name).register(self)

    # What services register

    def route(self, method, template, handler, contract):
        self._add(method, template, handler, contract, True)

    def open(self, method, template, handler):
        self._add(method, template, handler, None, False)

    def control(self, method, name, handler):
        self._controls[method, name] = handler

    def _add(self, method, template, handler, contract, guarded):
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(template))
        # More fixed parts before fewer.
        self._routes.append((method, re.compile(pattern + "$"), template, handler, contract, guarded))
        self._routes.sort(key=lambda route: route[2].count("{"))

    # What happens to a call

    def perform(self, call):
        """The answer and the fault that spoils how it is sent."""
        call.app = self
        if call.path.startswith("/_sandbox/"):
            return self._control(call), None
        found = None
        for method, pattern, template, handler, contract, guarded in self._routes:
            match = pattern.match(call.path)
            if match and method == call.method:
                found = handler, contract, guarded
                call.template = template
                call.params = {name: unquote(value) for name, value in match.groupdict().items()}
                break
        if not found:
            return problem(404, f"the sandbox has no {call.method} {call.path}"), None
        handler, contract, guarded = found
        if not guarded:
            return handler(call), None
        refusal = self._admit(call)
        if refusal:
            return refusal, None
        space = call.space
        with space.lock:
            space.count(f"{call.method} {call.template}")
            text = self.contract.problem_of_request(contract, call)
            if text:
                space.violations.append(text)
                return problem(400, "not as described", text), None
            fault = space.fault(f"{call.method} {call.template} {call.path}")
            if fault and not fault.get("effect") and "cut" not in fault:
                return self._spoilt(fault), fault
            try:
                answer = handler(call)
            except Exception as error:  # a mistake of the sandbox must be seen by the test
                text = f"the sandbox broke in {call.method} {call.path}: {error!r}"
                space.violations.append(text)
                return problem(500, text), None
            if answer.status < 300:
                text = self.contract.problem_of_answer(contract, call, answer)
                if text:
                    space.violations.append(text)
                    return problem(500, "not as described", text), None
            space.save()
            if fault and "status" in fault:
                answer = self._spoilt(fault)
            return answer, fault

    def described(self, call):
        """The description that a call which was answered elsewhere is checked by; None for no such call."""
        for method, pattern, template, _, contract, _ in self._routes:
            match = pattern.match(call.path)
            if match and method == call.method:
                call.template, call.params = template, match.groupdict()
                return contract
        return None

    def _spoilt(self, fault):
        headers = {"Retry-After": fault["retryAfter"]} if "retryAfter" in fault else {}
        status = fault.get("status", 503)
        body = fault.get("body", {"error_code": str(status), "message": "spoilt by the test"})
        return Answer(status, body, headers=headers)

    def _admit(self, call):
        """Checks the envelope; None where it is right."""
        with self.state.lock:
            text = call.headers.get("Authorization") or ""
            token = self.state.tokens.get(text[7:]) if text.startswith("Bearer ") else None
            space = token and token["space"]
            if not token or token["ends"] <= space.now() or token["calls"] == 0:
                if token:
                    space.count("401")
                return Answer(401, {"error_code": "401013", "message": "Oauth token is not valid"})
            if call.headers.get("x-api-key") != space.client:
                return Answer(403, {"error_code": "403000", "message": "Api Key is invalid"})
            if call.headers.get("x-gw-ims-org-id") != space.organization:
                return Answer(403, {"error_code": "403010", "message": "Organization is not yours"})
            if call.headers.get("x-sandbox-name") != space.name:
                return problem(403, "Forbidden", "the client may not use this sandbox")
            if token["calls"] > 0:
                token["calls"] -= 1
            call.space, call.token = space, text[7:]
        return None

    # For tests

    def _control(self, call):
        name = call.path.split("/", 2)[2]
        key = call.query.get("space", "")
        if (call.method, name) == ("POST", "space"):
            more = call.json() or {}
            space = self.state.make_space(key, **more)
            return Answer(200, {"organization": space.organization, "client": space.client,
                                "secret": space.secret, "folder": space.folder})
        if name == "ready":
            return Answer(200, {"contract": self.contract.is_there})
        if name == "addresses":
            return Answer(200, self.addresses)
        space = self.state.spaces.get(key)
        if not space:
            return problem(404, f"no space {key}")
        with space.lock:
            if call.method == "GET" and name in ("counts", "violations", "calls", "knobs"):
                return Answer(200, getattr(space, name))
            if call.method == "GET" and name == "state":
                return Answer(200, json.loads(json.dumps(space.dump(), default=str)))
            if name == "knobs":
                space.knobs.update(call.json())
                return Answer(200, space.knobs)
            if name == "faults":
                space.faults[:] = call.json()
                return Answer(200, {})
            if name == "dataset":
                more = call.json()
                id = space.add_dataset(
                    more["name"], more.get("schema", "https://ns.adobe.com/acme/schemas/1"),
                    id=more.get("id"))
                return Answer(200, {"id": id, "table": space.table(id)})
            if name == "batch":
                more = call.json()
                id = space.add_batch(more["dataset"], more.get("status", "success"), id=more.get("id"))
                if more.get("status", "success") == "success":
                    space.finish_batch(id, more.get("files", {}), more.get("records", 0))
                space.save()
                return Answer(200, {"id": id})
            handler = self._controls.get((call.method, name))
            return Answer(200, handler(space, call.json())) if handler else problem(404, name)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body leave in one packet: two would wait 40 ms for the acknowledgement of the first.
    wbufsize = -1
    disable_nagle_algorithm = True
    app = None

    def log_message(self, *_):
        pass

    def _answer(self):
        size = int(self.headers.get("Content-Length") or 0)
        if size > MOST_BODY:
            self.close_connection = True
            return self.send_error(413)
        call = Call(self.command, self.path, self.headers, self.rfile.read(size))
        if os.environ.get("SANDBOX_LOG"):
            print(self.command, self.path, file=sys.stderr, flush=True)
        answer, fault = self.app.perform(call)
        if fault and fault.get("hang"):
            # Until the other side has gone, but not for ever.
            self.connection.settimeout(120)
            try:
                self.connection.recv(1)
            except OSError:
                pass
            self.close_connection = True
            return
        if fault and fault.get("drop"):
            self.close_connection = True
            self.connection.shutdown(2)
            return None
        body = b"" if self.command == "HEAD" else answer.body
        self.send_response(answer.status)
        answer.headers.setdefault("x-request-id", call.headers.get("x-request-id") or "none")
        for name, value in answer.headers.items():
            self.send_header(name, str(value))
        if "Content-Length" not in answer.headers:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        cut = fault.get("cut") if fault else None
        self.wfile.write(body if cut is None else body[:cut])
        self.wfile.flush()
        if cut is not None:
            self.close_connection = True
            self.connection.shutdown(2)
        return None

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _answer


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def main():
    port, folder = int(sys.argv[1]), sys.argv[2]
    os.makedirs(folder, exist_ok=True)
    server = Server(("127.0.0.1", port), Handler)
    Handler.app = App(folder, server.server_address[1])
    with open(folder + "/port.new", "w") as file:
        file.write(str(server.server_address[1]))
    os.replace(folder + "/port.new", folder + "/port")
    if not Handler.app.contract.is_there:
        print("no descriptions beside the checkout: calls are not checked", file=sys.stderr)
    server.serve_forever()


if __name__ == "__main__":
    main()

"""Checks each request and answer against Adobe's own API descriptions.

The descriptions are read beside the checkout (../shared/aep-openapi) and never copied. Without them
nothing is checked, and the sandbox says so. What the platform is known to do otherwise is listed in
deviations.json: each entry names file, operation, side, a part of the message that it allows, and its
evidence; an entry without evidence keeps the sandbox from starting.
"""
import hashlib
import json
import os
import re
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.environ.get("AEP_OPENAPI") or os.path.join(HERE, "../../../shared/aep-openapi")
IDS = re.compile(rb"[0-9a-f]{24,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|01[0-9A-Z]{24}|t[0-9a-f]{12}")
TIMES = re.compile(rb"(?<![0-9])1[0-9]{9}([0-9]{3})?(?![0-9])")
HOST = "https://platform.adobe.io"
# The path before those of each file.
BASES = {
    "catalog": "/data/foundation/catalog", "data-access": "/data/foundation/export",
    "batch-ingestion": "/data/foundation/import", "schema-registry": "/data/foundation/schemaregistry",
    "data-prep": "/data/foundation/conversion", "query-service": "/data/foundation/query",
    "flow-service": "/data/foundation/flowservice", "destinations": "/data/foundation/flowservice",
    "segmentation": "/data/core/ups", "profile": "/data/core",
}


def deviations(path=os.path.join(HERE, "deviations.json")):
    with open(path) as file:
        entries = json.load(file)
    for entry in entries:
        for name in ("file", "operation", "side", "allows", "evidence"):
            if not str(entry.get(name, "")).strip():
                raise SystemExit(f"deviations.json: an entry has no {name}: {entry}")
    return entries


class Contract:
    def __init__(self):
        self.deviations = deviations()
        self.used = set()
        self.is_there = os.path.isdir(FOLDER)
        self._specs = {}
        self._sound = set()
        self._lock = threading.Lock()

    def _spec(self, name):
        with self._lock:
            if name not in self._specs:
                self._specs[name] = _load(name)
            return self._specs[name]

    def problem_of_request(self, name, call):
        shape = (sorted(field.lower() for field in call.headers), call.headers.get("Content-Type"),
                 call.headers.get("Accept"), _shape(call.target.encode()), _shape(call.body))
        return self._once(
            shape, name, call, "request", lambda spec: spec.validate_request(_Request(call)))

    def problem_of_answer(self, name, call, answer):
        shape = (answer.status, answer.headers.get("Content-Type"), _shape(answer.body))
        return self._once(
            shape, name, call, "answer",
            lambda spec: spec.validate_response(_Request(call), _Response(answer)))

    def _once(self, shape, name, call, side, check):
        """A check takes 10 ms, so what differs from a sound call in ids and times only needs none."""
        key = repr((name, side, call.method, call.template, shape))
        if key in self._sound:
            return None
        text = self._problem(name, call, side, check)
        if text is None and len(key) < 20_000 and len(self._sound) < 50_000:
            self._sound.add(key)
        return text

    def _problem(self, name, call, side, check):
        if not self.is_there or name is None:
            return None
        try:
            check(self._spec(name))
            return None
        except Exception as error:  # whatever the validator throws is a finding
            texts = _findings(error)
        operation = f"{call.method} {call.template}"
        own = [(i, e) for i, e in enumerate(self.deviations)
               if (e["file"], e["operation"], e["side"]) == (name, operation, side)]
        left = []
        for text in texts:
            index = next((i for i, e in own if e["allows"] in text), None)
            if index is None:
                left.append(text)
            else:
                self.used.add(index)
        return f"{name}: {side} of {operation}: {' | '.join(left)}" if left else None


def _shape(body):
    """Bytes without ids of 24 digits and more, and without times in seconds or milliseconds."""
    text = IDS.sub(b"#", body or b"")
    return hashlib.sha256(TIMES.sub(b"0", text)).hexdigest()


def _findings(error):
    """What is wrong, one text for each place: of a body all places, else the error with its causes."""
    words, inner, seen = [], [], set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        words.append(f"{type(error).__name__}: {error}"[:1000])
        inner += getattr(error, "schema_errors", None) or []
        error = error.__cause__ or error.__context__
    if "Body" in words[0] or "Data" in words[0]:
        places = [f"{'/'.join(map(str, e.absolute_path))}: {_short(e.message)}" for e in inner]
        if places:
            return list(dict.fromkeys(places))
    return [" | ".join(words)[:2000]]


def _short(text):
    return text if len(text) < 600 else f"{text[:300]} ... {text[-200:]}"


def _parameters(call):
    from openapi_core.datatypes import RequestParameters
    from werkzeug.datastructures import Headers, ImmutableMultiDict
    return RequestParameters(
        query=ImmutableMultiDict(call.query_items), header=Headers(list(call.headers.items())),
        cookie=ImmutableMultiDict([]))


class _Request:
    def __init__(self, call):
        self.host_url = HOST
        self.path = call.path
        self.method = call.method.lower()
        self.parameters = _parameters(call)
        self.content_type = call.headers.get("Content-Type", "application/json")
        self.body = call.body or None


class _Response:
    def __init__(self, answer):
        from werkzeug.datastructures import Headers
        self.status_code = answer.status
        self.headers = Headers(list(answer.headers.items()))
        self.content_type = answer.headers.get("Content-Type", "application/json")
        # Of a file's bytes the first ones do.
        binary = self.content_type == "application/octet-stream"
        self.data = (answer.body[:64] if binary else answer.body) or None


def _load(name):
    import yaml
    from openapi_core import OpenAPI
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with open(f"{FOLDER}/{name}.yaml") as file:
        # Status codes are whole numbers in YAML and texts in the standard.
        spec = json.loads(json.dumps(yaml.load(file, Loader=loader), default=str))
    if "swagger" in spec:
        spec = _converted(spec)
    _repair(spec)
    spec["servers"] = [{"url": HOST + BASES[name]}]
    return OpenAPI.from_dict(spec)


def _repair(node):
    """Takes out what makes a description invalid: empty descriptions, a parameter that is there twice;
    and an empty `content`, which describes nothing."""
    if isinstance(node, dict):
        if node.get("content") == {}:
            del node["content"]
        for key in [k for k, v in node.items() if k == "description" and v is None]:
            del node[key]
        if isinstance(node.get("parameters"), list):
            seen, kept = set(), []
            for parameter in node["parameters"]:
                mark = json.dumps(parameter.get("$ref") or [parameter.get("name"), parameter.get("in")])
                name = str(parameter.get("$ref", "")).rsplit("/", 1)[-1] or parameter.get("name")
                if mark not in seen and (name not in seen or name != "x-api-key"):
                    kept.append(parameter)
                seen.update((mark, name))
            node["parameters"] = kept
        for value in node.values():
            _repair(value)
    elif isinstance(node, list):
        for value in node:
            _repair(value)


def _converted(old):
    """Swagger 2.0 as OpenAPI 3.0."""
    text = json.dumps(old)
    for before, after in (("#/definitions/", "#/components/schemas/"),
                          ("#/parameters/", "#/components/parameters/"),
                          ("#/responses/", "#/components/responses/")):
        text = text.replace(before, after)
    old = json.loads(text)
    shared = old.get("parameters", {})
    bodies = {name for name, p in shared.items() if p.get("in") == "body"}

    def parameter(p):
        if "$ref" in p or "schema" in p:
            return p
        kept = {k: p[k] for k in ("name", "in", "description", "required") if k in p}
        schema = {k: v for k, v in p.items()
                  if k not in ("name", "in", "description", "required", "collectionFormat", "x-example")}
        return {**kept, "schema": schema}

    def answer(r, types):
        if "$ref" in r:
            return r
        new = {"description": r.get("description") or "-"}
        if "schema" in r:
            new["content"] = {type: {"schema": r["schema"]} for type in types}
        return new

    any_type = ["application/json"]
    paths = {}
    for path, item in old["paths"].items():
        paths[path] = {}
        for method, operation in item.items():
            if method == "parameters":
                paths[path][method] = [parameter(p) for p in operation]
                continue
            produces = operation.pop("produces", None) or old.get("produces") or any_type
            operation.pop("consumes", None)
            new = {k: v for k, v in operation.items() if k not in ("parameters", "schemes")}
            kept = []
            for p in operation.get("parameters", []):
                name = str(p.get("$ref", "")).rsplit("/", 1)[-1]
                body = shared[name] if name in bodies else p
                if body.get("in") == "body":
                    new["requestBody"] = {
                        "required": True, "content": {"application/json": {"schema": body["schema"]}}}
                else:
                    kept.append(parameter(p))
            new["parameters"] = kept
            types = list(dict.fromkeys(list(produces) + any_type))
            new["responses"] = {c: answer(r, types) for c, r in operation["responses"].items()}
            paths[path][method] = new
    return {
        "openapi": "3.0.3", "info": old["info"], "paths": paths,
        "components": {
            "schemas": old.get("definitions", {}),
            "parameters": {n: parameter(p) for n, p in shared.items() if n not in bodies},
            "responses": {n: answer(r, any_type) for n, r in old.get("responses", {}).items()},
        },
    }

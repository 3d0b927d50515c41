"""The Schema Registry: field groups, schemas, identity descriptors."""
import hashlib

from sandbox import Answer, problem
from state import KNOBS

ROOT = "/data/foundation/schemaregistry"
# Entries of a page of a list.
KNOBS.setdefault("registry_page", 50)


def things(space, kind):
    return space.other.setdefault(kind, {})


def stats(call):
    return Answer(200, {
        "imsOrg": call.space.organization, "tenantId": call.space.knobs["tenant"],
        "counts": {"schemas": len(things(call.space, "schemas")),
                   "mixins": len(things(call.space, "mixins")), "datatypes": 0, "classes": 0, "unions": 0}})


def listing(kind):
    def handler(call):
        if not call.headers.get("Accept", "").startswith("application/vnd.adobe.xed"):
            return problem(400, "Accept header invalid")
        entries = sorted(things(call.space, kind).values(), key=lambda entry: entry["title"])
        answer = {"_page": {"orderby": "title", "next": None, "count": 0}, "_links": {"next": None}}
        start = call.query.get("start")
        # A start that is no title gives nothing: the public clients found out (pitchmuc/aepp#54).
        if start is not None:
            entries = [e for e in entries if e["title"] >= start] if start != "0" else []
        size = call.space.knobs["registry_page"]
        shown = entries[:size]
        if len(entries) > size:
            answer["_page"]["next"] = entries[size]["title"]
            answer["_links"]["next"] = f"{call.path}?orderby=title&start={entries[size]['title']}"
        else:
            del answer["_page"]["next"], answer["_links"]["next"]
        answer["_page"]["count"] = len(shown)
        if shown:
            short = "-id+" in call.headers["Accept"]
            names = ("title", "$id", "meta:altId", "version")
            answer["results"] = [{n: e[n] for n in names} if short else e for e in shown]
        return Answer(200, answer, type="application/json")
    return handler


def find(space, kind, id):
    return next((entry for entry in things(space, kind).values() if id in (entry["$id"], entry["meta:altId"])),
                None)


def lookup(kind):
    def handler(call):
        if "version=1" not in call.headers.get("Accept", "").replace(" ", ""):
            return problem(400, "Accept header invalid", "Version should be specified")
        found = find(call.space, kind, call.params["id"])
        return Answer(200, found, type="application/json") if found else problem(404, "Resource Not Found")
    return handler


def create(kind, more):
    def handler(call):
        body, space = call.json(), call.space
        tenant = space.knobs["tenant"]
        for entry in things(space, kind).values():
            if entry["title"] == body["title"]:
                return problem(400, "Title must be unique",
                               f"An object {entry['$id']} already exists with the same title")
        wrong = more(space, body)
        if wrong:
            return problem(400, "Schema validation failed", wrong)
        mark = hashlib.sha256(f"{space.name} {kind} {space._number()}".encode()).hexdigest()[:48]
        made = {
            **body, "$id": f"https://ns.adobe.com/{tenant}/{kind}/{mark}",
            "meta:altId": f"_{tenant}.{kind}.{mark}", "meta:resourceType": kind, "version": "1.0",
            "type": "object", "imsOrg": space.organization, "meta:containerId": "tenant",
            "meta:tenantNamespace": f"_{tenant}", "meta:xdmType": "object",
            "meta:registryMetadata": {"repo:createdDate": space.milliseconds()},
        }
        # The registry adds what a reference is to each of them.
        made["allOf"] = [{**part, "type": "object", "meta:xdmType": "object"} for part in body["allOf"]]
        if kind == "schemas":
            made["meta:class"] = body["allOf"][0]["$ref"]
            made["meta:extends"] = [part["$ref"] for part in body["allOf"]]
            if made["meta:class"].endswith("experienceevent"):
                made["meta:extends"].append("https://ns.adobe.com/xdm/data/time-series")
        things(space, kind)[made["$id"]] = made
        return Answer(201, made, type="application/json")
    return handler


def of_field_group(space, body):
    fields = [name for part in body.get("definitions", {}).values() for name in part["properties"]]
    if any(name != f"_{space.knobs['tenant']}" for name in fields):
        return f"fields belong below _{space.knobs['tenant']}, found {fields}"
    return None


def of_schema(space, body):
    for part in body["allOf"]:
        reference = part["$ref"]
        if not reference.startswith("https://ns.adobe.com/xdm/") and not find(space, "mixins", reference):
            return f"{reference} is not there"
    return None


def patch_schema(call):
    found = find(call.space, "schemas", call.params["id"])
    if not found:
        return problem(404, "Resource Not Found")
    for operation in call.json():
        found[operation["path"].removeprefix("/")] = operation["value"]
    return Answer(200, found, type="application/json")


def delete_schema(call):
    found = find(call.space, "schemas", call.params["id"])
    if not found:
        return problem(404, "Resource Not Found")
    if "union" in found.get("meta:immutableTags", []):
        return problem(400, "Schema is in use", "a schema that is enabled for Profile cannot be deleted")
    if any(d["schemaRef"]["id"] == found["$id"] for d in call.space.datasets.values()):
        return problem(400, "Schema is in use", "a data set is of this schema")
    del things(call.space, "schemas")[found["$id"]]
    return Answer(204)


def delete_field_group(call):
    found = find(call.space, "mixins", call.params["id"])
    if not found:
        return problem(404, "Resource Not Found")
    if any(found["$id"] in s["meta:extends"] for s in things(call.space, "schemas").values()):
        return problem(400, "Field group is in use")
    del things(call.space, "mixins")[found["$id"]]
    return Answer(204)


def list_descriptors(call):
    if call.headers.get("Accept") != "application/vnd.adobe.xdm+json":
        return problem(400, "Accept header invalid")
    grouped = {}
    for entry in things(call.space, "descriptors").values():
        grouped.setdefault(entry["@type"], []).append(entry)
    return Answer(200, grouped, type="application/json")


def make_descriptor(call):
    body, space = call.json(), call.space
    if not find(space, "schemas", body["xdm:sourceSchema"]):
        return problem(400, "no such schema")
    if body.get("xdm:isPrimary"):
        for entry in things(space, "descriptors").values():
            if entry["xdm:sourceSchema"] == body["xdm:sourceSchema"] and entry.get("xdm:isPrimary"):
                space.violations.append(f"a second primary identity of {body['xdm:sourceSchema']}")
                return problem(400, "a primary identity is there")
    id = hashlib.sha256(f"{space.name} descriptor {space._number()}".encode()).hexdigest()[:40]
    made = {"@id": id, **body, "version": "1", "imsOrg": space.organization,
            "meta:containerId": "tenant"}
    things(space, "descriptors")[id] = made
    return Answer(201, made, type="application/json")


def delete_descriptor(call):
    if things(call.space, "descriptors").pop(call.params["id"], None) is None:
        return problem(404, "Resource Not Found")
    return Answer(204)


def register(app):
    def route(method, path, handler):
        app.route(method, ROOT + path, handler, "schema-registry")

    route("GET", "/stats", stats)
    route("GET", "/tenant/fieldgroups", listing("mixins"))
    route("GET", "/tenant/fieldgroups/{id}", lookup("mixins"))
    route("POST", "/tenant/fieldgroups", create("mixins", of_field_group))
    route("DELETE", "/tenant/fieldgroups/{id}", delete_field_group)
    route("GET", "/tenant/schemas", listing("schemas"))
    route("GET", "/tenant/schemas/{id}", lookup("schemas"))
    route("POST", "/tenant/schemas", create("schemas", of_schema))
    route("PATCH", "/tenant/schemas/{id}", patch_schema)
    route("DELETE", "/tenant/schemas/{id}", delete_schema)
    route("GET", "/tenant/descriptors", list_descriptors)
    route("POST", "/tenant/descriptors", make_descriptor)
    route("DELETE", "/tenant/descriptors/{id}", delete_descriptor)

"""Mapping sets of Data Prep: which column goes to which field."""
from sandbox import Answer, problem

ROOT = "/data/foundation/conversion/mappingSets"


def register(app):
    app.route("POST", ROOT, make, contract="data-prep")
    app.route("GET", ROOT + "/{id}", look, contract="data-prep")


def make(call):
    body = call.json()
    for mapping in body.get("mappings", []):
        if not mapping.get("source") or not mapping.get("destination"):
            return problem(400, "a mapping needs source and destination")
    id = call.space.new_id()
    call.space.other.setdefault("mappings", {})[id] = body
    return Answer(200, {"id": id, "version": 0, "createdDate": "2026-11-30T00:00:00Z",
                        "modifiedDate": "2026-11-30T00:00:00Z", "createdBy": "a", "modifiedBy": "a"})


def look(call):
    found = call.space.other.get("mappings", {}).get(call.params["id"])
    if found is None:
        return problem(404, "mapping set not found")
    return Answer(200, {"id": call.params["id"], **found})

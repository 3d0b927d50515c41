"""Catalog: data sets and batches."""
from sandbox import Answer, problem

ROOT = "/data/foundation/catalog"


def page(call, entries):
    """A page of (id, document): an object by id."""
    start, limit = int(call.query.get("start", 0)), min(int(call.query.get("limit", 20)), 100)
    return Answer(200, dict(entries[start:start + limit]))


def list_datasets(call):
    entries = sorted(call.space.datasets.items(), key=lambda entry: entry[1]["created"])
    name = call.query.get("name")
    return page(call, [(i, d) for i, d in entries if name in (None, d["name"])])


def get_dataset(call):
    found = call.space.datasets.get(call.params["id"])
    if not found:
        return problem(404, "NotFoundError", f"Dataset {call.params['id']} not found")
    return Answer(200, {call.params["id"]: found})


def make_dataset(call):
    body = call.json()
    if any(d["name"] == body["name"] for d in call.space.datasets.values()):
        # Catalog takes two data sets of one name: whoever does not look first makes them.
        call.space.other.setdefault("doubles", []).append(body["name"])
    id = call.space.add_dataset(body["name"], body["schemaRef"]["id"], body.get("tags"))
    return Answer(201, [f"@/dataSets/{id}"])


def patch_dataset(call):
    found = call.space.datasets.get(call.params["id"])
    if not found:
        return problem(404, "NotFoundError", f"Dataset {call.params['id']} not found")
    if call.headers.get("Content-Type") != "application/json-patch+json":
        return problem(400, "BadRequestError", "Content-type does not match json-patch body format")
    for operation in call.json():
        names = operation["path"].split("/")[1:]
        place = found
        for name in names[:-1]:
            place = place.setdefault(name, {})
        place[names[-1].replace("~1", "/")] = operation["value"]
    return Answer(200, [f"@/dataSets/{call.params['id']}"])


def delete_dataset(call):
    id = call.params["id"]
    if call.space.datasets.pop(id, None) is None:
        return problem(404, "NotFoundError", f"Dataset {id} not found")
    for batch in call.space.batches.values():
        if {"type": "dataSet", "id": id} in batch["relatedObjects"]:
            batch["status"] = "deleted"
    return Answer(200, [])


def shown(batch):
    return {name: value for name, value in batch.items() if name not in ("sequence", "looks")}


def list_batches(call):
    from ingestion import advance
    space, query = call.space, call.query
    for id in list(space.batches):
        advance(space, id)
    found = sorted(space.batches.items(), key=lambda entry: (entry[1]["created"], entry[1]["sequence"]),
                   reverse=query.get("orderBy", "desc:created").startswith("desc"))
    if "dataSet" in query:
        found = [(i, b) for i, b in found
                 if {"type": "dataSet", "id": query["dataSet"]} in b["relatedObjects"]]
    for name in ("status", "externalId"):
        if name in query:
            found = [(i, b) for i, b in found if b[name] == query[name]]
    return page(call, [(i, shown(b)) for i, b in found])


def get_batch(call):
    from ingestion import advance
    id = call.params["id"]
    if id not in call.space.batches:
        return problem(404, "NotFoundError", f"Batch {id} not found")
    advance(call.space, id)
    return Answer(200, {id: shown(call.space.batches[id])})


def register(app):
    app.route("GET", ROOT + "/dataSets", list_datasets, "catalog")
    app.route("POST", ROOT + "/dataSets", make_dataset, "catalog")
    app.route("GET", ROOT + "/dataSets/{id}", get_dataset, "catalog")
    app.route("PATCH", ROOT + "/dataSets/{id}", patch_dataset, "catalog")
    app.route("DELETE", ROOT + "/dataSets/{id}", delete_dataset, "catalog")
    app.route("GET", ROOT + "/batches", list_batches, "catalog")
    app.route("GET", ROOT + "/batches/{id}", get_batch, "catalog")

"""Data Access: the files of batches."""
import os
import re

from sandbox import Answer, problem

ROOT = "/data/foundation/export"


def page(call, entries, place):
    start, limit = int(call.query.get("start", 0)), min(int(call.query.get("limit", 100)), 100)
    shown = entries[start:start + limit]
    answer = {"data": shown, "_page": {"limit": limit, "count": len(shown)}}
    if start + limit < len(entries):
        # Links name Adobe's public host, whatever was called.
        answer["_links"] = {"next": {
            "href": f"https://platform.adobe.io{ROOT}{place}?start={start + limit}&limit={limit}"}}
    return Answer(200, answer)


def list_files(call):
    id = call.params["batch"]
    if id not in call.space.batches:
        return problem(404, f"batch {id} not found")
    records = str(call.space.batches[id]["recordCount"])
    files = call.space.files[id].get("lake", {})
    entries = [{
        "dataSetFileId": f"{id}-{index}", "dataSetViewId": f"{id}-view", "version": "1.0.0",
        "created": "1694000000000", "updated": "1694000000000", "records": records, "isValid": True,
        "size": str(os.path.getsize(path)),
        "_links": {"self": {"href": f"https://platform.adobe.io{ROOT}/files/{id}-{index}"}},
    } for index, path in enumerate(files.values())]
    return page(call, entries, f"/batches/{id}/files")


def find(call):
    id, _, index = call.params["id"].rpartition("-")
    files = list(call.space.files.get(id, {}).get("lake", {}).items())
    if not index.isdigit() or int(index) >= len(files):
        return None
    return files[int(index)]


def get_file(call):
    found = find(call)
    if not found:
        return problem(404, "The dataset file was not found.")
    name, path = found
    size = os.path.getsize(path)
    if "path" not in call.query:
        return page(call, [{
            "name": name, "length": str(size), "_links": {"self": {
                "href": f"https://platform.adobe.io{ROOT}/files/{call.params['id']}?path={name}"}},
        }], f"/files/{call.params['id']}")
    if call.query["path"] != name:
        return problem(404, "The dataset file was not found.")
    with open(path, "rb") as file:
        content = file.read()
    asked = re.match(r"bytes=(\d+)-(\d*)$", call.headers.get("Range", ""))
    if not asked:
        return Answer(200, content, type="application/octet-stream")
    first, last = int(asked[1]), min(int(asked[2] or size - 1), size - 1)
    if call.space.knobs["range_bytes"]:
        last = min(last, first + call.space.knobs["range_bytes"] - 1)
    return Answer(206, content[first:last + 1], type="application/octet-stream",
                  headers={"Content-Range": f"bytes {first}-{last}/{size}"})


def register(app):
    app.route("GET", ROOT + "/batches/{batch}/files", list_files, "data-access")
    app.route("GET", ROOT + "/files/{id}", get_file, "data-access")

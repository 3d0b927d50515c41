"""Batch ingestion: batches from the first file to the data lake, where rows are Parquet."""
import os
import re

from sandbox import Answer, problem

ROOT = "/data/foundation/import/batches"
LARGEST = 256 << 20


def refusal(call):
    """Why a call on a batch cannot be; None where it can."""
    batch = call.space.batches.get(call.params["batch"])
    if not batch:
        return problem(404, "batch not found")
    dataset = call.params.get("dataset")
    if dataset and {"type": "dataSet", "id": dataset} not in batch["relatedObjects"]:
        return problem(404, "the batch is of another data set")
    return None


def make(call):
    body, space = call.json(), call.space
    if body["datasetId"] not in space.datasets:
        return problem(400, "no such data set")
    external = body.get("externalId")
    if external and any(b["externalId"] == external for b in space.batches.values()):
        space.violations.append(f"a second batch of the external id {external}")
        return problem(409, f"externalId {external} is taken")
    id = space.add_batch(body["datasetId"], "loading", external, body["inputFormat"]["format"].lower())
    return Answer(201, {"id": id, "imsOrg": space.organization, "relatedObjects": [
        {"type": "dataSet", "id": body["datasetId"]}], "version": "1.0.0", "tags": {},
        "createdUser": space.client, "updatedUser": space.client})


def place(call):
    folder = f"{call.space.folder}/sent/{call.params['batch']}"
    os.makedirs(folder, exist_ok=True)
    return folder + "/" + call.params["file"].replace("/", "_")


def sent(call):
    return call.space.files[call.params["batch"]].setdefault("sent", {})


def put(call):
    wrong = refusal(call)
    if wrong:
        return wrong
    if call.space.batches[call.params["batch"]]["status"] != "loading":
        return problem(400, "the batch takes no more files")
    if len(call.body) > LARGEST:
        return problem(413, "larger than 256 MB")
    with open(place(call), "wb") as file:
        file.write(call.body)
    was = call.params["file"] in sent(call)
    sent(call)[call.params["file"]] = place(call)
    return Answer(200 if was else 201, None)


def parts(call):
    return call.space.files[call.params["batch"]].setdefault("parts", {})


def begin_or_end(call):
    wrong = refusal(call)
    if wrong:
        return wrong
    name = call.params["file"]
    if call.query["action"] == "INITIALIZE":
        parts(call)[name] = 0
        open(place(call), "wb").close()
    else:
        if name not in parts(call):
            return problem(404, "never initialized")
        sent(call)[name] = place(call)
    return Answer(200, {"name": name, "sizeInBytes": parts(call)[name]})


def part(call):
    wrong = refusal(call)
    if wrong:
        return wrong
    name, range = call.params["file"], re.match(r"bytes (\d+)-(\d+)/(\d+)$",
                                                call.headers.get("Content-Range", ""))
    if name not in parts(call):
        return problem(404, "never initialized")
    if not range or int(range[2]) - int(range[1]) + 1 != len(call.body):
        return problem(400, "Content-Range is not that of the body")
    if int(range[1]) > parts(call)[name]:
        return problem(400, "a part before this one is missing")
    with open(place(call), "r+b") as file:
        file.seek(int(range[1]))
        file.write(call.body)
    parts(call)[name] = max(parts(call)[name], int(range[2]) + 1)
    return Answer(200, {"name": name, "sizeInBytes": parts(call)[name]})


def received(call):
    wrong = refusal(call)
    if wrong or call.params["file"] not in parts(call):
        return wrong or problem(404, "never initialized")
    size = parts(call)[call.params["file"]]
    return Answer(200, None, headers={"Range": f"bytes=0-{size - 1}"} if size else {})


def act(call):
    wrong = refusal(call)
    if wrong:
        return wrong
    batch, action = call.space.batches[call.params["batch"]], call.query["action"]
    if action == "COMPLETE":
        if batch["status"] in ("failed", "aborted"):
            return problem(400, "the batch has ended")
        if batch["status"] == "loading":
            batch.update(status="staging", looks=0)
    elif action in ("ABORT", "FAIL", "REVERT"):
        batch["status"] = {"ABORT": "aborted", "FAIL": "failed", "REVERT": "inactive"}[action]
    return Answer(200, {"id": call.params["batch"], "imsOrg": call.space.organization})


def advance(space, id):
    """One look at a batch brings it on."""
    batch = space.batches[id]
    if batch["status"] != "staging" or "looks" not in batch:
        return
    batch["looks"] += 1
    if batch["looks"] <= space.knobs["batch_polls"] or space.knobs["batch_end"] == "staging":
        return
    if space.knobs["batch_end"] != "success":
        batch.update(status=space.knobs["batch_end"], errors=[
            {"code": "DPIFILE-1", "description": "spoilt by the test"}])
        return
    to_lake(space, id)


def to_lake(space, id):
    """The sent files as one Parquet file, with the columns that the platform adds."""
    import duckdb
    files = list(space.files[id].get("sent", {}).values())
    if not files:
        space.batches[id].update(status="failed", errors=[{"code": "DPIFILE-2", "description": "no file"}])
        return
    format = space.batches[id]["inputFormat"]["format"]
    listed = "[" + ", ".join("'" + f.replace("'", "''") + "'" for f in files) + "]"
    read = {
        "parquet": f"read_parquet({listed})", "csv": f"read_csv({listed})",
        "json": f"read_json({listed}, format = 'auto', sample_size = -1, maximum_object_size = 67108864)",
    }[format]
    name = f"part-00000-tid-{id}-c000.gz.parquet"
    folder = f"{space.folder}/lake/{id}"
    os.makedirs(folder, exist_ok=True)
    path = f"{folder}/{name}"
    con = duckdb.connect()
    try:
        con.execute("SET threads = 1")
        con.execute(f"""COPY (SELECT *, {{'acp_sourceBatchId': '{id}', 'commitBatchId': '{id}',
            'trackingId': '{id}', 'rowId': '{id}-0;', 'rowVersion': 1::BIGINT,
            'ingestTime': epoch_ms(now()), 'isDeleted': false}} AS _acp_system_metadata FROM {read})
            TO '{path}' (FORMAT parquet, COMPRESSION gzip)""")
        records = con.execute(f"SELECT count(*) FROM read_parquet('{path}')").fetchone()[0]
    except duckdb.Error as error:
        space.batches[id].update(status="failed", errors=[
            {"code": "DPIFILE-3", "description": str(error)[:300]}])
        return
    finally:
        con.close()
    space.finish_batch(id, {name: path}, records)


def register(app):
    path = ROOT + "/{batch}/datasets/{dataset}/files/{file}"
    app.route("POST", ROOT, make, "batch-ingestion")
    app.route("PUT", path, put, "batch-ingestion")
    app.route("PATCH", path, part, "batch-ingestion")
    app.route("POST", path, begin_or_end, "batch-ingestion")
    app.route("HEAD", path, received, "batch-ingestion")
    app.route("POST", ROOT + "/{batch}", act, "batch-ingestion")

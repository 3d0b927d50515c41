"""Query Service's API: connection parameters, and queries that run until they are looked at often enough.

Knobs: `query_polls`, looks until a query is at its end; `query_end`: "SUCCESS", "FAILED", "KILLED",
"TIMEOUT", or "HIDDEN" for one whose handler hides a failure (SUCCESS without a data set);
`query_page`, entries of a page of the list.
"""
import os
import uuid

import duckdb
from sqlglot import exp
from sqlglot.errors import SqlglotError

import dialect
from sandbox import Answer
from state import KNOBS
from warehouse import Refused, refused, warehouse_of

ROOT = "/data/foundation/query"
ENDS = ("SUCCESS", "FAILED", "KILLED", "TIMEOUT")


def register(app):
    KNOBS.setdefault("query_polls", 2)
    KNOBS.setdefault("query_end", "SUCCESS")
    KNOBS.setdefault("query_page", 50)
    app.route("GET", ROOT + "/connection_parameters", connection, contract="query-service")
    app.route("POST", ROOT + "/queries", make, contract="query-service")
    app.route("GET", ROOT + "/queries", listing, contract="query-service")
    app.route("GET", ROOT + "/queries/{id}", look, contract="query-service")
    app.route("PATCH", ROOT + "/queries/{id}", change, contract="query-service")


def refusal(status, code, message):
    """An error as this service words it."""
    return Answer(status, {"errors": [{"code": code, "message": message, "errorType": "USER_ERROR"}]})


def connection(call):
    wire = call.app.addresses["wire"]
    return Answer(200, {
        "host": wire["host"], "port": wire["port"], "dbName": f"{call.space.name}:all",
        "username": call.space.organization, "token": call.token, "version": 1})


def queries(space):
    return space.other.setdefault("queries", {})


def make(call):
    body = call.json()
    text = body.get("sql", "")
    if not text:
        return refusal(400, "22000", "sql is missing")
    id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{call.space.name}/{call.space.new_id()}"))
    moment = f"2026-11-30T00:00:00.{len(queries(call.space)):06d}Z"
    queries(call.space)[id] = {
        "id": id, "request": body, "state": "SUBMITTED", "created": moment, "updated": moment,
        "effectiveSQL": text, "isCTAS": text.upper().startswith("CREATE TABLE"), "isInsertInto": False,
        "elapsedTime": 0, "rowCount": 0, "client": "API", "errors": [], "_links": {}, "version": 1,
        "looks": 0}
    return Answer(202, shown(queries(call.space)[id]))


def shown(query):
    """Without what only the sandbox knows, and without a count while there is none."""
    return {key: value for key, value in query.items()
            if key != "looks" and not (key == "rowCount" and query["state"] != "SUCCESS")}


def listing(call):
    found = sorted(queries(call.space).values(), key=lambda query: query["created"], reverse=True)
    if call.query.get("orderby", "-created") not in ("-created", "created"):
        return refusal(400, "22000", "orderby")
    if call.query.get("orderby") == "created":
        found.reverse()
    condition = call.query.get("property")
    if condition:
        name, mark, text = condition.partition("~")
        if name != "sql" or not mark or "," in text:
            return refusal(400, "22000", f"unknown filter {condition}")
        found = [query for query in found if text in query["request"].get("sql", "")]
    start, size = int(call.query.get("start") or 0), int(call.space.knobs["query_page"])
    links = {}
    if start + size < len(found):
        rest = f"?start={start + size}&orderby={call.query.get('orderby', '-created')}"
        if condition:
            rest += f"&property={condition}"
        links = {"next": {"href": f"https://platform.adobe.io{ROOT}/queries{rest}"}}
    return Answer(200, {
        "queries": [shown(query) for query in found[start:start + size]],
        "_page": {"orderby": "-created", "start": str(start), "count": len(found)},
        "_links": links, "version": 1})


def look(call):
    query = queries(call.space).get(call.params["id"])
    if query is None:
        return refusal(404, "404", "query not found")
    query["looks"] += 1
    if query["state"] not in ENDS:
        query["state"] = "IN_PROGRESS"
        if query["looks"] >= call.space.knobs["query_polls"]:
            end(call.space, query)
    return Answer(200, shown(query))


def change(call):
    query = queries(call.space).get(call.params["id"])
    if query is None:
        return refusal(404, "404", "query not found")
    if call.json().get("op") != "cancel":
        return refusal(400, "22000", "only cancel is known here")
    if query["state"] in ENDS:
        return refusal(409, "22000", "the query has ended")
    query["state"] = "KILLED"
    query["errors"] = [{"code": "57014", "message": "canceled", "errorType": "USER_ERROR"}]
    return Answer(202, {"message": "Query cancel request received"})


def end(space, query):
    wish = space.knobs["query_end"]
    if wish in ("FAILED", "KILLED", "TIMEOUT"):
        query["state"] = wish
        query["errors"] = [{"code": "08P01", "message": "ended by the test", "errorType": "SYSTEM_ERROR"}]
        return
    if wish == "HIDDEN":
        # BEGIN ... EXCEPTION WHEN OTHER THEN SELECT 'ERROR'; END: the handler's SELECT succeeded.
        query["state"], query["rowCount"] = "SUCCESS", 1
        return
    try:
        dataset, rows = create(space, query)
    except Refused as error:
        query["state"] = "FAILED"
        query["errors"] = [{"code": error.state, "message": error.message, "errorType": "USER_ERROR"}]
        return
    query.update(state="SUCCESS", rowCount=rows, elapsedTime=386000)
    query["_links"] = {"created_dataset": {
        "id": dataset, "href": f"https://platform.adobe.io/data/foundation/catalog/dataSets/{dataset}"}}


def create(space, query):
    """Runs CREATE TABLE name AS SELECT over the space's data; the data set and its rows."""
    try:
        parsed = dialect.statements(query["request"]["sql"])
    except SqlglotError as error:
        raise Refused("42601", str(error).split("\n")[0])
    if len(parsed) != 1 or not isinstance(parsed[0], exp.Create) or not parsed[0].expression:
        raise Refused("0A000", "the sandbox runs one CREATE TABLE AS")
    name = parsed[0].this.name
    if space.dataset_of_table(name):
        raise Refused("42P07", f"table {name} already exists")
    warehouse = warehouse_of(space)
    path = f"{space.folder}/{name}-{uuid.uuid4().hex[:8]}.parquet"
    cursor = warehouse.cursor()
    relation = warehouse.translate(parsed[0].expression)
    try:
        cursor.execute(f"COPY ({relation}) TO '{path}' (FORMAT parquet)")
    except duckdb.Error as error:
        raise refused(error)
    rows = cursor.execute(f"SELECT count(*) FROM read_parquet('{path}')").fetchone()[0]
    dataset = space.add_dataset(name, f"https://ns.adobe.com/acme/schemas/adhoc-{name}")
    if rows:
        batch = space.add_batch(dataset, format="parquet")
        space.finish_batch(batch, {"part-00000.c000.snappy.parquet": path}, rows)
    else:
        os.unlink(path)
    return dataset, rows

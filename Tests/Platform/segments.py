"""Profile and segments: scores reach Profile some looks later than the lake; two jobs a day.

Knobs: `profile_lag`, looks at profiles until Profile has what is in the lake now; `job_polls`, looks
until a job is at its end; `job_end`: "SUCCEEDED", "FAILED", "CANCELLED"; `job_limit`, jobs a day;
`segment_page`, entries of a page of definitions.
"""
import re

import duckdb

from sandbox import Answer, problem
from state import KNOBS

ROOT = "/data/core/ups"
ENDS = ("SUCCEEDED", "FAILED", "CANCELLED")
RULE = re.compile(r"_(\w+)\.propensity >= ([\d.eE+-]+) and _\1\.propensity <= ([\d.eE+-]+)$")


def register(app):
    for name, value in (("profile_lag", 0), ("job_polls", 2), ("job_end", "SUCCEEDED"), ("job_limit", 2),
                        ("segment_page", 100)):
        KNOBS.setdefault(name, value)
    for method, path, handler in (
            ("POST", "/segment/definitions", define), ("GET", "/segment/definitions", listing),
            ("GET", "/segment/definitions/{id}", look), ("DELETE", "/segment/definitions/{id}", delete),
            ("POST", "/segment/jobs", start), ("GET", "/segment/jobs", jobs),
            ("GET", "/segment/jobs/{id}", look_at_job), ("POST", "/export/jobs", start_export),
            ("GET", "/export/jobs", exports), ("GET", "/export/jobs/{id}", look_at_export)):
        app.route(method, ROOT + path, handler, contract="segmentation")
    app.route("GET", ROOT + "/access/entities", entity, contract="profile")


def things(space, kind):
    return space.other.setdefault(kind, {})


# Definitions

def define(call):
    body = call.json()
    if any(one["name"] == body["name"] for one in things(call.space, "segments").values()):
        return problem(400, f"a segment named {body['name']} exists")
    if not RULE.match(body["expression"]["value"]):
        return problem(400, "the sandbox understands intervals of propensities only")
    id = call.space.new_id()
    moment = call.space.milliseconds()
    things(call.space, "segments")[id] = {
        **body, "id": id, "imsOrgId": call.space.organization, "mergePolicyId": "default",
        "creationTime": moment, "updateTime": moment, "updateEpoch": moment // 1000}
    return Answer(200, things(call.space, "segments")[id])


def listing(call):
    found = sorted(things(call.space, "segments").values(), key=lambda one: one["creationTime"])
    size, page = int(call.space.knobs["segment_page"]), int(call.query.get("page") or 0)
    pages = max(1, -(-len(found) // size))
    return Answer(200, {
        "segments": found[page * size:(page + 1) * size],
        "page": {"totalCount": len(found), "totalPages": pages, "pageSize": size}})


def look(call):
    found = things(call.space, "segments").get(call.params["id"])
    return Answer(200, found) if found else problem(404, "segment not found")


def delete(call):
    found = things(call.space, "segments").pop(call.params["id"], None)
    return Answer(200, {"status": True, "message": "Segment is removed"}) if found else problem(404, "segment not found")


# Profile

def lake(space):
    """The paths of all rows with scores in data sets that feed Profile, oldest first."""
    return [path for id, dataset in space.datasets.items()
            if "enabled:true" in dataset["tags"].get("unifiedProfile", [])
            for batch in space.batches_of(id) for path in space.paths(batch["id"])
            if ".parquet" in path and "propensity" in str(
                rows(f"DESCRIBE SELECT * FROM read_parquet('{path}')"))]


def rows(sql):
    """Over a connection of its own: the module's is no thing for several threads."""
    with duckdb.connect() as database:
        return database.execute(sql).fetchall()


def profiles(space, looking):
    """What Profile has by now; each look at something new in the lake brings it nearer."""
    there = space.other.setdefault("profile", {"paths": [], "looks": 0})
    paths = lake(space)
    if paths != there["paths"]:
        if looking:
            there["looks"] += 1
        if there["looks"] > space.knobs["profile_lag"] or space.knobs["profile_lag"] == 0:
            there["paths"], there["looks"] = paths, 0
    return there["paths"]


def scores(space, tenant, looking=False):
    """{user: propensity}, the newest where a user has several."""
    found = {}
    for path in profiles(space, looking):
        found.update(rows(
            f"SELECT _{tenant}.cmle_id, _{tenant}.propensity FROM read_parquet('{path}')"))
    return found


def entity(call):
    tenant = call.space.knobs["tenant"]
    user = call.query.get("entityId", "")
    if call.query.get("entityIdNS") != "ecid":
        return problem(400, "entityIdNS")
    found = scores(call.space, tenant, looking=True).get(user)
    if found is None:
        return problem(404, "Requested resource was not found", code="UPINTERNALERROR-404")
    return Answer(200, {f"id-{user}": {
        "entityId": f"id-{user}", "sources": [],
        "entity": {f"_{tenant}": {"cmle_id": user, "propensity": found}}}})


# Jobs

def start(call):
    space = call.space
    ids = [one["segmentId"] for one in call.json()]
    for id in ids:
        if id not in things(space, "segments"):
            return problem(400, f"segment {id} does not exist")
    day = int(space.now()) // 86400
    made = things(space, "jobs")
    if sum(job["day"] == day for job in made.values()) >= space.knobs["job_limit"]:
        return problem(400, "Bad request", "the sandbox's 2 on-demand segment jobs of today are used up")
    id = space.new_id()
    created = max([space.milliseconds()] + [job["body"]["creationTime"] + 1 for job in made.values()])
    made[id] = {"day": day, "looks": 0, "body": {
        "id": id, "imsOrgId": space.organization, "status": "NEW", "profileInstanceId": "ups",
        "source": "api", "creationTime": created, "updateTime": created,
        "segments": [{"segmentId": one, "segment": {
            "id": one, "expression": things(space, "segments")[one]["expression"],
            "mergePolicy": {"id": "default", "version": 1}}} for one in ids],
        "metrics": {"totalTime": {"startTimeInMs": created},
                    "profileSegmentationTime": {"startTimeInMs": created}}}}
    return Answer(200, made[id]["body"])


def jobs(call):
    found = [job["body"] for job in things(call.space, "jobs").values()]
    condition = call.query.get("property")
    if condition:
        name, _, value = condition.partition("==")
        if name != "segments~segmentId":
            return problem(400, f"unknown filter {condition}")
        found = [job for job in found if any(one["segmentId"] == value for one in job["segments"])]
    found.sort(key=lambda job: job["creationTime"], reverse=call.query.get("sort") == "creationTime:desc")
    limit = int(call.query.get("limit") or 10)
    return Answer(200, {
        "_page": {"totalCount": len(found), "pageSize": limit}, "children": found[:limit]})


def look_at_job(call):
    job = things(call.space, "jobs").get(call.params["id"])
    if not job:
        return problem(404, "job not found")
    job["looks"] += 1
    body = job["body"]
    if body["status"] not in ENDS:
        body["status"] = "PROCESSING"
        if job["looks"] >= call.space.knobs["job_polls"]:
            if call.space.knobs["job_end"] == "SUCCEEDED":
                count(call.space, body)
            body["status"] = call.space.knobs["job_end"]
    return Answer(200, body)


def count(space, body):
    body["metrics"]["totalTime"]["totalTimeInMs"] = 60000
    reached = {}
    for one in body["segments"]:
        tenant, lowest, highest = RULE.match(one["segment"]["expression"]["value"]).groups()
        reached[one["segmentId"]] = sum(
            float(lowest) <= value <= float(highest) for value in scores(space, tenant).values())
    body["metrics"]["segmentedProfileCounter"] = reached


# Members into a data set

def start_export(call):
    body = call.json()
    if body["destination"]["datasetId"] not in call.space.datasets:
        return problem(400, "the data set does not exist")
    id = 100 + len(things(call.space, "exports"))
    things(call.space, "exports")[str(id)] = {**body, "id": id, "status": "NEW", "jobType": "BATCH"}
    return Answer(200, things(call.space, "exports")[str(id)])


def exports(call):
    return Answer(200, {"records": list(things(call.space, "exports").values()),
                        "page": {"pageSize": 100}, "link": {}})


def look_at_export(call):
    job = things(call.space, "exports").get(call.params["id"])
    if not job:
        return problem(404, "job not found")
    job["status"] = "PROCESSING" if job["status"] == "NEW" else {
        "SUCCEEDED": "SUCCEEDED"}.get(call.space.knobs["job_end"], "FAILED")
    return Answer(200, job)

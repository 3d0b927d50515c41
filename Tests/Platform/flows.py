"""Flow Service: connections, flows and their runs; exports to a bucket and imports from one.

Knobs: `run_polls`, looks at a flow's runs until the newest is at its end; `run_end`: "success",
"failed"; `run_lost`, records that a run leaves out; `adhoc_not_ready`, requests that come too early;
`adhoc_exists`: true where somebody else started the run; `export_parts`; `export_digits`, 14 or 12;
`second_exporter`: true where another export lands beside; `empty_runs`: true where runs without data are
listed, too; `flow_end`: false where flows lose their endTime.
"""
import datetime
import re

from flow_data import export, load
from sandbox import Answer, problem
from state import KNOBS

ROOT = "/data/foundation/flowservice"
ADHOC = "/data/core/activation/disflowprovider/adhocrun"
ADHOC_TYPE = "application/vnd.adobe.adhoc.dataset.activation+json; version=1"
KINDS = ("connections", "sourceConnections", "targetConnections", "flows")
LAKE = "23598e46-f560-407b-88d5-ea6207e49db0"
S3_TARGET = "4fce964d-3f37-408f-9778-e597338a21ee"
S3_SOURCE = "ecadc60c-7455-4d87-84dc-2a0e293d997b"
EXPORT = "269ba276-16fc-47db-92b0-c1049a3c131f"
SPECS = {
    "flowSpecs": {"CloudStorageToAEP": "9753525b-82c7-4dce-8a9b-5ccfce2b9876"},
    "connectionSpecs": {"datalake": "c604ff05-7f1a-43c0-8e18-33bf874cb11c"},
}
PAGE = 20


def register(app):
    for name, value in (("run_polls", 1), ("run_end", "success"), ("run_lost", 0), ("adhoc_not_ready", 0),
                        ("adhoc_exists", False), ("export_parts", 1), ("export_digits", 14),
                        ("second_exporter", False), ("empty_runs", False), ("flow_end", True)):
        KNOBS.setdefault(name, value)
    for kind in KINDS:
        app.route("POST", f"{ROOT}/{kind}", maker(kind), contract="flow-service")
        app.route("GET", f"{ROOT}/{kind}", lister(kind), contract="flow-service")
        names = {"connections": "BASE_CONNECTION_ID"}
        app.route("GET", f"{ROOT}/{kind}/{{id}}", looker(kind), contract="flow-service")
        app.route("DELETE", f"{ROOT}/{kind}/{{id}}", deleter(kind),
                  contract=None if kind in names else "flow-service")
    app.route("POST", ROOT + "/flows/{id}/action", act, contract="flow-service")
    app.route("GET", ROOT + "/runs", runs, contract="flow-service")
    for kind in SPECS:
        app.route("GET", f"{ROOT}/{kind}", specs(kind), contract="flow-service")
    app.route("POST", ADHOC, adhoc, contract=None)
    app.control("POST", "flow", turn_flow)


def things(space, kind):
    return space.other.setdefault(kind, {})


def refusal(status, message):
    return Answer(status, {"errorCode": f"CONNECTOR-{status}", "errorMessage": message})


def maker(kind):
    def make(call):
        body = call.json()
        text = {"connections": bad_connection, "sourceConnections": bad_source,
                "targetConnections": bad_target, "flows": bad_flow}[kind](call.space, body)
        if text:
            return refusal(400, text)
        id = call.space.new_id()
        moment = call.space.milliseconds()
        things(call.space, kind)[id] = {
            **stored(body), "id": id, "createdAt": moment, "updatedAt": moment, "state": "enabled",
            "sandboxName": call.space.name, "imsOrgId": call.space.organization, "version": "1",
            "etag": f'"{id}"'}
        if kind == "flows" and not call.space.knobs["flow_end"]:
            things(call.space, kind)[id]["scheduleParams"].pop("endTime", None)
        if kind == "flows" and body["flowSpec"]["id"] != EXPORT:
            begin(call.space, id)
        return Answer(201, {"id": id, "etag": f'"{id}"'})
    return make


def stored(body):
    """As the service keeps it: keys of S3 are not told, numbers of schedules and mappings are texts."""
    body = dict(body)
    if "auth" in body:
        body["auth"] = {"specName": body["auth"]["specName"]}
    if "interval" in body.get("scheduleParams", {}):
        body["scheduleParams"] = {
            **body["scheduleParams"], "interval": str(body["scheduleParams"]["interval"])}
    body["transformations"] = [
        {**one, "params": {**one["params"], "mappingVersion": str(one["params"]["mappingVersion"])}}
        for one in body.get("transformations", [])]
    return body


def bad_connection(space, body):
    keys = body.get("auth", {}).get("params", {})
    if body["connectionSpec"]["id"] not in (S3_TARGET, S3_SOURCE):
        return "unknown connection specification"
    if not re.fullmatch("[A-Z2-7]{20}", keys.get("s3AccessKey", "")):
        return "s3AccessKey does not match ^[A-Z2-7]{20}$"
    if not re.fullmatch("[A-Za-z0-9/+]{40}", keys.get("s3SecretKey", "")):
        return f"s3SecretKey {keys.get('s3SecretKey')} does not match ^[A-Za-z0-9/+]{{40}}$"
    return None


def bad_source(space, body):
    if body["connectionSpec"]["id"] == LAKE:
        for one in body["params"]["datasets"]:
            if one["dataSetId"] not in space.datasets:
                return f"data set {one['dataSetId']} does not exist"
        return None
    if body.get("baseConnectionId") not in things(space, "connections"):
        return "the base connection does not exist"
    return None


def bad_target(space, body):
    if body["connectionSpec"]["id"] == S3_TARGET:
        if body.get("baseConnectionId") not in things(space, "connections"):
            return "the base connection does not exist"
        return None
    if body["params"]["dataSetId"] not in space.datasets:
        return "the data set does not exist"
    return None


def bad_flow(space, body):
    for kind, name in (("sourceConnections", "sourceConnectionIds"),
                       ("targetConnections", "targetConnectionIds")):
        for id in body[name]:
            if id not in things(space, kind):
                return f"{kind} {id} does not exist"
    schedule = body["scheduleParams"]
    if schedule.get("frequency") == "once" and {"interval", "backfill"} & set(schedule):
        return "frequency once takes no interval and no backfill"
    return None


def lister(kind):
    def listing(call):
        found = sorted(things(call.space, kind).values(), key=lambda one: one["createdAt"], reverse=True)
        condition = call.query.get("property")
        if condition:
            name, _, value = condition.partition("==")
            found = [one for one in found if str(one.get(name)) == value]
        return page(call, found, kind)
    return listing


def page(call, found, kind):
    start = int(call.query.get("continuationToken") or 0)
    size = min(int(call.query.get("limit") or PAGE), PAGE)
    answer = {"items": found[start:start + size]}
    if start + size < len(found):
        rest = f"?continuationToken={start + size}"
        if call.query.get("property"):
            rest += f"&property={call.query['property']}"
        answer["_links"] = {"next": {"href": f"{ROOT}/{kind}{rest}"}}
    return Answer(200, answer)


def looker(kind):
    def look(call):
        found = things(call.space, kind).get(call.params["id"])
        return Answer(200, {"items": [found]}) if found else refusal(404, "not found")
    return look


def deleter(kind):
    def delete(call):
        found = things(call.space, kind).pop(call.params["id"], None)
        return Answer(204) if found else refusal(404, "not found")
    return delete


def act(call):
    flow = things(call.space, "flows").get(call.params["id"])
    if not flow:
        return refusal(404, "not found")
    if call.query["op"] not in ("enable", "disable"):
        return refusal(400, "unknown operation")
    flow["state"] = call.query["op"] + "d"
    return Answer(200, {"id": flow["id"], "etag": flow["etag"]})


def turn_flow(space, json):
    """For tests: changes members of the flow of a name."""
    for flow in things(space, "flows").values():
        if flow["name"] == json["name"]:
            flow.update(json["members"])
    space.save()
    return {}


def specs(kind):
    def listing(call):
        name = call.query.get("property", "").partition("==")[2]
        return Answer(200, {"items": [
            {"id": id, "name": own, "version": "1.0"} for own, id in SPECS[kind].items()
            if name in ("", own)]})
    return listing


def adhoc(call):
    space = call.space
    if call.headers.get("Accept") != ADHOC_TYPE:
        return refusal(406, "Accept must be that of data sets")
    try:
        wish = call.json()["activationInfo"]["destinations"][0]
        flow, dataset = things(space, "flows").get(wish["flowId"]), wish["datasets"][0]["id"]
    except (KeyError, IndexError, TypeError):
        return refusal(400, "activationInfo.destinations is missing")
    if not flow or flow["flowSpec"]["id"] != EXPORT:
        return refusal(400, "Adhoc run can not be executed for Flow spec")
    source = things(space, "sourceConnections")[flow["sourceConnectionIds"][0]]
    if {"dataSetId": dataset} not in source["params"]["datasets"]:
        return refusal(400, f"the flow exports no data set {dataset}")
    if flow["state"] != "enabled":
        return refusal(400, "the flow is disabled")
    if "endTime" not in flow["scheduleParams"] or flow["scheduleParams"]["endTime"] <= space.now():
        return refusal(400, "the flow has ended")
    if space.knobs["adhoc_not_ready"] > 0:
        space.knobs["adhoc_not_ready"] -= 1
        return refusal(400, "Following order ID(s) are not ready for dataset export, please wait for 10 "
                            "minutes and retry")
    if space.knobs["adhoc_exists"]:
        space.knobs["adhoc_exists"] = False
        begin(space, flow["id"])
        return refusal(400, f"a run already exists for the flow {flow['id']}")
    run = begin(space, flow["id"])
    return Answer(200, {"destinations": [{"datasets": [{
        "id": dataset, "flowId": flow["id"], "statusURL": f"https://platform.adobe.io{ROOT}/runs/{run}"}]}]})


def begin(space, flow):
    """A run that ends when it was looked at often enough."""
    id = space.new_id()
    moment = space.milliseconds()
    things(space, "runs")[id] = {
        "id": id, "flowId": flow, "createdAt": moment, "updatedAt": moment, "looks": 0,
        "number": len(things(space, "runs")),
        "metrics": {"durationSummary": {"startedAtUTC": moment}, "statusSummary": {"status": "inProgress"}}}
    if space.knobs["empty_runs"]:
        empty = space.new_id()
        things(space, "runs")[empty] = {
            "id": empty, "flowId": flow, "createdAt": moment, "updatedAt": moment, "looks": 0,
            "number": len(things(space, "runs")), "metrics": metrics(moment, "success", 0, 0)}
    return id


def metrics(moment, status, records, files, size=0):
    return {
        "durationSummary": {"startedAtUTC": moment, "completedAtUTC": moment + 17000},
        "sizeSummary": {"inputBytes": size, "outputBytes": size},
        "recordSummary": {"inputRecordCount": records, "outputRecordCount": records},
        "fileSummary": {"inputFileCount": files, "outputFileCount": files},
        "statusSummary": {"status": status}}


def runs(call):
    condition = call.query.get("property", "")
    flow = condition.partition("==")[2]
    if not condition.startswith("flowId=="):
        return refusal(400, "property flowId== is missing")
    found = [run for run in things(call.space, "runs").values() if run["flowId"] == flow]
    for run in found:
        run["looks"] += 1
        waiting = run["metrics"]["statusSummary"]["status"] == "inProgress"
        if waiting and run["looks"] > call.space.knobs["run_polls"]:
            end(call.space, run)
    found.sort(key=lambda run: (run["createdAt"], run["number"]), reverse=True)
    return page(call, [{k: v for k, v in run.items() if k not in ("looks", "number")} for run in found],
                "runs")


def end(space, run):
    moment = run["createdAt"]
    flow = things(space, "flows")[run["flowId"]]
    status = space.knobs["run_end"]
    try:
        if status != "success":
            raise ValueError("ended by the test")
        if flow["flowSpec"]["id"] == EXPORT:
            when = datetime.datetime.fromtimestamp(space.now(), datetime.timezone.utc)
            records, files = export(space, flow, things, when)
        else:
            records, files = load(space, flow, things)
        run["metrics"] = metrics(moment, "success", records, files)
    except ValueError as error:
        run["metrics"] = metrics(moment, "failed", 0, 0)
        run["metrics"]["statusSummary"]["errors"] = [{"code": "CONNECTOR-1", "message": str(error)}]

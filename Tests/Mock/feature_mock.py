"""Feature groups of SageMaker with their records, for workflow_mock.py.

A group is Creating, and an update of it InProgress, for one look. A record that names a feature which the group
lacks is refused, and so is one without identifier or event time; an older one than that which is kept changes
nothing. FEATURE_MOCK_THROTTLE is how many of the first writes of a group are refused as too many (2).
"""

import json
import os
import re
import threading
import time
from urllib.parse import parse_qs

from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult, EmptyResult
from moto.sagemaker.responses import SageMakerResponse

# Groups by region and name.
groups, lock = {}, threading.Lock()
THROTTLED = int(os.environ.get("FEATURE_MOCK_THROTTLE", "2"))


def operation(act):
    def respond(self):
        with lock:
            answer = act(self, json.loads(self.body or "{}"))
        return EmptyResult() if answer is None else ActionResult(answer)
    setattr(SageMakerResponse, act.__name__, respond)


def named(self, parameters):
    found = groups.get((self.region, parameters["FeatureGroupName"]))
    if found is None:
        raise JsonRESTError(
            "ResourceNotFound", f"Resource Not Found: FeatureGroup {parameters['FeatureGroupName']} does not exist")
    return found


@operation
def create_feature_group(self, parameters):
    name = parameters["FeatureGroupName"]
    if (self.region, name) in groups:
        raise JsonRESTError("ResourceInUse", f"Resource Already Exists: FeatureGroup {name}")
    arn = f"arn:aws:sagemaker:{self.region}:{self.current_account}:feature-group/{name.lower()}"
    groups[self.region, name] = {
        "facts": {**parameters, "FeatureGroupArn": arn, "FeatureGroupStatus": "Creating"}, "records": {},
        "writes": 0, "tags": {t["Key"]: t["Value"] for t in parameters.get("Tags", [])}}
    return {"FeatureGroupArn": arn}


@operation
def describe_feature_group(self, parameters):
    facts = named(self, parameters)["facts"]
    answer = {key: value for key, value in facts.items() if key != "Tags"}
    if facts["FeatureGroupStatus"] == "Creating":
        facts["FeatureGroupStatus"] = "Created"
    if facts.get("LastUpdateStatus", {}).get("Status") == "InProgress":
        facts["LastUpdateStatus"] = {"Status": "Successful"}
    return json.loads(json.dumps(answer))


@operation
def update_feature_group(self, parameters):
    facts = named(self, parameters)["facts"]
    known = {f["FeatureName"] for f in facts["FeatureDefinitions"]}
    added = parameters.get("FeatureAdditions", [])
    if not 1 <= len(added) <= 100 or known & {f["FeatureName"] for f in added}:
        raise JsonRESTError("ValidationException", "1 to 100 features that the group lacks are expected")
    facts["FeatureDefinitions"] = facts["FeatureDefinitions"] + added
    facts["LastUpdateStatus"] = {"Status": "InProgress"}
    return {"FeatureGroupArn": facts["FeatureGroupArn"]}


@operation
def delete_feature_group(self, parameters):
    named(self, parameters)
    del groups[self.region, parameters["FeatureGroupName"]]


def tagged(arn):
    return next((g for g in groups.values() if g["facts"]["FeatureGroupArn"] == arn), None)


original = {name: getattr(SageMakerResponse, name) for name in ("list_tags", "add_tags")}


def list_tags(self):
    group = tagged(json.loads(self.body)["ResourceArn"])
    if group is None:
        return original["list_tags"](self)
    return ActionResult({"Tags": [{"Key": k, "Value": v} for k, v in group["tags"].items()]})


def add_tags(self):
    parameters = json.loads(self.body)
    group = tagged(parameters["ResourceArn"])
    if group is None:
        return original["add_tags"](self)
    group["tags"].update({t["Key"]: t["Value"] for t in parameters["Tags"]})
    return ActionResult({"Tags": parameters["Tags"]})


SageMakerResponse.list_tags, SageMakerResponse.add_tags = list_tags, add_tags


def answer(method, path, query, body, region):
    """Status and document of a request to the runtime; None where it is for another service."""
    match = re.fullmatch(r"/FeatureGroup/([^/]+)", path)
    if not match:
        return None
    with lock:
        group = groups.get((region, match[1]))
        if group is None:
            return 404, {"__type": "ResourceNotFound", "Message": f"no FeatureGroup {match[1]}"}
        facts = group["facts"]
        identifier, moment = facts["RecordIdentifierFeatureName"], facts["EventTimeFeatureName"]
        if method == "GET":
            wanted = parse_qs(query)["RecordIdentifierValueAsString"][0]
            kept = group["records"].get(wanted)
            return 200, {} if kept is None else {"Record": kept}
        group["writes"] += 1
        if group["writes"] <= THROTTLED:
            return 429, {"__type": "ThrottlingException", "Message": "slower"}
        record = json.loads(body)["Record"]
        values = {entry["FeatureName"]: entry["ValueAsString"] for entry in record}
        unknown = set(values) - {f["FeatureName"] for f in facts["FeatureDefinitions"]}
        if unknown or identifier not in values or moment not in values:
            return 400, {"__type": "ValidationError", "Message": f"not a record: {sorted(unknown)}"}
        kept = group["records"].get(values[identifier])
        times = {entry["FeatureName"]: entry["ValueAsString"] for entry in kept or []}
        if kept is None or float(times[moment]) <= float(values[moment]):
            group["records"][values[identifier]] = record
        return 200, {}


class Runtime:
    """The application of moto's server with the runtime of the feature store in front of it."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start):
        path = environ.get("PATH_INFO", "")
        if not path.startswith("/FeatureGroup/"):
            return self.application(environ, start)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        scope = re.search(r"Credential=[^/]+/\d+/([^/]+)/", environ.get("HTTP_AUTHORIZATION", ""))
        status, document = answer(
            environ["REQUEST_METHOD"], path, environ.get("QUERY_STRING", ""), body,
            scope[1] if scope else "us-east-1")
        data = json.dumps(document).encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(data)))]
        if "__type" in document:
            headers.append(("x-amzn-ErrorType", document["__type"]))
        start(f"{status} told", headers)
        return [data]

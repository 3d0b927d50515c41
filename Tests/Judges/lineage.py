"""Checks events of OpenLineage against the classes that its own client generates from the published schema.

    python lineage.py FILE

FILE has an event a line. Every object must have the members that its class demands, of their types, and no
others beside custom facets; facets that the client knows are checked by their own classes, ids are UUIDs,
times RFC 3339, producers and schemas URIs. Each run starts once and ends once, in this order, and each
parent is a run of the file. Prints the states of each job in order, as JSON.
"""

import collections
import datetime
import json
import re
import sys
import typing
import uuid

import attr
from openlineage.client.generated import (
    base,
    dataset_version_dataset,
    error_message_run,
    job_type_job,
    parent_run,
)

FACETS = {
    "parent": parent_run.ParentRunFacet,
    "errorMessage": error_message_run.ErrorMessageRunFacet,
    "jobType": job_type_job.JobTypeJobFacet,
    "version": dataset_version_dataset.DatasetVersionDatasetFacet,
}
SCHEMES = re.compile(r"^(https?://|urn:)[^\s]+$")


def fail(where, problem):
    sys.exit(f"{where}: {problem}")


def check_facets(facets, where):
    for name, facet in facets.items():
        here = f"{where}.{name}"
        for member in ("_producer", "_schemaURL"):
            if not SCHEMES.match(str(facet.get(member, ""))):
                fail(here, f"{member} is not a URI")
        own = {key: value for key, value in facet.items() if not key.startswith("_")}
        if name in FACETS:
            check(FACETS[name], own, here)
            schema = FACETS[name]._get_schema()
            if facet["_schemaURL"] != schema:
                fail(here, f"expected the schema {schema}")
        elif not name.startswith("atelier_"):
            fail(here, "a custom facet's name has no prefix")


def check(cls, value, where):
    if not isinstance(value, dict):
        fail(where, "expected an object")
    hints = typing.get_type_hints(cls)
    fields = {
        field.name.lstrip("_"): field
        for field in attr.fields(cls)
        if not field.name.startswith("_") and field.name != "schemaURL"
    }
    for name in value:
        if name not in fields and name != "schemaURL":
            fail(where, f"unknown member {name}")
    for name, field in fields.items():
        if name not in value:
            if field.default is attr.NOTHING:
                fail(where, f"{name} is missing")
            continue
        here = f"{where}.{name}"
        if name in ("facets", "inputFacets", "outputFacets"):
            check_facets(value[name], here)
            continue
        check_type(hints[field.name], value[name], here)


def check_type(hint, value, where):
    options = typing.get_args(hint) if typing.get_origin(hint) is not list else ()
    plain = [option for option in (options or (hint,)) if option is not type(None)]
    for option in plain:
        if typing.get_origin(option) is list:
            if not isinstance(value, list):
                fail(where, "expected a list")
            for index, element in enumerate(value):
                check_type(typing.get_args(option)[0], element, f"{where}[{index}]")
            return
        if attr.has(option):
            return check(option, value, where)
        if isinstance(option, type) and issubclass(option, str):
            if not isinstance(value, str):
                fail(where, "expected a text")
            return
        if hasattr(option, "__members__"):
            if value not in [member.value for member in option]:
                fail(where, f"unknown word {value}")
            return


def main(path):
    states = collections.OrderedDict()
    jobs = collections.OrderedDict()
    last = None
    parents = set()
    with open(path) as file:
        events = [json.loads(line) for line in file]
    for number, event in enumerate(events, 1):
        where = f"{path}:{number}"
        check(base.RunEvent, {k: v for k, v in event.items()}, where)
        if event.get("schemaURL") != base.RunEvent._get_schema():
            fail(where, f"schemaURL: expected {base.RunEvent._get_schema()}")
        if event["eventType"] not in [member.value for member in base.EventType]:
            fail(where, "unknown eventType")
        if not SCHEMES.match(event["producer"]):
            fail(where, "producer is not a URI")
        run = event["run"]["runId"]
        if str(uuid.UUID(run)) != run:
            fail(where, "runId is not a UUID in its usual form")
        time = datetime.datetime.fromisoformat(event["eventTime"].replace("Z", "+00:00"))
        if time.tzinfo is None or (last is not None and time < last):
            fail(where, "times go back, or have no zone")
        last = time
        states.setdefault(run, []).append(event["eventType"])
        jobs.setdefault(event["job"]["name"], []).append(event["eventType"])
        parent = event["run"].get("facets", {}).get("parent")
        if parent:
            parents.add(parent["run"]["runId"])
    for run, seen in states.items():
        if len(seen) != 2 or seen[0] != "START" or seen[1] not in ("COMPLETE", "FAIL", "ABORT"):
            fail(run, f"expected START and one end, found {seen}")
    if not parents <= set(states):
        fail(path, "a parent is no run of the file")
    print(json.dumps(jobs))


main(sys.argv[1])

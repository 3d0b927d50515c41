"""Checks the requests in a document against the model of AWS's services that botocore has.

    python aws_requests.py machine|pipeline DOCUMENT [machine|pipeline DOCUMENT ...]

Prints a line for each mistake. What only an execution knows (`name.$` of a state machine, `Get` and `Std:...`
of a pipeline) is taken to be of the type that the service wants there; everything else is compared: unknown and
missing members, types, enumerations, patterns, ranges. The name of a job, which a pipeline gives itself, may be
missing there.
"""

import functools
import json
import re
import sys

import botocore.loaders
import botocore.model

LOADER = botocore.loaders.Loader()
STEPS = {
    "Processing": "CreateProcessingJob",
    "Training": "CreateTrainingJob",
    "Transform": "CreateTransformJob",
    "Model": "CreateModel",
    "RegisterModel": "CreateModelPackage",
    "EndpointConfig": "CreateEndpointConfig",
    "Endpoint": "CreateEndpoint",
}
UNNAMED = {
    "CreateProcessingJob": "ProcessingJobName",
    "CreateTrainingJob": "TrainingJobName",
    "CreateTransformJob": "TransformJobName",
    "CreateModel": "ModelName",
}
KINDS = {"string": str, "integer": int, "long": int, "boolean": bool, "float": (int, float), "double": (int, float)}


class Unknown:
    """A value that only an execution has."""


@functools.lru_cache
def service_model(service):
    return botocore.model.ServiceModel(LOADER.load_service_model(service, "service-2"), service)


def operation(service, name):
    model = service_model(service)
    wanted = name[:1].upper() + name[1:]
    if wanted not in model.operation_names:
        return None
    return model.operation_model(wanted)


def check(shape, value, path, mistakes, may_lack=()):
    def add(text):
        mistakes.append(f"{path or 'request'}: {text}")

    if isinstance(value, Unknown):
        return
    kind = shape.type_name
    if kind == "structure":
        if not isinstance(value, dict):
            return add(f"expected members by name, found {value!r}")
        for name in value:
            if name not in shape.members:
                add(f"unknown member {name}")
        for name in shape.required_members:
            if name not in value and name not in may_lack:
                add(f"lacks {name}")
        for name, member in shape.members.items():
            if name in value:
                check(member, value[name], f"{path}.{name}".strip("."), mistakes)
    elif kind == "list":
        if not isinstance(value, list):
            return add(f"expected a list, found {value!r}")
        bounds(shape, len(value), "elements", add)
        for index, element in enumerate(value):
            check(shape.member, element, f"{path}[{index}]", mistakes)
    elif kind == "map":
        if not isinstance(value, dict):
            return add(f"expected members by name, found {value!r}")
        bounds(shape, len(value), "members", add)
        for key, member in value.items():
            check(shape.key, key, f"{path} (name)", mistakes)
            check(shape.value, member, f"{path}.{key}", mistakes)
    elif kind in KINDS:
        if not isinstance(value, KINDS[kind]) or (kind != "boolean" and isinstance(value, bool)):
            return add(f"expected {kind}, found {value!r}")
        if kind == "string":
            bounds(shape, len(value), "characters", add)
            if getattr(shape, "enum", None) and value not in shape.enum:
                add(f"{value!r} is none of the known values")
            pattern = shape.metadata.get("pattern")
            if pattern and not matches(pattern, value):
                add(f"{value!r} does not match {pattern}")
        elif kind != "boolean":
            bounds(shape, value, "", add)


def matches(pattern, value):
    # Java's possessive and POSIX forms are not Python's.
    pattern = pattern.replace("\\p{L}", "a-zA-Z").replace("\\p{Z}", " ").replace("\\p{N}", "0-9")
    try:
        return re.fullmatch(pattern, value) is not None
    except re.error:
        return True


def bounds(shape, count, unit, add):
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and count < low or high is not None and count > high:
        add(f"{count} {unit} is not within {low} and {high}")


def of_machine(value):
    """A request of a state machine with what only an execution knows as Unknown."""
    if isinstance(value, dict):
        return {
            (name[:-2] if name.endswith(".$") else name): Unknown() if name.endswith(".$") else of_machine(member)
            for name, member in value.items()
        }
    return [of_machine(element) for element in value] if isinstance(value, list) else value


def of_pipeline(value):
    if isinstance(value, dict):
        if len(value) == 1 and (list(value)[0] == "Get" or list(value)[0].startswith("Std:")):
            return Unknown()
        return {name: of_pipeline(member) for name, member in value.items()}
    return [of_pipeline(element) for element in value] if isinstance(value, list) else value


def states(machine):
    for name, state in machine["States"].items():
        yield name, state
        for inner in state.get("Branches", []) + [state[key] for key in ("Iterator", "ItemProcessor") if key in state]:
            yield from states(inner)


def steps(pipeline_steps):
    for step in pipeline_steps:
        yield step
        for key in ("IfSteps", "ElseSteps"):
            yield from steps(step["Arguments"].get(key, []) if step["Type"] == "Condition" else [])


def check_machine(machine, mistakes):
    for name, state in states(machine):
        if state["Type"] != "Task":
            continue
        parts = state["Resource"].split(":::")[1].split(":")
        service, action = parts[-2:]
        action = action.removesuffix(".sync")
        found = operation("stepfunctions" if service == "states" else service, action)
        if found is None:
            mistakes.append(f"{name}: {service} has no operation {action}")
            continue
        own = []
        check(found.input_shape, of_machine(state.get("Parameters", {})), "", own)
        mistakes += [f"{name}: {text}" for text in own]


def check_pipeline(pipeline, mistakes):
    for step in steps(pipeline["Steps"]):
        if step["Type"] == "Condition":
            continue
        if step["Type"] not in STEPS:
            mistakes.append(f"{step['Name']}: unknown type {step['Type']}")
            continue
        found = operation("sagemaker", STEPS[step["Type"]])
        own = []
        lacks = [UNNAMED.get(STEPS[step["Type"]])]
        check(found.input_shape, of_pipeline(step["Arguments"]), "", own, lacks)
        mistakes += [f"{step['Name']}: {text}" for text in own]


def main():
    mistakes = []
    for kind, path in zip(sys.argv[1::2], sys.argv[2::2]):
        own = []
        with open(path) as file:
            {"machine": check_machine, "pipeline": check_pipeline}[kind](json.load(file), own)
        mistakes += [f"{path}: {text}" for text in own]
    print("\n".join(mistakes))
    sys.exit(1 if mistakes else 0)


main()

"""EventBridge's rules that start state machines and pipelines, for workflow_mock.py."""

import json
import uuid

import moto.events.models as events
from moto.sagemaker.models import sagemaker_backends
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

import pipeline_mock

original = events.Rule.send_to_targets


def payload(target, event):
    """What the target gets: a text of JSON."""
    transformer = target.get("InputTransformer")
    if target.get("Input"):
        return target["Input"]
    if not transformer:
        return json.dumps(event, default=str)
    text = transformer["InputTemplate"]
    for name, path in transformer.get("InputPathsMap", {}).items():
        value = event
        for part in path.split(".")[1:]:
            value = value.get(part) if isinstance(value, dict) else None
        # Within quotes what is absent is empty; without, a text gets quotes.
        plain = "" if value is None else str(value)
        text = text.replace(f'"<{name}>"', json.dumps(plain))
        text = text.replace(f"<{name}>", "" if value is None else json.dumps(value))
    return text


def resolved(value, event):
    if not value.startswith("$."):
        return value
    for part in value.split(".")[1:]:
        event = event.get(part, "") if isinstance(event, dict) else ""
    return str(event)


def send_to_targets(self, event, transform_input=True):
    # moto spells the name of the tag otherwise than S3 does.
    thing = event.get("detail", {}).get("object", {})
    if "eTag" in thing:
        thing.setdefault("etag", thing["eTag"])
    ours = [t for t in self.targets if t["Arn"].split(":")[2] in ("states", "sagemaker")]
    if ours and self.state == "ENABLED" and self.event_pattern.matches_event(event):
        for target in ours:
            _, _, service, region, account, *rest = target["Arn"].split(":")
            if service == "states":
                stepfunctions_parser_backends[account][region].start_execution(
                    target["Arn"], name=str(uuid.uuid4()), execution_input=payload(target, event))
            else:
                name = rest[-1].split("/")[-1]
                given = target.get("SageMakerPipelineParameters", {}).get("PipelineParameterList", [])
                given = [{"Name": g["Name"], "Value": resolved(g["Value"], event)} for g in given]
                pipeline_mock.start(
                    sagemaker_backends[account][region], name, "", given, None, region)
    others = [t for t in self.targets if t not in ours]
    if others:
        kept, self.targets = self.targets, others
        try:
            original(self, event, transform_input)
        finally:
            self.targets = kept


events.Rule.send_to_targets = send_to_targets

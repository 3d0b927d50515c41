"""moto's server for workflows and endpoints: it runs state machines and pipelines, with jobs that do as a
test says, and it treats endpoints as SageMaker does.

    python workflow_mock.py -H 127.0.0.1 -p 5555      (moto_server's own arguments)

What jobs do is in the object `mock/jobs.json` of the bucket that their arguments name: by the tag
`atelier:job` a list of what each attempt does, of which the last one is repeated; none: it succeeds.

    {}                          succeeds
    {"fail": "exit code 1"}     fails for this reason
    {"run": true}               goes on until somebody stops it
    {"decisions": {node: {}}}   succeeds, and leaves these documents where its output goes

Where the object has a member `container`, jobs really run, by job_mock.py; training jobs do so in any case, by
training_mock.py.

Waits and pauses of a definition are made short. Beside that a machine of the same name with another
definition is refused, of two starts of one name one wins, and a running machine is not deleted.
See endpoint_mock.py, pipeline_mock.py, trigger_mock.py and feature_mock.py for the rest.
"""

import json
import os
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
os.environ.setdefault("AWS_ACCESS_KEY_ID", "test")
os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "test")

import moto.server
from moto.core.config import default_user_config
from moto.core.exceptions import AWSError
from moto.stepfunctions.parser.api import HistoryEventType, TaskFailedEventDetails
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_factory as factory,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.resource import ResourceCondition
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_aws_sdk import (
    StateTaskServiceAwsSdk,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_unsupported import (
    StateTaskServiceUnsupported,
)
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.asl.utils.boto_client import boto_client_for
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_sfn import (
    StateTaskServiceSfn,
)

import endpoint_mock
import feature_mock
import job_mock
import pipeline_mock
import states_repairs
import training_mock
import trigger_mock

default_user_config["stepfunctions"] = {"execute_state_machine": True}

# How many attempts of a job there were, by its bucket and its name.
attempts, lock = {}, threading.Lock()


def behaviour(parameters, region):
    """What a job did; `parameters` are those of its request."""
    tags = {tag["Key"]: tag["Value"] for tag in parameters.get("Tags", [])}
    job = tags.get("atelier:job")
    words = parameters.get("AppSpecification", {}).get("ContainerArguments", [])
    urls = [word for word in words if word.startswith("s3://")]
    if not urls:
        return {}
    bucket = urls[0].split("/")[2]
    s3 = boto_client_for(region=region, service="s3")
    try:
        plan = json.loads(s3.get_object(Bucket=bucket, Key="mock/jobs.json")["Body"].read())
    except s3.exceptions.ClientError:
        return {}
    with lock:
        number = attempts[bucket, job] = attempts.get((bucket, job), -1) + 1
    told = plan.get(job, [{}])
    what = told[min(number, len(told) - 1)]
    if "container" not in plan or "fail" in what or "run" in what or "decisions" in what:
        return what
    return job_mock.run(parameters, plan["container"], region, what)


def leave(decisions, parameters, region):
    s3 = boto_client_for(region=region, service="s3")
    for output in parameters["ProcessingOutputConfig"]["Outputs"]:
        bucket, _, folder = output["S3Output"]["S3Uri"][len("s3://") :].partition("/")
        for node, document in decisions.items():
            s3.put_object(Bucket=bucket, Key=f"{folder}/{node}.json", Body=json.dumps(document).encode())


def failure(task, env, cause):
    details = TaskFailedEventDetails(
        resource=task._get_sfn_resource(), resourceType=task._get_sfn_resource_type(),
        error="States.TaskFailed", cause=cause)
    return FailureEventException(
        FailureEvent(
            env=env, error_name=StatesErrorName(typ=StatesErrorNameType.StatesTaskFailed),
            event_type=HistoryEventType.TaskFailed,
            event_details=EventDetails(taskFailedEventDetails=details)))


class MockedTask(StateTaskServiceUnsupported):
    """An optimised integration with SageMaker: jobs as the test says."""

    def __init__(self):
        super().__init__()
        self._supported_integration_patterns = {ResourceCondition.WaitForTaskToken, ResourceCondition.Sync}

    def _log_unsupported_warning(self):
        pass

    def _eval_service_task(self, env, resource_runtime_part, normalised_parameters, state_credentials):
        region = resource_runtime_part.region
        what = behaviour(normalised_parameters, region)
        if "fail" in what:
            # Step Functions hands on the whole description, with all that the request held.
            raise failure(self, env, json.dumps({**normalised_parameters, "FailureReason": what["fail"]}))
        if "decisions" in what:
            leave(what["decisions"], normalised_parameters, region)
        env.stack.append(None if what.get("run") else normalised_parameters)

    def _build_sync_resolver(self, env, resource_runtime_part, normalised_parameters, state_credentials):
        answer = env.stack.pop()
        return lambda: answer


original_factory = factory.state_task_service_for


def state_task_service_for(service_name):
    return MockedTask() if service_name == "sagemaker" else original_factory(service_name)


for module in list(sys.modules.values()):
    if getattr(module, "state_task_service_for", None) is original_factory:
        module.state_task_service_for = state_task_service_for

original_sdk = StateTaskServiceAwsSdk._eval_service_task


def eval_sdk(self, env, resource_runtime_part, normalised_parameters, state_credentials):
    original_sdk(self, env, resource_runtime_part, normalised_parameters, state_credentials)
    # moto hands an object's bytes over as a stream that nobody has read.
    answer = env.stack[-1]
    body = answer.get("Body") if isinstance(answer, dict) else None
    if hasattr(body, "read"):
        answer["Body"] = body.read().decode()


StateTaskServiceAwsSdk._eval_service_task = eval_sdk


original_start = StateTaskServiceSfn._eval_service_task


def eval_start(self, env, resource_runtime_part, normalised_parameters, state_credentials):
    # The definition has names in capitals, boto wants small ones.
    small = {name[0].lower() + name[1:]: value for name, value in normalised_parameters.items()}
    original_start(self, env, resource_runtime_part, small, state_credentials)


StateTaskServiceSfn._eval_service_task = eval_start


def shorten(value):
    """The definition with short waits."""
    if isinstance(value, list):
        return [shorten(element) for element in value]
    if not isinstance(value, dict):
        return value
    short = {"IntervalSeconds": 1, "BackoffRate": 1.0, "Seconds": 1}
    return {key: short.get(key, shorten(member)) for key, member in value.items()}


parse = AmazonStateLanguageParser.parse
AmazonStateLanguageParser.parse = staticmethod(
    lambda definition: parse(json.dumps(shorten(json.loads(definition)))))


class AlreadyExists(AWSError):
    TYPE = "StateMachineAlreadyExists"
    STATUS = 400


create = StepFunctionsParserBackend.create_state_machine


def create_state_machine(self, name, definition, **others):
    with lock:
        there = self._revision_by_name(name)
        if there is not None and there.definition != definition:
            raise AlreadyExists(f"State Machine Already Exists: '{there.arn}'")
        return create(self, name=name, definition=definition, **others)


StepFunctionsParserBackend.create_state_machine = create_state_machine

start = StepFunctionsParserBackend.start_execution


def start_execution(self, *words, **others):
    with lock:
        return start(self, *words, **others)


StepFunctionsParserBackend.start_execution = start_execution

states_repairs.repair()

if __name__ == "__main__":
    pipeline_mock.behaviour, pipeline_mock.leave = behaviour, leave
    serve = moto.server.run_simple
    moto.server.run_simple = lambda host, port, application, **others: serve(
        host, port, feature_mock.Runtime(application), **others)
    moto.server.main()

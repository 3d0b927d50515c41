"""Runs executions of a state machine by moto's interpreter of the States Language, with jobs of SageMaker
that do as a test says.

    python run_machines.py < request.json > answer.json

The request: `machine` (the definition as a text), `bucket`, and `executions`, each with `name`, `input`,
`stop` (seconds after which it is stopped, once a job goes on) and `jobs`: by the tag `atelier:job`, or else
by the operation, a list of what each attempt does, of which the last one is repeated:

    {}                          succeeds
    {"raise": "Throttling..."}  the request is refused with this error
    {"fail": "CapacityError"}   the job is made and fails for this reason
    {"run": true}               the job goes on until somebody stops it
    {"decisions": {node: {}}}   succeeds, and leaves these documents where its output goes
    {"answer": {}}              succeeds, with these members in the answer
    {"exists": false}           of describeEndpoint: there is none

The answer: for each execution `status`, `error`, `cause`, `output`, `entered` (the names of states), and
`requests` (operation and parameters). Times in the definition are made short; nothing else is changed.
"""

import json
import os
import sys
import threading
import time

os.environ.update(
    AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", AWS_DEFAULT_REGION="eu-central-1"
)

import boto3
import moto
from moto.core import config
from moto.stepfunctions.parser.api import HistoryEventType, TaskFailedEventDetails
from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import CustomErrorName
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

import states_repairs

NAMES = {
    "create_processing_job": "ProcessingJobName",
    "create_training_job": "TrainingJobName",
    "create_transform_job": "TransformJobName",
    "create_model": "ModelName",
    "create_endpoint_config": "EndpointConfigName",
    "create_endpoint": "EndpointName",
    "update_endpoint": "EndpointName",
    "describe_endpoint": "EndpointName",
    "start_job_run": "JobName",
}

# The execution that runs now: one at a time.
plan, requests, used = {}, [], set()
# Whether a job of it goes on until somebody stops it.
goes_on = threading.Event()
# The configuration of each endpoint.
served = {}


def failure(task, env, error, cause):
    details = TaskFailedEventDetails(
        resource=task._get_sfn_resource(), resourceType=task._get_sfn_resource_type(), error=error, cause=cause
    )
    return FailureEventException(
        FailureEvent(
            env=env,
            error_name=StatesErrorName(typ=StatesErrorNameType.StatesTaskFailed)
            if error == "States.TaskFailed"
            else CustomErrorName(error_name=error),
            event_type=HistoryEventType.TaskFailed,
            event_details=EventDetails(taskFailedEventDetails=details),
        )
    )


def behaviour(operation, parameters):
    tags = {tag["Key"]: tag["Value"] for tag in parameters.get("Tags", [])}
    attempts = plan.get(tags.get("atelier:job")) or plan.get(operation) or [{}]
    return attempts.pop(0) if len(attempts) > 1 else attempts[0]


def leave(decisions, parameters):
    for output in parameters["ProcessingOutputConfig"]["Outputs"]:
        bucket, _, folder = output["S3Output"]["S3Uri"][len("s3://") :].partition("/")
        for node, document in decisions.items():
            boto3.client("s3").put_object(
                Bucket=bucket, Key=f"{folder}/{node}.json", Body=json.dumps(document).encode()
            )


def perform(task, env, operation, parameters):
    """What a service answers; None while a job runs."""
    name = parameters.get(NAMES.get(operation, ""), "")
    what = behaviour(operation, parameters)
    requests.append({"operation": operation, "parameters": parameters})
    if "raise" in what:
        raise failure(task, env, what["raise"], "refused by the test")
    if operation.startswith("create_") and (operation, name) in used:
        raise failure(task, env, "SageMaker.ResourceInUseException", f"{name} is there already")
    used.add((operation, name))
    if operation in ("create_endpoint", "update_endpoint"):
        served[name] = parameters["EndpointConfigName"]
    if "fail" in what:
        cause = json.dumps({NAMES[operation]: name, "FailureReason": what["fail"]})
        raise failure(task, env, "States.TaskFailed", cause)
    if what.get("run"):
        goes_on.set()
        return None
    if "decisions" in what:
        leave(what["decisions"], parameters)
    return {**parameters, **what.get("answer", {})}


class MockedTask(StateTaskServiceUnsupported):
    """An optimised integration with SageMaker or Glue."""

    def __init__(self):
        super().__init__()
        self._supported_integration_patterns = {ResourceCondition.WaitForTaskToken, ResourceCondition.Sync}

    def _log_unsupported_warning(self):
        pass

    def _eval_service_task(self, env, resource_runtime_part, normalised_parameters, state_credentials):
        answer = perform(self, env, self._get_boto_service_action(), normalised_parameters)
        env.stack.append(answer)

    def _build_sync_resolver(self, env, resource_runtime_part, normalised_parameters, state_credentials):
        answer = env.stack.pop()
        return lambda: answer


original_factory = factory.state_task_service_for


def state_task_service_for(service_name):
    return MockedTask() if service_name in ("sagemaker", "glue") else original_factory(service_name)


original_sdk = StateTaskServiceAwsSdk._eval_service_task


def eval_sdk(self, env, resource_runtime_part, normalised_parameters, state_credentials):
    if self._get_boto_service_name() == "sagemaker":
        operation = self._get_boto_service_action()
        what = behaviour(operation, normalised_parameters)
        requests.append({"operation": operation, "parameters": normalised_parameters})
        if what.get("exists") is False:
            raise failure(self, env, "SageMaker.SageMakerException", "Could not find endpoint")
        facts = {"EndpointStatus": "InService", "EndpointConfigName": served.get(normalised_parameters["EndpointName"])}
        env.stack.append({**normalised_parameters, **facts, **what.get("answer", {})})
        return
    original_sdk(self, env, resource_runtime_part, normalised_parameters, state_credentials)
    # moto hands an object's bytes over as a stream that nobody has read.
    answer = env.stack[-1]
    body = answer.get("Body") if isinstance(answer, dict) else None
    if hasattr(body, "read"):
        answer["Body"] = body.read().decode()


def shorten(value):
    """The definition with short waits."""
    if isinstance(value, list):
        return [shorten(element) for element in value]
    if not isinstance(value, dict):
        return value
    short = {"IntervalSeconds": 1, "BackoffRate": 1.0, "Seconds": 1}
    return {key: short.get(key, shorten(member)) for key, member in value.items()}


def run(client, arn, execution):
    global plan
    plan = execution.get("jobs", {})
    requests.clear()
    goes_on.clear()
    started = client.start_execution(
        stateMachineArn=arn, name=execution["name"], input=json.dumps(execution.get("input", {}))
    )["executionArn"]
    stop = execution.get("stop")
    begun = time.monotonic()
    while (told := client.describe_execution(executionArn=started))["status"] == "RUNNING":
        if stop is not None and goes_on.is_set() and time.monotonic() > begun + stop:
            client.stop_execution(executionArn=started, error="Stopped", cause="by a person")
            stop = None
        if time.monotonic() > begun + 200:
            raise SystemExit(f"the execution {execution['name']} did not end")
        time.sleep(0.02)
    events = client.get_execution_history(executionArn=started, maxResults=1000)["events"]
    entered = [event["stateEnteredEventDetails"]["name"] for event in events if "stateEnteredEventDetails" in event]
    return {
        "status": told["status"],
        "error": told.get("error"),
        "cause": told.get("cause"),
        "output": json.loads(told["output"]) if "output" in told else None,
        "entered": entered,
        "requests": list(requests),
    }


def main():
    request = json.load(sys.stdin)
    for module in list(sys.modules.values()):
        if getattr(module, "state_task_service_for", None) is original_factory:
            module.state_task_service_for = state_task_service_for
    StateTaskServiceAwsSdk._eval_service_task = eval_sdk
    states_repairs.repair()
    settings = {**config.default_user_config, "stepfunctions": {"execute_state_machine": True}}
    with moto.mock_aws(config=settings):
        boto3.client("s3").create_bucket(
            Bucket=request["bucket"], CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
        )
        client = boto3.client("stepfunctions")
        arn = client.create_state_machine(
            name="machine",
            definition=json.dumps(shorten(json.loads(request["machine"]))),
            roleArn="arn:aws:iam::123456789012:role/machine",
        )["stateMachineArn"]
        json.dump([run(client, arn, execution) for execution in request["executions"]], sys.stdout)


main()

"""Executions of SageMaker's pipelines whose steps run, for workflow_mock.py.

Steps run in the order of what they depend on; conditions read the property files that jobs have left. Two
starts with one token are one execution, a name may be given twice, a running pipeline cannot be removed.
"""

import json
import threading
import time
import uuid

from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult
from moto.sagemaker.models import SageMakerModelBackend
from moto.sagemaker.responses import SageMakerResponse
from moto.stepfunctions.parser.asl.utils.boto_client import boto_client_for

# Set by workflow_mock.py.
behaviour = leave = None
# Executions by ARN; of each pipeline by its ARN.
executions, lock = {}, threading.Lock()


class Execution:
    def __init__(self, pipeline, name, parameters, token, region):
        self.id = uuid.uuid4().hex[:12]
        self.pipeline, self.arn = pipeline.arn, f"{pipeline.arn}/execution/{self.id}"
        self.definition = json.loads(pipeline.pipeline_definition)
        self.name, self.token, self.region = name, token, region
        self.parameters = {entry["Name"]: entry["Value"] for entry in parameters or []}
        self.status, self.reason, self.steps = "Executing", None, []
        self.started = self.changed = time.time()

    def facts(self):
        return {
            "PipelineArn": self.pipeline, "PipelineExecutionArn": self.arn,
            "PipelineExecutionDisplayName": self.name, "PipelineExecutionStatus": self.status,
            "StartTime": self.started, "CreationTime": self.started, "LastModifiedTime": self.changed,
            **({"FailureReason": self.reason} if self.reason else {})}

    def value(self, value):
        """What an expression of a definition stands for."""
        if isinstance(value, list):
            return [self.value(element) for element in value]
        if not isinstance(value, dict):
            return value
        if "Get" in value:
            path = value["Get"]
            if path.startswith("Parameters."):
                return self.parameters[path.split(".", 1)[1]]
            return self.id if path == "Execution.PipelineExecutionId" else path
        if "Std:Join" in value:
            join = value["Std:Join"]
            return join["On"].join(str(self.value(part)) for part in join["Values"])
        return {key: self.value(member) for key, member in value.items()}

    def run(self):
        try:
            self.do(self.definition["Steps"])
            self.end("Stopped" if self.status == "Stopping" else "Succeeded", None)
        except Exception as error:
            self.end("Stopped" if self.status == "Stopping" else "Failed", str(error))

    def end(self, status, reason):
        self.status, self.reason, self.changed = status, reason, time.time()

    def do(self, steps):
        left, done = list(steps), set()
        names = {step["Name"] for step in steps}
        while left:
            if self.status == "Stopping":
                return
            ready = [s for s in left if not (set(s.get("DependsOn", [])) & names) - done]
            for step in ready:
                self.step(step)
                done.add(step["Name"])
                left.remove(step)

    def step(self, step):
        facts = {"StepName": step["Name"], "StepStatus": "Executing", "StartTime": time.time()}
        self.steps.append(facts)
        self.changed = time.time()
        if step["Type"] == "Condition":
            truth = all(self.holds(one) for one in step["Arguments"]["Conditions"])
            facts.update(
                StepStatus="Succeeded", EndTime=time.time(),
                Metadata={"Condition": {"Outcome": str(truth).lower()}})
            self.do(step["Arguments"]["IfSteps" if truth else "ElseSteps"])
            return
        arguments = self.value(step["Arguments"])
        facts["Metadata"] = {f"{step['Type']}Job": {"Arn": f"arn:aws:sagemaker:::job/pipelines-{self.id}-{step['Name']}"}}
        what = behaviour(arguments, self.region)
        while what.get("run") and self.status != "Stopping":
            time.sleep(0.05)
        if self.status == "Stopping":
            facts.update(StepStatus="Stopped", EndTime=time.time())
            return
        if "fail" in what:
            facts.update(StepStatus="Failed", EndTime=time.time(), FailureReason=what["fail"])
            raise Exception(f"Step failure: One or multiple steps failed: {what['fail']}")
        if "decisions" in what:
            leave(what["decisions"], arguments, self.region)
        facts.update(StepStatus="Succeeded", EndTime=time.time())

    def all_steps(self, steps=None):
        for step in self.definition["Steps"] if steps is None else steps:
            yield step
            if step["Type"] == "Condition":
                yield from self.all_steps(step["Arguments"]["IfSteps"])
                yield from self.all_steps(step["Arguments"]["ElseSteps"])

    def left(self, value):
        """A member of a property file."""
        get = value["Std:JsonGet"]
        file = get["PropertyFile"]["Get"].split(".")
        writer = next(s for s in self.all_steps() if s["Name"] == file[1])
        entry = next(f for f in writer["PropertyFiles"] if f["PropertyFileName"] == file[3])
        outputs = self.value(writer["Arguments"])["ProcessingOutputConfig"]["Outputs"]
        place = next(o for o in outputs if o["OutputName"] == entry["OutputName"])["S3Output"]["S3Uri"]
        bucket, _, folder = place[len("s3://"):].partition("/")
        body = boto_client_for(region=self.region, service="s3").get_object(
            Bucket=bucket, Key=f"{folder}/{entry['FilePath']}")["Body"].read()
        return json.loads(body)[get["Path"]]

    def holds(self, condition):
        left, right = self.left(condition["LeftValue"]), condition["RightValue"]
        return {
            "LessThan": lambda: left < right, "GreaterThan": lambda: left > right,
            "Equals": lambda: left == right}[condition["Type"]]()


def operation(act):
    def respond(self):
        return ActionResult(act(self, json.loads(self.body or "{}")))
    setattr(SageMakerResponse, act.__name__, respond)


def pipeline(self, name):
    return self.sagemaker_backend.describe_pipeline(name)


def start(state, name, display_name, parameters, token, region):
    found = state.pipelines[name]
    with lock:
        for execution in executions.values():
            if token and (execution.pipeline, execution.token) == (found.arn, token):
                return execution
        execution = Execution(found, display_name, parameters, token, region)
        executions[execution.arn] = execution
    threading.Thread(target=execution.run, daemon=True).start()
    return execution


def named(arn):
    if arn not in executions:
        raise JsonRESTError("ResourceNotFound", f"Pipeline execution {arn} does not exist.")
    return executions[arn]


@operation
def start_pipeline_execution(self, parameters):
    name = parameters["PipelineName"]
    pipeline(self, name)
    execution = start(
        self.sagemaker_backend, name, parameters.get("PipelineExecutionDisplayName", ""),
        parameters.get("PipelineParameters"), parameters.get("ClientRequestToken"), self.region)
    return {"PipelineExecutionArn": execution.arn}


@operation
def describe_pipeline_execution(self, parameters):
    return named(parameters["PipelineExecutionArn"]).facts()


@operation
def describe_pipeline_definition_for_execution(self, parameters):
    execution = named(parameters["PipelineExecutionArn"])
    return {"PipelineDefinition": json.dumps(execution.definition), "CreationTime": execution.started}


@operation
def list_pipeline_executions(self, parameters):
    arn = pipeline(self, parameters["PipelineName"])["PipelineArn"]
    own = [one for one in executions.values() if one.pipeline == arn]
    return {"PipelineExecutionSummaries": [one.facts() for one in sorted(own, key=lambda one: -one.started)]}


@operation
def list_pipeline_execution_steps(self, parameters):
    return {"PipelineExecutionSteps": named(parameters["PipelineExecutionArn"]).steps}


@operation
def stop_pipeline_execution(self, parameters):
    execution = named(parameters["PipelineExecutionArn"])
    if execution.status == "Executing":
        execution.status = "Stopping"
    return {"PipelineExecutionArn": execution.arn}


original_delete = SageMakerModelBackend.delete_pipeline


def delete_pipeline(self, pipeline_name):
    if pipeline_name in self.pipelines:
        arn = self.pipelines[pipeline_name].arn
        if any(one.pipeline == arn and one.status in ("Executing", "Stopping") for one in executions.values()):
            raise JsonRESTError("ConflictException", "The pipeline has executions that are running.")
    return original_delete(self, pipeline_name)


SageMakerModelBackend.delete_pipeline = delete_pipeline

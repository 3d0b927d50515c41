"""Builds a pipeline again with Amazon's SDK for Python, and compares both definitions member by member.

    python sagemaker_pipeline.py PIPELINE.json

Needs the package sagemaker below version 3. Each step of the document is made by the SDK's own classes from
what the step means (image, machine, outputs, channels, conditions); then the SDK writes its definition. Prints a
line for each member that differs. Left out of the comparison: Tags and Description, which the SDK's classes take
in other ways or not at all, and what the SDK writes of its own accord: AppManaged (the service's default), an empty Environment of a model, and
the settings of its debugger and profiler. An entry in the registry of models is not compared. The role must be written
out, since the SDK's own session cannot make a model with a parameter for it.
"""

import json
import os
import sys

os.environ.update(AWS_DEFAULT_REGION="eu-central-1", SAGEMAKER_TELEMETRY_OPT_OUT="true")

import boto3
import sagemaker
from sagemaker.estimator import Estimator
from sagemaker.inputs import CreateModelInput, TrainingInput, TransformInput
from sagemaker.model import Model
from sagemaker.processing import ProcessingOutput, Processor
from sagemaker.transformer import Transformer
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionEquals, ConditionGreaterThan, ConditionLessThan
from sagemaker.workflow.execution_variables import ExecutionVariables
from sagemaker.workflow.functions import Join, JsonGet
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.properties import PropertyFile
from sagemaker.workflow.retry import (
    SageMakerJobExceptionTypeEnum,
    SageMakerJobStepRetryPolicy,
    StepExceptionTypeEnum,
    StepRetryPolicy,
)
from sagemaker.workflow.steps import CreateModelStep, ProcessingStep, TrainingStep, TransformStep

CONDITIONS = {"LessThan": ConditionLessThan, "GreaterThan": ConditionGreaterThan, "Equals": ConditionEquals}


def members(enumeration, values):
    """The members of those values: calling the SDK's enumerations always gives their first member."""
    return [member for value in values for member in enumeration if member.value == value]


class Builder:
    def __init__(self, document):
        session = boto3.Session(aws_access_key_id="x", aws_secret_access_key="x", region_name="eu-central-1")
        self.session = sagemaker.session.Session(
            session, default_bucket="bucket", sagemaker_client=session.client("sagemaker")
        )
        self.parameters = {p["Name"]: ParameterString(name=p["Name"]) for p in document["Parameters"]}
        self.steps = {}
        self.files = {}
        self.document = document

    def value(self, value):
        """A value of our document as the SDK has it."""
        if not isinstance(value, dict) or len(value) != 1:
            return value
        (kind, what), = value.items()
        if kind == "Std:Join":
            return Join(on=what["On"], values=[self.value(part) for part in what["Values"]])
        if kind != "Get":
            return value
        place, _, rest = what.partition(".")
        if place == "Parameters":
            return self.parameters[rest]
        if place == "Execution":
            return ExecutionVariables.PIPELINE_EXECUTION_ID
        name, _, path = rest.partition(".")
        found = self.steps[name].properties
        for member in path.replace("['", ".'").replace("']", "").split("."):
            found = found[member[1:]] if member.startswith("'") else getattr(found, member)
        return found

    def retries(self, step):
        policies = []
        for policy in step.get("RetryPolicies", []):
            kinds, options = policy["ExceptionType"], dict(
                interval_seconds=policy["IntervalSeconds"],
                backoff_rate=policy["BackoffRate"],
                max_attempts=policy["MaxAttempts"],
            )
            if kinds[0].startswith("Step."):
                policies.append(StepRetryPolicy(members(StepExceptionTypeEnum, kinds), **options))
            else:
                policies.append(
                    SageMakerJobStepRetryPolicy(members(SageMakerJobExceptionTypeEnum, kinds), **options)
                )
        return policies or None

    def make(self, step):
        made = getattr(self, step["Type"].lower())(step, step["Arguments"])
        self.steps[step["Name"]] = made
        return made

    def processing(self, step, arguments):
        cluster = arguments["ProcessingResources"]["ClusterConfig"]
        processor = Processor(
            role=self.value(arguments["RoleArn"]),
            image_uri=self.value(arguments["AppSpecification"]["ImageUri"]),
            instance_count=cluster["InstanceCount"],
            instance_type=cluster["InstanceType"],
            volume_size_in_gb=cluster["VolumeSizeInGB"],
            max_runtime_in_seconds=arguments["StoppingCondition"]["MaxRuntimeInSeconds"],
            sagemaker_session=self.session,
        )
        outputs = [
            ProcessingOutput(
                source=output["S3Output"]["LocalPath"],
                destination=self.value(output["S3Output"]["S3Uri"]),
                output_name=output["OutputName"],
                s3_upload_mode=output["S3Output"]["S3UploadMode"],
            )
            for output in arguments.get("ProcessingOutputConfig", {}).get("Outputs", [])
        ]
        files = []
        for file in step.get("PropertyFiles", []):
            files.append(
                PropertyFile(name=file["PropertyFileName"], output_name=file["OutputName"], path=file["FilePath"])
            )
            self.files[step["Name"], file["PropertyFileName"]] = files[-1]
        return ProcessingStep(
            name=step["Name"],
            processor=processor,
            outputs=outputs or None,
            job_arguments=arguments["AppSpecification"]["ContainerArguments"],
            property_files=files or None,
            depends_on=step.get("DependsOn"),
            retry_policies=self.retries(step),
        )

    def training(self, step, arguments):
        resources = arguments["ResourceConfig"]
        estimator = Estimator(
            image_uri=self.value(arguments["AlgorithmSpecification"]["TrainingImage"]),
            role=self.value(arguments["RoleArn"]),
            instance_count=resources["InstanceCount"],
            instance_type=resources["InstanceType"],
            volume_size=resources["VolumeSizeInGB"],
            max_run=arguments["StoppingCondition"]["MaxRuntimeInSeconds"],
            output_path=self.value(arguments["OutputDataConfig"]["S3OutputPath"]),
            hyperparameters=arguments["HyperParameters"],
            disable_profiler=True,
            disable_output_compression=False,
            sagemaker_session=self.session,
        )
        inputs = {
            channel["ChannelName"]: TrainingInput(
                self.value(channel["DataSource"]["S3DataSource"]["S3Uri"]), content_type=channel["ContentType"]
            )
            for channel in arguments["InputDataConfig"]
        }
        return TrainingStep(
            name=step["Name"],
            estimator=estimator,
            inputs=inputs,
            depends_on=step.get("DependsOn"),
            retry_policies=self.retries(step),
        )

    def model(self, step, arguments):
        container = arguments["PrimaryContainer"]
        model = Model(
            image_uri=self.value(container["Image"]),
            model_data=self.value(container["ModelDataUrl"]),
            role=self.value(arguments["ExecutionRoleArn"]),
            sagemaker_session=self.session,
        )
        return CreateModelStep(name=step["Name"], model=model, inputs=CreateModelInput())

    def transform(self, step, arguments):
        resources, output = arguments["TransformResources"], arguments["TransformOutput"]
        transformer = Transformer(
            model_name=self.value(arguments["ModelName"]),
            instance_count=resources["InstanceCount"],
            instance_type=resources["InstanceType"],
            output_path=self.value(output["S3OutputPath"]),
            accept=output["Accept"],
            assemble_with=output["AssembleWith"],
            sagemaker_session=self.session,
        )
        source = arguments["TransformInput"]
        inputs = TransformInput(
            data=self.value(source["DataSource"]["S3DataSource"]["S3Uri"]),
            content_type=source["ContentType"],
            split_type=source["SplitType"],
        )
        return TransformStep(
            name=step["Name"], transformer=transformer, inputs=inputs, retry_policies=self.retries(step)
        )

    def condition(self, step, arguments):
        conditions = []
        for condition in arguments["Conditions"]:
            left = condition["LeftValue"]
            if "Std:JsonGet" in left:
                found = left["Std:JsonGet"]
                _, name, _, file = found["PropertyFile"]["Get"].split(".")
                left = JsonGet(step_name=name, property_file=self.files[name, file], json_path=found["Path"])
            else:
                left = self.value(left)
            conditions.append(CONDITIONS[condition["Type"]](left=left, right=condition["RightValue"]))
        return ConditionStep(
            name=step["Name"],
            conditions=conditions,
            if_steps=[self.make(inner) for inner in arguments["IfSteps"]],
            else_steps=[self.make(inner) for inner in arguments["ElseSteps"]],
            depends_on=step.get("DependsOn"),
        )

    def definition(self):
        steps = [self.make(step) for step in self.document["Steps"]]
        pipeline = Pipeline(
            name="pipeline", parameters=list(self.parameters.values()), steps=steps, sagemaker_session=self.session
        )
        return json.loads(pipeline.definition())


IGNORED = {"Tags", "Description", "AppManaged", "Environment", "DebugHookConfig", "ProfilerConfig"}


def compare(ours, theirs, path, differences):
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name in sorted((set(ours) | set(theirs)) - IGNORED):
            if name not in ours:
                differences.append(f"{path}.{name}: only the SDK has it: {json.dumps(theirs[name])}")
            elif name not in theirs:
                differences.append(f"{path}.{name}: the SDK has it not")
            else:
                compare(ours[name], theirs[name], f"{path}.{name}", differences)
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for index, (one, other) in enumerate(zip(ours, theirs)):
            compare(one, other, f"{path}[{index}]", differences)
    elif ours != theirs:
        differences.append(f"{path}: {json.dumps(ours)} here, {json.dumps(theirs)} by the SDK")


def main():
    with open(sys.argv[1]) as file:
        document = json.load(file)
    differences = []
    compare(document, Builder(document).definition(), "", differences)
    print("\n".join(differences))
    sys.exit(1 if differences else 0)


main()

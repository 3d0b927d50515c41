"""Training jobs of SageMaker that run, for workflow_mock.py: each starts the container of job_mock.py.

What jobs do is in the object `mock/jobs.json` of the bucket that their arguments name: `container` (see
job_mock.py), and `tasks`, what the first, second, ... job does:

    {}                  runs
    {"kill": 1}         the machine is lost once a step has ended; {"stop": 1}: it is stopped
    {"throttle": 2}     its request is refused twice, as too many
    {"lost": true}      the job is made and the answer is lost
    {"never": true}     it waits for a machine until it is stopped

A name is taken once and for ever.
"""

import json
import threading
import time

from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult
from moto.sagemaker.responses import SageMakerResponse
from moto.stepfunctions.parser.asl.utils.boto_client import boto_client_for

import job_mock

# Jobs by region and name, and how many requests there were by bucket.
jobs, counts, lock = {}, {}, threading.Lock()


class Throttled(JsonRESTError):
    def __init__(self):
        super().__init__("ThrottlingException", "Rate exceeded")


class Job:
    def __init__(self, request, region, what, container):
        self.request, self.region, self.what, self.container = request, region, what, container
        self.status, self.secondary, self.reason = "InProgress", "Starting", None
        self.made, self.process, self.wanted = time.time(), None, True

    def facts(self):
        return {
            "TrainingJobName": self.request["TrainingJobName"],
            "TrainingJobArn": f"arn:aws:sagemaker:{self.region}:123456789012:training-job/{self.request['TrainingJobName']}",
            "CreationTime": self.made, "TrainingJobStatus": self.status,
            "SecondaryStatus": self.secondary,
            **({"FailureReason": self.reason} if self.reason else {})}

    def run(self):
        if self.what.get("never"):
            while self.wanted:
                time.sleep(0.05)
            return self.end("Stopped", "Stopped")
        if not self.wanted:
            return self.end("Stopped", "Stopped")
        self.secondary = "Training"
        answer = job_mock.run(self.request, self.container, self.region, self.what, self)
        if not self.wanted:
            self.end("Stopped", "Stopped")
        elif "fail" in answer:
            self.reason = answer["fail"]
            self.end("Failed", "Failed")
        else:
            self.end("Completed", "Completed")

    def end(self, status, secondary):
        self.status, self.secondary = status, secondary

    def stop(self):
        self.wanted = False
        if self.process is not None:
            self.process.terminate()


def operation(act):
    def respond(self):
        answer = act(self.region, json.loads(self.body or "{}"))
        return ActionResult(answer or {})
    setattr(SageMakerResponse, act.__name__, respond)


def told(bucket, region):
    """What the test says of the jobs of a bucket."""
    s3 = boto_client_for(region=region, service="s3")
    return json.loads(s3.get_object(Bucket=bucket, Key="mock/jobs.json")["Body"].read())


@operation
def create_training_job(region, request):
    name = request["TrainingJobName"]
    bucket = next(
        word for word in request["AlgorithmSpecification"]["ContainerArguments"]
        if word.startswith("s3://")).split("/")[2]
    plan = told(bucket, region)
    with lock:
        if (region, name) in jobs:
            raise JsonRESTError("ResourceInUse", f"Training job names must be unique: {name}")
        number = counts.setdefault(bucket, 0)
        tasks = plan.get("tasks", [])
        what = tasks[number] if number < len(tasks) else {}
        refused = counts.get((bucket, number), 0)
        if refused < what.get("throttle", 0):
            counts[bucket, number] = refused + 1
            raise Throttled()
        counts[bucket] = number + 1
        job = jobs[region, name] = Job(request, region, what, plan["container"])
    threading.Thread(target=job.run, daemon=True).start()
    if what.get("lost"):
        raise RuntimeError("the answer is lost")
    return {"TrainingJobArn": job.facts()["TrainingJobArn"]}


def named(region, name):
    if (region, name) not in jobs:
        raise JsonRESTError("ValidationException", f"Could not find training job {name}.")
    return jobs[region, name]


@operation
def describe_training_job(region, request):
    job = named(region, request["TrainingJobName"])
    return {**job.request, **job.facts()}


@operation
def list_training_jobs(region, request):
    own = [
        job for (place, name), job in jobs.items()
        if place == region and request.get("NameContains", "") in name]
    own.sort(key=lambda job: -job.made)
    start, most = int(request.get("NextToken", 0)), request.get("MaxResults", 10)
    page = own[start:start + most]
    token = {"NextToken": str(start + most)} if start + most < len(own) else {}
    return {"TrainingJobSummaries": [job.facts() for job in page], **token}


@operation
def stop_training_job(region, request):
    job = named(region, request["TrainingJobName"])
    if job.status != "InProgress":
        raise JsonRESTError("ValidationException", "The request was rejected: the job has ended.")
    job.stop()

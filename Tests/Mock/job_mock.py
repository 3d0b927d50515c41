"""Runs the jobs of workflow_mock.py as SageMaker does: the program of the container over a folder /opt/ml.

The container stands for an image: `program` (its path), `environment`, and `project` (the folder that the
image would hold). What a job does beside that, by the attempt:

    {"kill": 2}     SIGKILL once two steps have ended, as when a machine is lost
    {"stop": 2}     SIGTERM once two steps have ended, as when it is stopped

A job fails with the message that the container left. Outputs are uploaded when it has succeeded.
"""

import json
import os
import shutil
import signal
import subprocess
import tempfile

from moto.stepfunctions.parser.asl.utils.boto_client import boto_client_for

LONGEST = 600


def prepare(folder, parameters):
    """What SageMaker puts into the folder, and the words that the container is started with."""
    if "AlgorithmSpecification" in parameters:
        os.makedirs(f"{folder}/input/config")
        with open(f"{folder}/input/config/hyperparameters.json", "w") as file:
            json.dump(parameters.get("HyperParameters", {}), file)
        return parameters["AlgorithmSpecification"].get("ContainerArguments", ["train"])
    os.makedirs(f"{folder}/config")
    with open(f"{folder}/config/processingjobconfig.json", "w") as file:
        json.dump(parameters, file)
    for output in parameters.get("ProcessingOutputConfig", {}).get("Outputs", []):
        os.makedirs(folder + output["S3Output"]["LocalPath"].removeprefix("/opt/ml"))
    return parameters["AppSpecification"]["ContainerArguments"]


def perform(words, container, folder, region, what, own, job):
    """Starts the container and waits for it; its exit code and all that it printed."""
    environment = {
        "PATH": "/usr/bin:/bin", "AWS_REGION": region, "ATELIER_PROJECT": container["project"],
        **container["environment"], **own}
    # A step knows its folder by a variable, a job by a word.
    place = [] if words[0] == "step" else ["--folder", folder]
    if words[0] == "step":
        environment["ATELIER_SCRATCH"] = folder
    process = subprocess.Popen(
        [container["program"], *words, *place], env=environment, cwd="/",
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True)
    if job is not None:
        job.process = process
    ended, printed = 0, []
    limit = what.get("kill", what.get("stop"))
    try:
        for line in process.stdout:
            printed.append(line)
            ended += " built" in line or "built " in line
            if limit is not None and ended >= limit:
                limit = None
                if "kill" in what:
                    os.killpg(process.pid, signal.SIGKILL)
                else:
                    process.terminate()
        return process.wait(LONGEST), "".join(printed)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def upload(parameters, folder, region):
    s3 = boto_client_for(region=region, service="s3")
    for output in parameters.get("ProcessingOutputConfig", {}).get("Outputs", []):
        place = output["S3Output"]
        bucket, _, prefix = place["S3Uri"][len("s3://"):].partition("/")
        local = folder + place["LocalPath"].removeprefix("/opt/ml")
        for parent, _, names in os.walk(local):
            for name in names:
                path = os.path.join(parent, name)
                s3.upload_file(path, bucket, f"{prefix}/{os.path.relpath(path, local)}")


def run(parameters, container, region, what, job=None):
    """Runs a job: nothing where it succeeded, else why it failed, and what it printed."""
    parent = tempfile.mkdtemp(prefix="job-")
    folder = parent + "/ml"
    try:
        words = prepare(folder, parameters)
        own = parameters.get("Environment", {})
        code, printed = perform(words, container, folder, region, what, own, job)
        with open(container["log"], "a") as log:
            log.write(json.dumps({"words": words, "code": code, "printed": printed}) + "\n")
        if code == 0:
            upload(parameters, folder, region)
            return {}
        try:
            with open(folder + "/output/message") as file:
                message = file.read()
        except FileNotFoundError:
            message = "the container left no message"
        if code < 0:
            return {"fail": f"InternalServerError: the machine was lost (signal {-code})"}
        return {"fail": f"AlgorithmError: {message}, exit code: {code}"}
    finally:
        shutil.rmtree(parent, ignore_errors=True)

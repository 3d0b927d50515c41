"""Endpoints of SageMaker as SageMaker treats them, for workflow_mock.py.

An endpoint is Creating or Updating for as many looks as ENDPOINT_MOCK_LOOKS says (2), then InService, unless
the image of its model has one of these words: `broken` (it ends Failed), `unwilling` (an update of it is rolled
back). One that moves refuses an update; one that failed refuses everything but its removal. A configuration
that an endpoint uses cannot be removed here, so that a test finds out who tries.
"""

import json
import os
import threading

from moto.core.responses import ActionResult, EmptyResult
from moto.sagemaker.exceptions import ValidationError
from moto.sagemaker.models import SageMakerModelBackend
from moto.sagemaker.responses import SageMakerResponse

LOOKS = int(os.environ.get("ENDPOINT_MOCK_LOOKS", "2"))
lock = threading.Lock()
original = {
    name: getattr(SageMakerModelBackend, name)
    for name in ("create_endpoint", "describe_endpoint", "delete_endpoint_config")}


def image(self, configuration):
    variant = self.endpoint_configs[configuration].production_variants[0]
    return self._models[variant["ModelName"]].primary_container["Image"]


def move(endpoint, status, former):
    endpoint.endpoint_status, endpoint.former, endpoint.looks = status, former, LOOKS
    endpoint.failure_reason = None


def create_endpoint(self, endpoint_name, endpoint_config_name, tags):
    with lock:
        if endpoint_name in self.endpoints:
            raise ValidationError(message=f"Cannot create already existing endpoint \"{endpoint_name}\".")
        if endpoint_config_name not in self.endpoint_configs:
            raise ValidationError(message=f"Could not find endpoint configuration \"{endpoint_config_name}\".")
        endpoint = original["create_endpoint"](
            self, endpoint_name=endpoint_name, endpoint_config_name=endpoint_config_name, tags=tags)
        move(endpoint, "Creating", None)
        return endpoint


def describe_endpoint(self, endpoint_name):
    with lock:
        endpoint = self.endpoints.get(endpoint_name)
        if endpoint is not None and endpoint.endpoint_status in ("Creating", "Updating"):
            endpoint.looks -= 1
            if endpoint.looks <= 0:
                settle(self, endpoint)
        if endpoint is None:
            raise ValidationError(message=f"Could not find endpoint \"{endpoint_name}\".")
        answer = original["describe_endpoint"](self, endpoint_name)
        if endpoint.failure_reason:
            answer["FailureReason"] = endpoint.failure_reason
        return answer


def settle(self, endpoint):
    name = image(self, endpoint.endpoint_config_name)
    endpoint.endpoint_status = "InService"
    if "broken" in name:
        endpoint.endpoint_status = "Failed"
        endpoint.failure_reason = "The primary container did not pass the ping health check."
    elif "unwilling" in name and endpoint.former:
        endpoint.endpoint_config_name = endpoint.former
        endpoint.failure_reason = "Deployment was rolled back because of an alarm."


def update_endpoint(self):
    parameters = json.loads(self.body)
    state = self.sagemaker_backend
    with lock:
        endpoint = state.endpoints.get(parameters["EndpointName"])
        if endpoint is None:
            raise ValidationError(message="Could not find endpoint.")
        if parameters["EndpointConfigName"] not in state.endpoint_configs:
            raise ValidationError(message="Could not find endpoint configuration.")
        if endpoint.endpoint_status != "InService":
            raise ValidationError(
                message=f"Cannot update endpoint in the status {endpoint.endpoint_status}.")
        former = endpoint.endpoint_config_name
        endpoint.endpoint_config_name = parameters["EndpointConfigName"]
        move(endpoint, "Updating", former)
        return ActionResult({"EndpointArn": endpoint.arn})


def delete_endpoint_config(self, endpoint_config_name):
    with lock:
        for endpoint in self.endpoints.values():
            if endpoint_config_name in (endpoint.endpoint_config_name, getattr(endpoint, "former", None)) \
                    and (endpoint.endpoint_config_name == endpoint_config_name
                         or endpoint.endpoint_status == "Updating"):
                raise ValidationError(message=f"{endpoint_config_name} is in use by {endpoint.endpoint_name}.")
        return original["delete_endpoint_config"](self, endpoint_config_name)


SageMakerModelBackend.create_endpoint = create_endpoint
SageMakerModelBackend.describe_endpoint = describe_endpoint
SageMakerModelBackend.delete_endpoint_config = delete_endpoint_config
SageMakerResponse.update_endpoint = update_endpoint

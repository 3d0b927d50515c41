"""All that workflows, endpoints and triggers could have left in a region of the mock, by name.

    AWS_ENDPOINT_URL=... python census.py REGION
"""

import json
import sys

import boto3

client = lambda name: boto3.client(name, region_name=sys.argv[1])
sagemaker = client("sagemaker")
found = {
    "machines": [m["name"] for m in client("stepfunctions").list_state_machines()["stateMachines"]],
    "pipelines": [p["PipelineName"] for p in sagemaker.list_pipelines()["PipelineSummaries"]],
    "endpoints": [e["EndpointName"] for e in sagemaker.list_endpoints()["Endpoints"]],
    "configurations": [c["EndpointConfigName"] for c in sagemaker.list_endpoint_configs()["EndpointConfigs"]],
    "models": [m["ModelName"] for m in sagemaker.list_models()["Models"]],
    "rules": [r["Name"] for r in client("events").list_rules()["Rules"]],
    "roles": [r["RoleName"] for r in client("iam").list_roles()["Roles"]],
    "tagged": [
        r["ResourceARN"] for r in client("resourcegroupstaggingapi").get_resources()["ResourceTagMappingList"]
        if any(t["Key"].startswith("atelier:") for t in r["Tags"])],
}
json.dump({kind: sorted(names) for kind, names in found.items() if names}, sys.stdout)

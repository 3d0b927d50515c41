"""Looks into the accounts of tiers at the mock, each by a role that is assumed there.

    python tier_account.py bucket ACCOUNT NAME      makes a bucket
    python tier_account.py objects ACCOUNT BUCKET   its keys
    python tier_account.py endpoint ACCOUNT NAME    what an endpoint serves: status, role, archive
    python tier_account.py group NAME               makes a model package group in the user's account
    python tier_account.py packages NAME            its packages: digest, approval, description of it
    python tier_account.py package NAME DIGEST      what serves one of them: image, archive
    python tier_account.py costs AMOUNT SERVICE     what Cost Explorer answers next

Prints JSON. Region and endpoint come from the environment.
"""

import json
import os
import sys
import urllib.request

import boto3

os.environ.setdefault("AWS_DEFAULT_REGION", os.environ.get("AWS_REGION", "us-east-1"))


def session(account):
    answer = boto3.client("sts").assume_role(
        RoleArn=f"arn:aws:iam::{account}:role/look", RoleSessionName="look"
    )["Credentials"]
    return boto3.Session(
        answer["AccessKeyId"], answer["SecretAccessKey"], answer["SessionToken"]
    )


def bucket(account, name):
    region = os.environ["AWS_REGION"]
    session(account).client("s3").create_bucket(
        Bucket=name, CreateBucketConfiguration={"LocationConstraint": region}
    )


def objects(account, name):
    found = session(account).client("s3").list_objects_v2(Bucket=name)
    return sorted(entry["Key"] for entry in found.get("Contents", []))


def endpoint(account, name):
    client = session(account).client("sagemaker")
    found = client.describe_endpoint(EndpointName=name)
    configuration = client.describe_endpoint_config(
        EndpointConfigName=found["EndpointConfigName"]
    )
    model = client.describe_model(ModelName=configuration["ProductionVariants"][0]["ModelName"])
    container = model.get("PrimaryContainer") or model["Containers"][0]
    return {
        "status": found["EndpointStatus"],
        "role": model["ExecutionRoleArn"],
        "data": container["ModelDataUrl"],
    }


def group(name):
    boto3.client("sagemaker").create_model_package_group(ModelPackageGroupName=name)


def packages(name):
    client = boto3.client("sagemaker")
    listed = client.list_model_packages(ModelPackageGroupName=name)["ModelPackageSummaryList"]
    return {
        entry["ModelPackageDescription"].split()[0]: entry["ModelApprovalStatus"]
        for entry in listed
    }


def package(name, digest):
    client = boto3.client("sagemaker")
    for entry in client.list_model_packages(ModelPackageGroupName=name)["ModelPackageSummaryList"]:
        if entry["ModelPackageDescription"].startswith(digest):
            found = client.describe_model_package(ModelPackageName=entry["ModelPackageArn"])
            container = found["InferenceSpecification"]["Containers"][0]
            return {"image": container["Image"], "data": container["ModelDataUrl"]}


def costs(amount, service):
    day = {
        "TimePeriod": {"Start": "2026-11-29", "End": "2026-11-30"},
        "Total": {},
        "Groups": [
            {"Keys": [service], "Metrics": {"AmortizedCost": {"Amount": amount, "Unit": "USD"}}}
        ],
        "Estimated": True,
    }
    body = json.dumps({"results": [{"ResultsByTime": [day, day]}]}).encode()
    url = os.environ["AWS_ENDPOINT_URL"] + "/moto-api/static/ce/cost-and-usage-results"
    urllib.request.urlopen(urllib.request.Request(url, body, method="POST")).read()


answer = globals()[sys.argv[1]](*sys.argv[2:])
print(json.dumps(answer))

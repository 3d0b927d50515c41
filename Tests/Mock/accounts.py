"""Looks into the accounts of catalogue_mock.py, and does there what a user would.

    AWS_ENDPOINT_URL=... python accounts.py REGION census ACCOUNT...
    ... tags ACCOUNT PROJECT | object ACCOUNT BUCKET KEY | executions ACCOUNT PIPELINE
    ... package ACCOUNT GROUP | app ACCOUNT DOMAIN PROFILE | untrust ACCOUNT ROLE | policies ACCOUNT ROLE
    ... role ACCOUNT NAME | stack ACCOUNT NAME | train ACCOUNT ROLE-WITH-PATH
"""

import json
import os
import ssl
import sys
import time
import urllib.request

import boto3

region, command, *rest = sys.argv[1:]
SESSIONS = {}


def client(account, name):
    if account not in SESSIONS:
        keys = boto3.client("sts", region_name=region).assume_role(
            RoleArn=f"arn:aws:iam::{account}:role/census", RoleSessionName="census")["Credentials"]
        SESSIONS[account] = boto3.Session(
            keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], region_name=region)
    return SESSIONS[account].client(name)


def ask(path, body=None):
    trust = ssl.create_default_context(cafile=os.environ["AWS_CA_BUNDLE"])
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trust))
    data = None if body is None else json.dumps(body).encode()
    return json.load(opener.open(urllib.request.Request(os.environ["AWS_ENDPOINT_URL"] + path, data=data)))


def pages(account, service, call, key, **more):
    one = client(account, service)
    return [entry for page in one.get_paginator(call).paginate(**more) for entry in page[key]]


def of(account):
    ec2, sagemaker = client(account, "ec2"), client(account, "sagemaker")
    kms = client(account, "kms")
    keys = [key["KeyId"] for key in kms.list_keys()["Keys"]]
    found = {
        "stacks": [s["StackName"] for s in client(account, "cloudformation").describe_stacks()["Stacks"]],
        "vpcs": [v["VpcId"] for v in ec2.describe_vpcs()["Vpcs"] if not v["IsDefault"]],
        "addresses": [a["AllocationId"] for a in ec2.describe_addresses()["Addresses"]],
        "gateways": [g["InternetGatewayId"] for g in ec2.describe_internet_gateways()["InternetGateways"]],
        "nat": [g["NatGatewayId"] for g in ec2.describe_nat_gateways()["NatGateways"] if g["State"] != "deleted"],
        "endpoints": [e["VpcEndpointId"] for e in ec2.describe_vpc_endpoints()["VpcEndpoints"]],
        "cards": [n["NetworkInterfaceId"] for n in ec2.describe_network_interfaces()["NetworkInterfaces"]],
        "groups": [g["GroupName"] for g in ec2.describe_security_groups()["SecurityGroups"]
                   if g["GroupName"] != "default"],
        "files": [f["FileSystemId"] for f in client(account, "efs").describe_file_systems()["FileSystems"]],
        "domains": [d["DomainId"] for d in sagemaker.list_domains()["Domains"]],
        "profiles": [p["UserProfileName"] for p in sagemaker.list_user_profiles()["UserProfiles"]],
        "projects": [p["ProjectName"] for p in sagemaker.list_projects()["ProjectSummaryList"]],
        "pipelines": [p["PipelineName"] for p in sagemaker.list_pipelines()["PipelineSummaries"]],
        "serving": [e["EndpointName"] for e in sagemaker.list_endpoints()["Endpoints"]],
        "configurations": [c["EndpointConfigName"] for c in
                           sagemaker.list_endpoint_configs()["EndpointConfigs"]],
        "models": [m["ModelName"] for m in sagemaker.list_models()["Models"]],
        "model groups": [g["ModelPackageGroupName"] for g in
                         sagemaker.list_model_package_groups()["ModelPackageGroupSummaryList"]],
        "roles": [r["RoleName"] for r in client(account, "iam").list_roles()["Roles"]],
        "policies": [p["PolicyName"] for p in client(account, "iam").list_policies(Scope="Local")["Policies"]],
        "buckets": [b["Name"] for b in client(account, "s3").list_buckets()["Buckets"]],
        "parameters": [p["Name"] for p in pages(account, "ssm", "describe_parameters", "Parameters")],
        # AWS keeps a key for some days before it is gone.
        "keys": [k for k in keys if kms.describe_key(KeyId=k)["KeyMetadata"]["KeyState"] != "PendingDeletion"],
        "aliases": [a["AliasName"] for a in kms.list_aliases()["Aliases"]
                    if not a["AliasName"].startswith("alias/aws/")],
        "rules": [r["Name"] for r in client(account, "events").list_rules()["Rules"]],
        "machines": [m["name"] for m in client(account, "stepfunctions").list_state_machines()["stateMachines"]],
        "images": [r["repositoryName"] for r in client(account, "ecr").describe_repositories()["repositories"]],
        "recorded": [f"{one['type']} {one['name']}" for one in ask("/__recorded")
                     if one["account"] == account and one["region"] == region],
        "tagged": [r["ResourceARN"] for r in client(account, "resourcegroupstaggingapi").get_resources()[
            "ResourceTagMappingList"] if ":key/" not in r["ResourceARN"] and any(
                t["Key"].startswith(("atelier:", "app-prefix")) for t in r["Tags"])],
    }
    return {kind: sorted(names) for kind, names in found.items() if names}


def census(*accounts):
    found = {account: of(account) for account in accounts}
    return {account: names for account, names in found.items() if names}


def tags(account, project):
    """The tags of every resource of a project that takes some, by type and name."""
    cloud = client(account, "cloudformation")
    stack = next(s["StackName"] for s in cloud.describe_stacks()["Stacks"]
                 if s["StackName"].startswith(f"SageMaker-{project}-"))
    found = {}
    others = {(one["type"], one["name"]): one["tags"] for one in ask("/__recorded") if one["account"] == account}
    listed = lambda values: {one["Key"]: one["Value"] for one in values}
    for one in cloud.describe_stack_resources(StackName=stack)["StackResources"]:
        kind, name = one["ResourceType"], one["PhysicalResourceId"]
        label = f"{kind} {name}"
        if (kind, name) in others:
            found[label] = others[kind, name]
        elif kind == "AWS::S3::Bucket":
            found[label] = listed(client(account, "s3").get_bucket_tagging(Bucket=name)["TagSet"])
        elif kind == "AWS::KMS::Key":
            found[label] = {t["TagKey"]: t["TagValue"] for t in
                            client(account, "kms").list_resource_tags(KeyId=name)["Tags"]}
        elif kind == "AWS::IAM::Role":
            found[label] = listed(client(account, "iam").list_role_tags(RoleName=name)["Tags"])
        elif kind == "AWS::SSM::Parameter":
            found[label] = listed(client(account, "ssm").list_tags_for_resource(
                ResourceType="Parameter", ResourceId=name)["TagList"])
        elif kind == "AWS::ECR::Repository":
            arn = f"arn:aws:ecr:{region}:{account}:repository/{name}"
            found[label] = listed(client(account, "ecr").list_tags_for_resource(resourceArn=arn)["tags"])
        elif kind not in ("AWS::S3::BucketPolicy", "AWS::KMS::Alias"):
            found[label] = None
    return found


def object(account, bucket, key):
    client(account, "s3").put_object(Bucket=bucket, Key=key, Body=b"1,2\n")


def executions(account, pipeline):
    sagemaker = client(account, "sagemaker")
    return [sagemaker.list_pipeline_parameters_for_execution(
                PipelineExecutionArn=one["PipelineExecutionArn"])["PipelineParameters"]
            for one in sagemaker.list_pipeline_executions(PipelineName=pipeline)["PipelineExecutionSummaries"]]


def package(account, group):
    client(account, "sagemaker").create_model_package(ModelPackageGroupName=group)


def app(account, domain, profile):
    client(account, "sagemaker").create_app(
        DomainId=domain, UserProfileName=profile, AppType="JupyterLab", AppName="lab")


def role(account, name):
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    client(account, "iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))


def policies(account, name):
    return [p["PolicyName"] for p in
            client(account, "iam").list_attached_role_policies(RoleName=name)["AttachedPolicies"]]


def untrust(account, name):
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": "sts:AssumeRole"}]}
    client(account, "iam").update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(trust))


def stack(account, name):
    cloud = client(account, "cloudformation")
    made = cloud.create_change_set(
        StackName=name, ChangeSetName="theirs", ChangeSetType="CREATE", TemplateBody=json.dumps(
            {"Resources": {"Key": {"Type": "AWS::SSM::Parameter", "Properties": {
                "Name": f"/theirs/{name}", "Type": "String", "Value": "x"}}}}))
    cloud.execute_change_set(ChangeSetName=made["Id"])
    while cloud.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"] != "CREATE_COMPLETE":
        time.sleep(0.05)


def train(account, role):
    """A training job of a role without tags, and the event that SageMaker would send; the job's tags."""
    sagemaker, arn = client(account, "sagemaker"), f"arn:aws:iam::{account}:role{role}"
    # One that the mock does not run stands for it.
    job = sagemaker.create_processing_job(
        ProcessingJobName="untagged", RoleArn=arn, AppSpecification={"ImageUri": "x"},
        ProcessingResources={"ClusterConfig": {
            "InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1}})["ProcessingJobArn"]
    client(account, "events").put_events(Entries=[{
        "Source": "aws.sagemaker", "DetailType": "SageMaker Training Job State Change",
        "Detail": json.dumps({"TrainingJobArn": job, "RoleArn": arn, "TrainingJobStatus": "InProgress"})}])
    tags, end = {}, time.time() + 20
    while not tags and time.time() < end:
        tags = {t["Key"]: t["Value"] for t in sagemaker.list_tags(ResourceArn=job)["Tags"]}
    return tags


answer = globals()[command](*rest)
if answer is not None:
    print(json.dumps(answer))

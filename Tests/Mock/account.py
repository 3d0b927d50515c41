"""Looks into an account of the mock, and puts things there that a user would.

    AWS_ENDPOINT_URL=... python account.py REGION census [NAME]
    ... lock | change-secret ARN TEXT | outside ARN ACCESS-KEY BUCKET
    ... settings BUCKET VPC | rights ROLE ACTION RESOURCE
    ... secret ARN | work DOMAIN BUCKET | block VPC | unblock VPC | forget-secret ARN | bucket NAME
"""

import ast
import fnmatch
import json
import os
import ssl
import sys
import urllib.request

import boto3
from botocore.exceptions import ClientError

region, command, *rest = sys.argv[1:]


def client(name, key=os.environ["AWS_ACCESS_KEY_ID"], secret=os.environ["AWS_SECRET_ACCESS_KEY"]):
    return boto3.client(
        name, region_name=region, aws_access_key_id=key, aws_secret_access_key=secret)


def census(name="\0"):
    """All that a stack could have left: of the region, and by the stack's name where there is none."""
    ec2, efs = client("ec2"), client("efs")
    own = lambda names: [one for one in names if name.lower() in one.lower()]
    stacks = client("cloudformation").list_stacks()["StackSummaries"]
    found = {
        "vpcs": [v["VpcId"] for v in ec2.describe_vpcs()["Vpcs"] if not v["IsDefault"]],
        "addresses": [a["AllocationId"] for a in ec2.describe_addresses()["Addresses"]],
        "gateways": [g["InternetGatewayId"] for g in ec2.describe_internet_gateways()["InternetGateways"]],
        "nat": [g["NatGatewayId"] for g in ec2.describe_nat_gateways()["NatGateways"]
                if g["State"] != "deleted"],
        "endpoints": [e["VpcEndpointId"] for e in ec2.describe_vpc_endpoints()["VpcEndpoints"]],
        "cards": [n["NetworkInterfaceId"] for n in ec2.describe_network_interfaces()["NetworkInterfaces"]],
        "groups": [g["GroupName"] for g in ec2.describe_security_groups()["SecurityGroups"]
                   if g["GroupName"] != "default"],
        "files": [f["FileSystemId"] for f in efs.describe_file_systems()["FileSystems"]],
        "domains": [d["DomainId"] for d in client("sagemaker").list_domains()["Domains"]],
        "profiles": [p["UserProfileName"] for p in client("sagemaker").list_user_profiles()["UserProfiles"]],
        "secrets": [s["ARN"] for s in client("secretsmanager").list_secrets()["SecretList"]],
        "users": own([u["UserName"] for u in client("iam").list_users()["Users"]]),
        "roles": own([r["RoleName"] for r in client("iam").list_roles()["Roles"]]),
        "buckets": own([b["Name"] for b in client("s3").list_buckets()["Buckets"]]),
        "stacks": [s["StackName"] for s in stacks if s["StackStatus"] != "DELETE_COMPLETE"],
    }
    return {kind: names for kind, names in found.items() if names}


def settings(bucket, network):
    """What a stack has set of its bucket and network, and the apps of Studio."""
    groups = client("ec2").describe_security_groups(
        Filters=[{"Name": "vpc-id", "Values": [network]}])["SecurityGroups"]
    default = next(group for group in groups if group["GroupName"] == "default")
    try:
        cors = client("s3").get_bucket_cors(Bucket=bucket)["CORSRules"]
    except ClientError:
        cors = []
    stack = client("cloudformation").describe_stacks()["Stacks"][0]
    return {"tags": {tag["Key"]: tag["Value"] for tag in stack.get("Tags", [])},
            "cors": cors, "apps": client("sagemaker").list_apps()["Apps"],
            "rules": len(default["IpPermissions"]) + len(default["IpPermissionsEgress"])}


def rights(role, action, resource):
    """Whether the policies of a role allow an action on a resource: its own and those attached to it."""
    iam = client("iam")
    documents = [
        iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        for name in iam.list_role_policies(RoleName=role)["PolicyNames"]]
    managed = [p["PolicyName"] for p in
               iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]]
    found = []
    for document in documents:
        # moto keeps that of a policy of its own as a text of Python.
        document = ast.literal_eval(document) if isinstance(document, str) else document
        for statement in document["Statement"]:
            actions, resources = statement["Action"], statement["Resource"]
            actions = [actions] if isinstance(actions, str) else actions
            resources = [resources] if isinstance(resources, str) else resources
            if action in actions and any(fnmatch.fnmatchcase(resource, r) for r in resources):
                found.append(statement.get("Sid"))
    return {"statements": found, "managed": managed}


def secret(arn):
    return client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"]


def change_secret(arn, text):
    client("secretsmanager").put_secret_value(SecretId=arn, SecretString=text)


def lock():
    """From now on signatures and rights count; an administrator's key."""
    iam = client("iam")
    everything = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    iam.create_user(UserName="administrator")
    iam.put_user_policy(
        UserName="administrator", PolicyName="all", PolicyDocument=json.dumps(everything))
    key = iam.create_access_key(UserName="administrator")["AccessKey"]
    trust = ssl.create_default_context(cafile=os.environ["AWS_CA_BUNDLE"])
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trust))
    opener.open(urllib.request.Request(
        os.environ["AWS_ENDPOINT_URL"] + "/moto-api/reset-auth", data=b"0",
        headers={"Content-Type": "text/plain"})).close()
    return [key["AccessKeyId"], key["SecretAccessKey"]]


def outside(arn, key, bucket):
    """What the data flow's user is told at each try beside its prefix."""
    s3 = client("s3", key, secret(arn))
    tries = [
        lambda: s3.put_object(Bucket=bucket, Key="other/x", Body=b"x"),
        lambda: s3.put_object(Bucket=bucket, Key="cmle-2/x", Body=b"x"),
        lambda: s3.get_object(Bucket=bucket, Key="other/there"),
        lambda: s3.delete_bucket(Bucket=bucket),
        lambda: s3.list_buckets(),
        lambda: client("iam", key, secret(arn)).list_users()]
    codes = []
    for one in tries:
        try:
            one()
            codes.append("fine")
        except ClientError as error:
            codes.append(error.response["Error"]["Code"])
    return codes


def forget_secret(arn):
    client("secretsmanager").delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)


def work(domain, bucket):
    """What people do with a stack: apps, a space, another user, objects that are replaced and deleted."""
    studio, s3 = client("sagemaker"), client("s3")
    studio.create_user_profile(DomainId=domain, UserProfileName="colleague")
    studio.create_space(DomainId=domain, SpaceName="shared")
    studio.create_app(DomainId=domain, UserProfileName="colleague", AppType="JupyterServer", AppName="default")
    studio.create_app(DomainId=domain, SpaceName="shared", AppType="JupyterLab", AppName="lab")
    for number in range(3):
        s3.put_object(Bucket=bucket, Key="cmle/a b&c", Body=b"%d" % number)
    s3.delete_object(Bucket=bucket, Key="cmle/a b&c")
    s3.create_multipart_upload(Bucket=bucket, Key="cmle/half")


def block(vpc):
    client("ec2").create_security_group(GroupName="someone-elses", Description="x", VpcId=vpc)


def unblock(vpc):
    groups = client("ec2").describe_security_groups(
        Filters=[{"Name": "vpc-id", "Values": [vpc]}])["SecurityGroups"]
    for group in groups:
        if group["GroupName"] == "someone-elses":
            client("ec2").delete_security_group(GroupId=group["GroupId"])


def bucket(name):
    client("s3").create_bucket(
        Bucket=name, CreateBucketConfiguration={"LocationConstraint": region})


answer = globals()[command.replace("-", "_")](*rest)
if answer is not None:
    print(json.dumps(answer))

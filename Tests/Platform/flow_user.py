"""Makes in moto what a data flow needs: a bucket, and a stack whose outputs name a user's keys.

    flow_user.py ENDPOINT BUCKET STACK
"""
import json
import sys

import boto3

endpoint, bucket, stack = sys.argv[1:]
# Of AWS's form, which moto's own keys need not be; nobody's.
ACCESS_KEY, SECRET_KEY = "AKIAPLATFORMFLOWUSER", "kFlowUserSecretOfATest/NobodysKey+234567"


def client(service):
    return boto3.client(service, endpoint_url=endpoint, region_name="us-east-1",
                        aws_access_key_id="AKIDTEST", aws_secret_access_key="secret")


client("s3").create_bucket(Bucket=bucket)
secret = client("secretsmanager").create_secret(Name=f"{stack}-secret", SecretString=SECRET_KEY)["ARN"]
client("cloudformation").create_stack(StackName=stack, TemplateBody=json.dumps({
    "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
    "Outputs": {"DataFlowUserAccessKey": {"Value": ACCESS_KEY},
                "DataFlowUserSecretKey": {"Value": secret}}}))
print(SECRET_KEY)

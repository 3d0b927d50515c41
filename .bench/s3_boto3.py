"""What a script over boto3 does for `make bench`: files into a bucket and out of it.

    s3_boto3.py put|get BUCKET KEY FILE
    s3_boto3.py put-many|get-many BUCKET PREFIX FOLDER
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import boto3
from boto3.s3.transfer import TransferConfig

# As many at a time as boto3 keeps connections.
WIDTH = 10


def keys(client, bucket, prefix):
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    return [found["Key"] for page in pages for found in page.get("Contents", [])]


def many(action, names):
    with ThreadPoolExecutor(WIDTH) as pool:
        list(pool.map(action, names))


def main(verb, bucket, key, path):
    client = boto3.client("s3", endpoint_url=os.environ["AWS_ENDPOINT_URL"])
    # Small files need no threads of their own.
    plain = TransferConfig(use_threads=False)
    if verb == "put":
        client.upload_file(path, bucket, key)
    elif verb == "get":
        client.download_file(bucket, key, path)
    elif verb == "put-many":
        many(lambda name: client.upload_file(f"{path}/{name}", bucket, key + name, Config=plain),
             os.listdir(path))
    else:
        many(lambda name: client.download_file(
            bucket, name, f"{path}/{name[len(key):]}", Config=plain), keys(client, bucket, key))


main(*sys.argv[1:])

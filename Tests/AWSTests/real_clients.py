"""Other people's S3 clients, for the tests that compare ours with them. It judges nothing.

Usage: real_clients.py [VERB CLIENT WHAT] ...

  list CLIENT PREFIX     lists what is below the prefix
  read CLIENT PREFIX     lists it and reads all of it
  sample CLIENT PREFIX   lists it and reads every 25th object
  write CLIENT FILE      writes what the JSON file says: a list of {key, text} or {key, file}

CLIENT is boto3 or aws; awscli runs within this process, for a process a key would take minutes. The
bucket is `tests`; the environment leads to it. Each verb prints a line: a list of {key, size}, with
{sha256} where an object was read.
"""
import concurrent.futures
import contextlib
import hashlib
import io
import json
import os
import sys
import tempfile

BUCKET = "tests"
# Bytes; larger ones go the way of large files, in parts.
LARGE = 1 << 20


class Boto3:
    def __init__(self):
        import boto3
        self.s3 = boto3.client("s3")

    def list(self, prefix):
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix)
        return [(entry["Key"], entry["Size"]) for page in pages for entry in page.get("Contents", [])]

    def get(self, key, size, path):
        if size > LARGE:
            self.s3.download_file(BUCKET, key, path)
            return
        with open(path, "wb") as file:
            file.write(self.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read())

    def put(self, key, path):
        if os.path.getsize(path) > LARGE:
            self.s3.upload_file(path, BUCKET, key)
            return
        with open(path, "rb") as file:
            self.s3.put_object(Bucket=BUCKET, Key=key, Body=file)

    width = 4


class AWS:
    def list(self, prefix):
        words = ["s3api", "list-objects-v2", "--bucket", BUCKET, "--prefix", prefix]
        answer = json.loads(self.call(words + ["--output", "json"]) or "{}")
        return [(entry["Key"], entry["Size"]) for entry in answer.get("Contents") or []]

    def get(self, key, size, path):
        self.call(["s3api", "get-object", "--bucket", BUCKET, "--key", key, path])

    def put(self, key, path):
        # `s3 cp` knows uploads in parts; it would take the end of some odd keys for a folder's.
        if os.path.getsize(path) > LARGE:
            self.call(["s3", "cp", "--quiet", path, f"s3://{BUCKET}/{key}"])
        else:
            self.call(["s3api", "put-object", "--bucket", BUCKET, "--key", key, "--body", path])

    # What it prints is caught from the process's own output.
    width = 1

    def __init__(self):
        from awscli.clidriver import create_clidriver
        self.driver = create_clidriver()

    def call(self, words):
        caught = io.StringIO()
        with contextlib.redirect_stdout(caught):
            code = self.driver.main(words)
        if code:
            sys.exit(f"aws {words} ended with {code}")
        return caught.getvalue()


def read(client, entry):
    key, size = entry
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "object")
        client.get(key, size, path)
        with open(path, "rb") as file:
            return {"key": key, "size": size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def write(client, entry):
    if "file" in entry:
        client.put(entry["key"], entry["file"])
        return
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "object")
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(entry["text"])
        client.put(entry["key"], path)


def perform(verb, name, what):
    client = {"boto3": Boto3, "aws": AWS}[name]()
    with concurrent.futures.ThreadPoolExecutor(client.width) as pool:
        if verb == "write":
            with open(what, encoding="utf-8") as file:
                entries = json.load(file)
            list(pool.map(lambda entry: write(client, entry), entries))
            return []
        found = client.list(what)
        every = {"read": 1, "sample": 25, "list": len(found) + 1}[verb]
        chosen = found[every - 1::every]
        rest = [entry for number, entry in enumerate(found) if (number + 1) % every]
        return (list(pool.map(lambda entry: read(client, entry), chosen))
                + [{"key": key, "size": size} for key, size in rest])


if __name__ == "__main__":
    words = sys.argv[1:]
    for start in range(0, len(words), 3):
        print(json.dumps(perform(*words[start:start + 3])), flush=True)

"""The calls by which each program sends and fetches. It takes no times."""

import hashlib
import os

from endpoints import BUCKET, KEY, REGION, SECRET
from timing import Call, Failed

PEERS = ("aws", "s5cmd", "boto3")
HASHING = "atelier, hashing first"


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Clients:
    """Programs over one endpoint; a set of files is known by a name below which its objects lie."""

    def __init__(self, places, endpoint):
        self.places = places
        self.endpoint = endpoint

    def _call(self, program, *words):
        return Call([program, *words], self.places.work, self.endpoint.variables)

    def _list(self, lines):
        path = self.places.fresh("list", make=False)
        with open(path, "w") as file:
            file.writelines(f"{line}\n" for line in lines)
        return path

    def _atelier(self, verb, prefix, lines):
        return self._call(
            self.places.atelier_bench, "s3", verb, BUCKET, prefix, self._list(lines))

    def _curl(self, *words):
        # Else it would wait a second for a server that ignores its `Expect: 100-continue`.
        return self._call(
            self.places.program("curl"), "-sSf", "--aws-sigv4", f"aws:amz:{REGION}:s3", "--user",
            f"{KEY}:{SECRET}", "--expect100-timeout", "0.01", *words)

    def _boto3(self, *words):
        script = f"{os.path.dirname(os.path.abspath(__file__))}/s3_boto3.py"
        return self._call(self.places.program("boto3"), script, *words)

    # -- one file

    def put(self, name, path, hex):
        """The call that sends a file; atelier knows its digest, as it does of what a step made."""
        size = os.path.getsize(path)
        match name:
            case "atelier":
                return self._atelier("put", "atelier", [f"{hex} {size} {path}"])
            case "atelier, hashing first":
                return self._atelier("put", "hashing", [f"- {size} {path}"])
            case "curl":
                return self._curl("-T", path, f"{self.endpoint.url}/{BUCKET}/curl")
            case "aws":
                return self._call(self.places.program("aws"), "s3", "cp", "--only-show-errors",
                                  path, f"s3://{BUCKET}/aws")
            case "s5cmd":
                return self._call(self.places.program("s5cmd"), "--endpoint-url", self.endpoint.url,
                                  "cp", path, f"s3://{BUCKET}/s5cmd")
            case "boto3":
                return self._boto3("put", BUCKET, "boto3", path)

    def get(self, name, path, hex, size):
        """The call that fetches into a new file what `put` sent."""
        match name:
            case "atelier":
                return self._atelier("get", "atelier", [f"{hex} {size} {path}"])
            case "curl":
                return self._curl("-o", path, f"{self.endpoint.url}/{BUCKET}/curl")
            case "aws":
                return self._call(self.places.program("aws"), "s3", "cp", "--only-show-errors",
                                  f"s3://{BUCKET}/aws", path)
            case "s5cmd":
                return self._call(self.places.program("s5cmd"), "--endpoint-url", self.endpoint.url,
                                  "cp", f"s3://{BUCKET}/s5cmd", path)
            case "boto3":
                return self._boto3("get", BUCKET, "boto3", path)

    # -- a folder of files

    def put_many(self, name, folder, digests):
        """The call that sends a folder; `digests` has the digest in hex and the size by name."""
        match name:
            case "atelier":
                return self._atelier("put", "many-atelier", [
                    f"{hex} {size} {folder}/{file}" for file, (hex, size) in digests.items()])
            case "atelier, hashing first":
                return self._atelier("put", "many-hashing", [
                    f"- {size} {folder}/{file}" for file, (_, size) in digests.items()])
            case "aws":
                return self._call(self.places.program("aws"), "s3", "cp", "--only-show-errors",
                                  "--recursive", folder, f"s3://{BUCKET}/many-aws/")
            case "s5cmd":
                return self._call(self.places.program("s5cmd"), "--endpoint-url", self.endpoint.url,
                                  "cp", f"{folder}/*", f"s3://{BUCKET}/many-s5cmd/")
            case "boto3":
                return self._boto3("put-many", BUCKET, "many-boto3/", folder)

    def get_many(self, name, folder, digests):
        """The call that fetches into an empty folder what `put_many` sent."""
        match name:
            case "atelier":
                return self._atelier("get", "many-atelier", [
                    f"{hex} {size} {folder}/{file}" for file, (hex, size) in digests.items()])
            case "aws":
                return self._call(self.places.program("aws"), "s3", "cp", "--only-show-errors",
                                  "--recursive", f"s3://{BUCKET}/many-aws/", folder)
            case "s5cmd":
                return self._call(self.places.program("s5cmd"), "--endpoint-url", self.endpoint.url,
                                  "cp", f"s3://{BUCKET}/many-s5cmd/*", f"{folder}/")
            case "boto3":
                return self._boto3("get-many", BUCKET, "many-boto3/", folder)


def check(path, hex):
    """Refuses a file that is not what was sent."""
    if not os.path.exists(path) or digest(path) != hex:
        raise Failed("what came down is not what was sent")


def check_many(folder, digests):
    """Refuses a folder that is not what was sent."""
    found = {name: digest(f"{folder}/{name}") for name in os.listdir(folder)}
    if found != {name: hex for name, (hex, _) in digests.items()}:
        raise Failed("what came down is not what was sent")

"""Reads a delivered data set from a bucket with other people's clients. It judges nothing.

Usage: read_exports.py BUCKET PREFIX FOLDER

The environment leads to the bucket. pyarrow reads all Parquet files below the prefix as one table with
`exportTime=` as a partition; boto3 fetches each object into FOLDER under its last name. Prints one JSON
object: columns [name, type], rows, exports, and names of the files.
"""
import datetime
import json
import os
import sys
from urllib.parse import urlsplit

import boto3
import pyarrow.dataset
import pyarrow.fs


def plain(value):
    """As `atelier show --format json` writes it: numbers and text, all else as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime) and value.microsecond:
        return str(value).rstrip("0")
    return value if value is None or isinstance(value, (int, float, str)) else str(value)


def main(bucket, prefix, folder):
    place = urlsplit(os.environ["AWS_ENDPOINT_URL"])
    files = pyarrow.fs.S3FileSystem(
        endpoint_override=place.netloc, scheme=place.scheme, region="us-east-1",
        access_key=os.environ["AWS_ACCESS_KEY_ID"], secret_key=os.environ["AWS_SECRET_ACCESS_KEY"])
    table = pyarrow.dataset.dataset(
        f"{bucket}/{prefix}", filesystem=files, format="parquet", partitioning="hive").to_table()
    exports = sorted({str(value) for value in table["exportTime"].to_pylist()})
    table = table.drop_columns(["exportTime"])

    s3 = boto3.client("s3")
    names = []
    for entry in s3.list_objects_v2(Bucket=bucket, Prefix=prefix)["Contents"]:
        names.append(entry["Key"].rsplit("/", 1)[1])
        s3.download_file(bucket, entry["Key"], os.path.join(folder, names[-1]))

    json.dump({
        "columns": [[field.name, str(field.type)] for field in table.schema],
        "rows": [{name: plain(value) for name, value in row.items()} for row in table.to_pylist()],
        "exports": exports,
        "names": names,
    }, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""The buckets that flows write to and read from: S3 where PLATFORM_S3 names its address, else a folder."""
import os


def _client():
    import boto3
    return boto3.client(
        "s3", endpoint_url=os.environ["PLATFORM_S3"], region_name="us-east-1",
        aws_access_key_id=os.environ.get("AWS_ACCESS_KEY_ID", "AKIDTEST"),
        aws_secret_access_key=os.environ.get("AWS_SECRET_ACCESS_KEY", "secret"))


def _path(space, bucket, key):
    return os.path.join(space.folder, "s3", bucket, key)


def put(space, bucket, key, path):
    """Stores a file of this machine as an object."""
    if os.environ.get("PLATFORM_S3"):
        return _client().upload_file(path, bucket, key)
    target = _path(space, bucket, key)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(path, "rb") as source, open(target, "wb") as file:
        file.write(source.read())


def get(space, bucket, key, path):
    """Copies an object into a file of this machine; false where there is none."""
    if os.environ.get("PLATFORM_S3"):
        try:
            _client().download_file(bucket, key, path)
            return True
        except Exception:  # whatever the bucket says, the flow has no file
            return False
    source = _path(space, bucket, key)
    if not os.path.isfile(source):
        return False
    with open(source, "rb") as file, open(path, "wb") as target:
        target.write(file.read())
    return True

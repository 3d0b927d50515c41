"""Runs the program against a real S3 server and prints, feature by feature, what works.

usage: real_s3.py KIND ENDPOINT ACCESS-KEY SECRET-KEY     ATELIER=path of the program

Each feature has a bucket and stores of its own. Exits 1 where one does not do what it should.
"""
import csv
import hashlib
import hmac
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

kind, endpoint, access, secret = sys.argv[1:5]
program = os.environ["ATELIER"]
work = tempfile.mkdtemp()
small = ["--set=Atelier.users=400", "--set=Atelier.batches=3", "--set=Atelier.trials=3"]
buckets = 0
failures = 0


def request(method, bucket, path="", body=b""):
    """A signed request; the body of its answer."""
    now = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    host, digest = endpoint.split("//")[1], hashlib.sha256(body).hexdigest()
    canonical = (
        f"{method}\n/{bucket}{path}\n\nhost:{host}\nx-amz-content-sha256:{digest}\nx-amz-date:{now}\n\n"
        f"host;x-amz-content-sha256;x-amz-date\n{digest}"
    )
    scope = f"{now[:8]}/us-east-1/s3/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = ("AWS4" + secret).encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    fields = {
        "x-amz-content-sha256": digest,
        "x-amz-date": now,
        "Authorization": f"AWS4-HMAC-SHA256 Credential={access}/{scope}, SignedHeaders=host;"
        f"x-amz-content-sha256;x-amz-date, Signature={signature}",
    }
    call = urllib.request.Request(f"{endpoint}/{bucket}{path}", body or None, fields, method=method)
    return urllib.request.urlopen(call, timeout=60).read()


class Project:
    """A bucket, and machines with a store each."""

    def __init__(self):
        global buckets
        buckets += 1
        self.bucket = f"atelier-{os.getpid()}-{buckets}"
        request("PUT", self.bucket)

    def start(self, machine, *words, settings=(), environment=()):
        variables = dict(
            os.environ, AWS_ACCESS_KEY_ID=access, AWS_SECRET_ACCESS_KEY=secret, AWS_ENDPOINT_URL=endpoint,
            AWS_REGION="us-east-1", NO_PROXY="*", AWS_CONFIG_FILE="/nonexistent",
            AWS_SHARED_CREDENTIALS_FILE="/nonexistent", AWS_EC2_METADATA_DISABLED="true",
        )
        variables.update(environment)
        sets = ["Atelier.store=s3", f"AWS.s3_bucket_name={self.bucket}", f"Atelier.root={work}/{self.bucket}-{machine}"]
        return subprocess.Popen(
            [program, *words, *[f"--set={text}" for text in sets + list(settings)]],
            env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )

    def call(self, machine, *words, code=0, **more):
        return self.end(self.start(machine, *words, **more), code)

    def end(self, process, code=0):
        try:
            out, err = process.communicate(timeout=300)
        except subprocess.TimeoutExpired:
            process.kill()
            raise AssertionError("no end after five minutes")
        assert process.returncode == code, f"exit {process.returncode}: {(err + out)[-400:]}"
        return out + err

    def run(self, machine, target="propensity/week3", code=0, options=(), **more):
        words = ["run", target, "--json", *small] if target.startswith("propensity") else ["run", target, "--json"]
        lines = self.call(machine, *words, *options, code=code, **more).splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]


def total(events, name):
    return events[-1][name]


def notices(events):
    return [event["message"] for event in events if event["event"] == "notice"]


def deliveries():
    project = Project()
    assert total(project.run("a", "propensity/week5"), "failed") == 0
    events = project.run("b", "propensity/week5")
    assert total(events, "built") == 0, "the second machine builds"


def push_and_pull():
    project = Project()
    project.run("a", options=["--set=Atelier.store=local"])
    project.call("a", "store", "push", "propensity/week3", *small)
    project.call("b", "store", "pull", "propensity/week3", *small)
    events = project.run("b", options=["--set=Atelier.store=local"])
    assert total(events, "built") == 0, "offline something is built"


def damage():
    project = Project()
    events = project.run("a", "propensity/week2")
    step = next(event for event in events if event.get("status") == "built")
    hex_key = step["key"].split(":")[1]
    prefix = "/cmle"
    path = f"{prefix}/.atelier/ac/{hex_key[:2]}/{hex_key}.json"
    request("PUT", project.bucket, path, b"garbage")
    events = project.run("b", "propensity/week2")
    assert total(events, "built") >= 1 and not [n for n in notices(events) if "keep writing" in n]
    assert total(project.run("c", "propensity/week2"), "built") == 0, "the damaged result was not replaced"
    digest = next(iter(step["outputs"].values()))["digest"].split(":")[1]
    request("PUT", project.bucket, f"{prefix}/.atelier/cas/sha256/{digest[:2]}/{digest}", b"garbage")
    project.call("a", "store", "fsck", "--remote", "-w", "propensity", code=6)
    project.run("d", "propensity/week2")
    project.call("a", "store", "gc", "--remote", "-w", "propensity")


def feature_groups():
    project = Project()
    machines = [
        project.start(
            f"m{number}", "run", "abalone/ingest", "--json",
            settings=[f"Abalone.rows=20{number}", "Abalone.feature_group=g",
                      f"Abalone.record_time=2026-02-0{number}T00:00:00Z"])
        for number in range(1, 5)
    ]
    for process in machines:
        project.end(process)
    text = project.call(
        "m1", "features", "query", "SELECT count(*), max(batch) FROM g", "-w", "abalone", "--format", "csv")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1] == ["810", "4"], f"{rows}"


def four_runs():
    project = Project()
    words = ["run", "propensity/week2", "--json", *small]
    runs = [project.start(f"m{number}", *words) for number in range(4)]
    for process in runs:
        project.end(process)
    project.call("m0", "store", "fsck", "--remote", "-w", "propensity")


def ended(number):
    def work_():
        project = Project()
        words = ["run", "propensity/week1", "--json", "--set=Atelier.users=20000"]
        process = project.start("a", *words)
        time.sleep(1.5)
        process.send_signal(number)
        process.communicate(timeout=60)
        begun = time.time()
        project.call("a", *words)
        project.call("b", *words)
        assert time.time() - begun < 120, "it waited for what was ended"

    return work_


def large_file():
    """A file in parts: an address that is not taken for this machine's."""
    project = Project()
    other = {"AWS_ENDPOINT_URL": endpoint.replace("127.0.0.1", "0.0.0.0")}
    words = ["--set=Atelier.users=60000", "--set=Atelier.batches=1"]
    events = project.run("a", "propensity/week1", options=words, environment=other)
    sizes = [o["size"] for e in events for o in (e.get("outputs") or {}).values() if "size" in o]
    assert max(sizes) > 32 << 20, f"the largest file has {max(sizes)} bytes, too few for parts"
    assert not [n for n in notices(events) if "failed" in n or "not in" in n], notices(events)
    assert total(project.run("b", "propensity/week1", options=words, environment=other), "built") == 0


def wrong_secret():
    project = Project()
    wrong = {"AWS_SECRET_ACCESS_KEY": "wrong"}
    events = project.run("a", "propensity/week1", environment=wrong)
    said = [note for note in notices(events) if "out of reach" in note]
    assert len(said) == 1 and "secret key does not fit" in said[0], notices(events)
    project.run("b", "propensity/week1", code=5, options=["--require-remote"], environment=wrong)


def other_region():
    project = Project()
    other = {"AWS_REGION": "eu-west-3"}
    events = project.run("a", "propensity/week2", environment=other)
    said = [note for note in notices(events) if "out of reach" in note]
    assert len(notices(events)) <= 2, notices(events)
    if said:
        project.run("b", "propensity/week2", code=5, options=["--require-remote"], environment=other)


def reader():
    project = Project()
    project.run("a", "propensity/week2")
    only = {"AWS_ACCESS_KEY_ID": "READERKEY"}
    project.run("b", "propensity/week2", options=["--set=Atelier.seed=2"], environment=only)
    events = project.run("b", "propensity/week2", environment=only)
    assert total(events, "built") == 0, "who may only read builds what is there"


def quota():
    project = Project()
    project.run("a", "propensity/week2")
    admin = ["radosgw-admin", "quota"]
    subprocess.run([*admin, "set", "--quota-scope=user", "--uid=atelier", "--max-objects=1"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([*admin, "enable", "--quota-scope=user", "--uid=atelier"], check=True, stdout=subprocess.DEVNULL)
    try:
        events = project.run("b", "propensity/week2", options=["--set=Atelier.seed=2"])
        assert total(events, "failed") == 0
    finally:
        subprocess.run([*admin, "disable", "--quota-scope=user", "--uid=atelier"], check=True, stdout=subprocess.DEVNULL)


features = [
    ("exports and a second machine (week5)", deliveries),
    ("store push, pull, then offline", push_and_pull),
    ("damaged result and blob, fsck, gc", damage),
    ("four machines ingest into one group", feature_groups),
    ("four runs at once", four_runs),
    ("kill -9, run again", ended(signal.SIGKILL)),
    ("Ctrl-C, run again", ended(signal.SIGINT)),
    ("large files", large_file),
    ("wrong secret", wrong_secret),
    ("other region", other_region),
]
if kind == "rgw":
    features += [("a user who may only read", reader), ("a quota that is used up", quota)]
for name, feature in features:
    begun = time.time()
    try:
        feature()
        answer = "ok"
    except Exception as error:  # The table goes on.
        failures += 1
        answer = f"FAILS: {error}"
    print(f"{kind:6} {name:40} {time.time() - begun:6.1f} s  {answer}", flush=True)
sys.exit(1 if failures else 0)

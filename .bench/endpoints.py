"""Servers on this machine that speak S3. It takes no times."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass

from timing import Absent, Failed

KEY, SECRET, REGION, BUCKET = "bench", "bench-secret", "us-east-1", "bench"


@dataclass
class Endpoint:
    """A bucket at a server, and the variables by which a program finds it."""

    name: str
    url: str
    variables: dict


def _moto(port, folder):
    return ["-H", "127.0.0.1", "-p", str(port)]


def _rclone(port, folder):
    os.mkdir(f"{folder}/{BUCKET}")
    return ["serve", "s3", "--auth-key", f"{KEY},{SECRET}", "--addr", f"127.0.0.1:{port}",
            "--config", "/dev/null", folder]


# moto is the mock of the tests: Python, and a connection for each request. rclone keeps
# connections, checks signatures and writes into files.
SERVERS = {"moto": ("moto_server", _moto), "rclone": ("rclone", _rclone)}


def servers(places):
    """The names of all servers, if they are installed."""
    for program, _ in SERVERS.values():
        if not os.access(f"{places.mock}/bin/{program}", os.X_OK):
            raise Absent(f"there is no {program} in {places.mock}; type: .setup/mock.sh")
    return list(SERVERS)


@contextmanager
def serving(name, places):
    """Runs a server with an empty bucket until the block ends."""
    folder = places.fresh(f"server-{name}")
    port = free_port()
    program, options = SERVERS[name]
    words = [f"{places.mock}/bin/{program}", *options(port, folder)]
    # What the user's own files say of AWS must not count.
    nothing = f"{folder}.config"
    open(nothing, "w").close()
    endpoint = Endpoint(name, f"http://127.0.0.1:{port}", {
        "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_CONFIG_FILE": nothing, "AWS_SHARED_CREDENTIALS_FILE": nothing,
        "AWS_EC2_METADATA_DISABLED": "true", "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"})
    log = f"{folder}.log"
    with open(log, "w") as output:
        server = subprocess.Popen(
            words, cwd=folder, env=os.environ | {"TMPDIR": folder}, stdin=subprocess.DEVNULL,
            stdout=output, stderr=output, start_new_session=True)
    try:
        _wait(server, port, log)
        if name == "moto":
            _make_bucket(endpoint)
        yield endpoint
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@contextmanager
def far_away(endpoint, places, milliseconds, rate):
    """The same bucket, as far away as a request takes so many milliseconds there and back."""
    port = free_port()
    upstream = endpoint.url.rsplit(":", 1)[1]
    log = places.fresh("distance.log", make=False)
    with open(log, "w") as output:
        relay = subprocess.Popen(
            [sys.executable, f"{os.path.dirname(os.path.abspath(__file__))}/distance.py", str(port),
             upstream, str(milliseconds), str(rate)], stdout=output, stderr=output)
    try:
        _wait(relay, port, log)
        url = f"http://127.0.0.1:{port}"
        yield Endpoint(f"{endpoint.name}, {milliseconds} ms away", url,
                       endpoint.variables | {"AWS_ENDPOINT_URL": url})
    finally:
        relay.kill()
        relay.wait()


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def _wait(server, port, log):
    for _ in range(600):
        if server.poll() is not None:
            with open(log) as file:
                last = (file.read().strip().splitlines() or ["it said nothing"])[-1]
            raise Failed(f"the server ended: {last[:100]}")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise Failed("the server does not answer within a minute")


def _make_bucket(endpoint):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        opener.open(urllib.request.Request(f"{endpoint.url}/{BUCKET}", method="PUT"), timeout=60)
    except (urllib.error.URLError, OSError) as error:
        raise Failed(f"cannot make a bucket: {error}")

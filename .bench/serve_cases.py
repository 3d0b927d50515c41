"""The case about served models: latency and throughput beside Flask and gunicorn, by wrk."""

import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass

from endpoints import free_port
from timing import Absent, Call, Contestant, Failed, Figures, contest, run

CONNECTIONS = 16
SECONDS = 3


@dataclass
class Load:
    """What wrk measured: requests a second, and latencies in seconds."""

    rate: float
    half: float
    most: float


def serve(places, report):
    """1 and 100 rows a request, over as many threads or processes as there are cores."""
    wrk = shutil.which("wrk")
    if not wrk:
        raise Absent("there is no wrk; type: apt-get install wrk")
    python = f"{places.serve_venv}/bin/python"
    if not os.access(python, os.X_OK):
        raise Absent(f"there is no Flask in {places.serve_venv}; type: make bench-setup")
    folder = places.fresh("serve")
    own = os.path.dirname(os.path.abspath(__file__))
    model, rows = f"{folder}/model.ubj", f"{folder}/100.csv"
    run(Call([python, f"{own}/serve_peer.py", "train", model, rows], folder), keep_output=True)
    with open(rows) as file, open(f"{folder}/1.csv", "w") as one:
        one.write(file.readline())
    with _serving(_atelier(places, model, folder)) as ours, \
            _serving(_gunicorn(places, model, own)) as theirs:
        _compare(ours, theirs, folder)
        for count in (1, 100):
            _measure(report, wrk, own, folder, count, {"atelier": ours, "gunicorn": theirs})


def _atelier(places, model, folder):
    def call(port):
        return Call([places.atelier, "serve", "--model", model, "--port", str(port)], places.root,
                    {"ATELIER_PROJECT": places.root})
    return call


def _gunicorn(places, model, own):
    def call(port):
        # Threads, since plain workers keep no connections; as many processes as cores.
        return Call([f"{places.serve_venv}/bin/gunicorn", "serve_peer:app", "--bind",
                     f"127.0.0.1:{port}", "--workers", str(os.cpu_count()), "--worker-class",
                     "gthread", "--threads", str(CONNECTIONS), "--keep-alive", "60",
                     "--log-level", "error"], own, {"MODEL": model})
    return call


@contextmanager
def _serving(call_for):
    """Runs a server until the block ends; its URL."""
    port = free_port()
    call = call_for(port)
    server = subprocess.Popen(
        call.words, cwd=call.folder, env=call.environment(), stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            if server.poll() is not None:
                raise Failed(f"{os.path.basename(call.words[0])} ended with {server.returncode}")
            try:
                _open(f"{url}/ping")
                break
            except OSError:
                time.sleep(0.1)
        else:
            raise Failed("the server does not answer within a minute")
        yield url
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _open(url, body=None):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    return opener.open(urllib.request.Request(url, body, {"Content-Type": "text/csv"}), timeout=60).read()


def _compare(ours, theirs, folder):
    """Both must give the same numbers, or the times mean nothing."""
    with open(f"{folder}/100.csv", "rb") as file:
        body = file.read()
    a, b = ([float(line) for line in _open(f"{url}/invocations", body).split()] for url in (ours, theirs))
    if len(a) != 100 or any(abs(x - y) > 1e-6 for x, y in zip(a, b, strict=True)):
        raise Failed("the two servers predict different numbers")


def _measure(report, wrk, own, folder, count, urls):
    def load(url):
        def figure():
            call = Call([wrk, "-t2", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--timeout", "30s", "-s",
                         f"{own}/serve_wrk.lua", f"{url}/invocations", "--", f"{folder}/{count}.csv"],
                        folder)
            output = run(call, keep_output=True).output
            line = next((l for l in output.splitlines() if l.startswith("RESULT ")), None)
            if not line:
                raise Failed("wrk said nothing")
            requests, micros, half, most, errors = map(int, line.split()[1:])
            if errors or not requests:
                raise Failed(f"{errors} of {requests} requests failed")
            return Load(requests / micros * 1e6, half / 1e6, most / 1e6)
        return figure

    runs = contest([Contestant(name, load(url), 40) for name, url in urls.items()], 3)

    def figures(take):
        return {name: Figures([take(one) for one in some.values], some.problem)
                for name, some in runs.items()}

    title = f"serve, {count} row{'s' if count > 1 else ''} a request, {CONNECTIONS} connections"
    report.case(f"{title}: latency, half of the requests", figures(lambda l: l.half), "atelier", "serve.half")
    report.case(f"{title}: latency, 99 of 100", figures(lambda l: l.most), "atelier", "serve.most")
    report.case(f"{title}: throughput", figures(lambda l: l.rate), "atelier", "serve.rate", unit="requests/s")

"""moto on a free port of this machine, with one bucket, for as long as this process lives.

Usage: s3_mock.py BUCKET [COMMAND WORD ...]

This process becomes the command, so that signals and the exit code are the command's own; moto runs
in its child, which ends when its parent does, however that ends. Without a command it prints the
environment that leads to the bucket and waits.
"""
import logging
import os
import shlex
import signal
import sys
import threading
import time
import urllib.error
import urllib.request

# Also the variables that would lead elsewhere: another endpoint, another account.
UNSET = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_S3",
         "AWS_ENDPOINT_URL_STS"]


def serve(bucket, parent, ready):
    """Serves until the parent is gone; writes the port, or what is wrong, to `ready`."""
    # Ctrl-C reaches the whole group; the command may still have something to upload.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    threading.Thread(target=follow, args=[parent], daemon=True).start()
    # What reads the command's output must not wait for us.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    try:
        from moto.moto_server.threaded_moto_server import ThreadedMotoServer
        server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        server.start()
        port = server.get_host_and_port()[1]
        make(bucket, port)
        answer = str(port)
    except Exception as error:
        answer = str(error) or repr(error)
    os.write(ready, answer.encode())
    os.close(ready)
    while True:
        signal.pause()


def follow(parent):
    while os.getppid() == parent:
        time.sleep(0.1)
    os._exit(0)


def make(bucket, port):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(f"http://127.0.0.1:{port}/{bucket}", method="PUT")
    try:
        opener.open(request, timeout=60).close()
    except urllib.error.HTTPError as error:
        raise RuntimeError(f"moto refuses the bucket name '{bucket}': {error}; MOCK_BUCKET=name "
                           "or [AWS] s3_bucket_name gives another") from error


def start(bucket):
    """Starts moto in a child: its number and the port."""
    reading, writing = os.pipe()
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        os.close(reading)
        serve(bucket, parent, writing)
    os.close(writing)
    with os.fdopen(reading) as ready:
        answer = ready.read()
    if not answer.isdigit():
        os.kill(child, signal.SIGKILL)
        print(f"s3-mock: {answer or 'moto did not start'}", file=sys.stderr)
        sys.exit(5)
    return child, int(answer)


def variables(bucket, port):
    url = f"http://127.0.0.1:{port}"
    others = os.environ.get("NO_PROXY") or os.environ.get("no_proxy")
    names = ",".join(filter(None, [others, "127.0.0.1"]))
    return {
        "AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": "mock", "AWS_SECRET_ACCESS_KEY": "mock",
        "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1",
        # These win over config.ini, which may name a real place.
        "ATELIER_AWS_ENDPOINT_URL": url, "ATELIER_AWS_PROFILE": "", "ATELIER_AWS_REGION": "",
        "ATELIER_AWS_S3_BUCKET_NAME": bucket,
        "NO_PROXY": names, "no_proxy": names,
    }


def main(bucket, command):
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    child, port = start(bucket)
    if command:
        environment = {name: value for name, value in os.environ.items() if name not in UNSET}
        environment.update(variables(bucket, port))
        # Python ignores it, and what is ignored stays so for the command.
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        try:
            os.execvpe(command[0], command, environment)
        except OSError as error:
            print(f"s3-mock: cannot start {command[0]}: {error.strerror}", file=sys.stderr)
            sys.exit(127)
    for name, value in variables(bucket, port).items():
        print(f"export {name}={shlex.quote(value)}")
    print("unset " + " ".join(UNSET), flush=True)
    print(f"s3-mock: s3://{bucket} is there; type the printed lines in another terminal, then\n"
          "  make week3 STORE=s3\nCtrl-C stops the mock and forgets the bucket.", file=sys.stderr)
    os.waitpid(child, 0)
    print("s3-mock: moto has ended", file=sys.stderr)
    return 5


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))

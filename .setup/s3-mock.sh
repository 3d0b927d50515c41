#!/usr/bin/env bash
# Starts moto on a free port of this machine, with the bucket of the workshop. With a command: runs it
# against the bucket and stops moto afterwards. Without: prints the environment and waits.
set -euo pipefail
cd "${0%/*}/.."
.setup/mock.sh
venv=${MOCK_VENV:-.tools/mock}
bucket=${BUCKET:-$(.build/release/atelier config get AWS.s3_bucket_name)}
port=$("$venv/bin/python" -c '
import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
log=$(mktemp)
"$venv/bin/moto_server" -H 127.0.0.1 -p "$port" >"$log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null || true; rm -f "$log"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

export AWS_ENDPOINT_URL=http://127.0.0.1:$port
export AWS_ACCESS_KEY_ID=mock AWS_SECRET_ACCESS_KEY=mock AWS_REGION=us-east-1
export NO_PROXY=127.0.0.1,localhost

"$venv/bin/python" - "$bucket" <<'PYTHON' || { cat "$log" >&2; exit 5; }
import os, sys, time, urllib.error, urllib.request
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
request = urllib.request.Request(f"{os.environ['AWS_ENDPOINT_URL']}/{sys.argv[1]}", method="PUT")
for _ in range(600):
    try:
        opener.open(request, timeout=10)
        sys.exit(0)
    except urllib.error.HTTPError as error:
        sys.exit(f"s3-mock: cannot make the bucket {sys.argv[1]}: {error}")
    except OSError:
        time.sleep(0.1)
sys.exit("s3-mock: moto does not answer within a minute")
PYTHON

if [ $# -gt 0 ]; then
  status=0
  "$@" || status=$?
  exit "$status"
fi
for name in AWS_ENDPOINT_URL AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_REGION NO_PROXY; do
  printf 'export %s=%s\n' "$name" "${!name}"
done
printf 's3-mock: s3://%s is there; type the lines above in another terminal, then\n' "$bucket" >&2
printf '  make week3 STORE=s3\nCtrl-C stops the mock and forgets the bucket.\n' >&2
wait $server

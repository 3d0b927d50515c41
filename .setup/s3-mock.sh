#!/usr/bin/env bash
# Starts moto on a free port of this machine, with the bucket of the workshop. With a command: runs it
# against the bucket and stops moto afterwards. Without: prints the environment and waits.
set -euo pipefail
cd "${0%/*}/.."
.setup/mock.sh
bucket=${MOCK_BUCKET:-$(.build/release/atelier config get AWS.s3_bucket_name)}
if [ -z "$bucket" ]; then
  printf 's3-mock: [AWS] s3_bucket_name is empty; type: MOCK_BUCKET=name make s3-mock\n' >&2
  exit 2
fi
exec "${MOCK_VENV:-.tools/mock}/bin/python" .setup/s3_mock.py "$bucket" "$@"

#!/usr/bin/env bash
# Installs what stands in for AWS, pinned, into a venv of its own; does nothing when it is there.
# Called by tests and by the mock, never by `make setup`: a run needs none of it.
set -euo pipefail
exec "${0%/*}/venv.sh" mock "${MOCK_VENV:-.tools/mock}" .setup/mock-requirements.txt \
  'moto, rclone and AWS clients'

#!/usr/bin/env bash
# Installs what stands in for AWS, pinned, into a venv of its own; does nothing when it is there.
# Called by tests and by the mock, never by `make setup`: a run needs none of it.
set -euo pipefail
cd "${0%/*}/.."
venv=${MOCK_VENV:-.tools/mock}
pins=.setup/mock-requirements.txt
if cmp -s "$pins" "$venv/requirements.installed"; then exit 0; fi
printf 'mock: installing moto, rclone and AWS clients into %s (some minutes)\n' "$venv" >&2
mkdir -p "$(dirname "$venv")"
rm -f "$venv/requirements.installed"
"$venv/bin/python" -m pip --version >/dev/null 2>&1 || python3 -m venv --clear "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$pins" || {
  printf 'mock: pip could not install %s; check the network, then try again\n' "$pins" >&2
  exit 2
}
cp "$pins" "$venv/requirements.installed"

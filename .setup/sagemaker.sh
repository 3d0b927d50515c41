#!/usr/bin/env bash
# Installs Amazon's SDK for Python, pinned, into a venv of its own; does nothing when it is there.
# Called by nothing: the test that compares pipelines with it is skipped, and says so, where it is not there.
set -euo pipefail
cd "${0%/*}/.."
venv=.tools/sagemaker
pins=.setup/sagemaker-requirements.txt
if cmp -s "$pins" "$venv/requirements.installed"; then exit 0; fi
printf 'sagemaker: installing into %s (a minute)\n' "$venv" >&2
rm -f "$venv/requirements.installed"
"$venv/bin/python" -m pip --version >/dev/null 2>&1 || python3 -m venv --clear "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$pins" || {
  printf 'sagemaker: pip could not install %s; check the network, then try again\n' "$pins" >&2
  exit 2
}
cp "$pins" "$venv/requirements.installed"

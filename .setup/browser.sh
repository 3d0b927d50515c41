#!/usr/bin/env bash
# Installs what drives a browser in tests, pinned, into a venv of its own; does nothing when it is there.
# Called by tests, never by `make setup`. The browser itself is installed by apt (setup.sh tests).
set -euo pipefail
cd "${0%/*}/.."
venv=${BROWSER_VENV:-.tools/browser}
pins=.setup/browser-requirements.txt
if cmp -s "$pins" "$venv/requirements.installed"; then exit 0; fi
printf 'browser: installing selenium and axe-core into %s\n' "$venv" >&2
mkdir -p "$(dirname "$venv")"
rm -f "$venv/requirements.installed"
"$venv/bin/python" -m pip --version >/dev/null 2>&1 || python3 -m venv --clear "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps -r "$pins" || {
  printf 'browser: pip could not install %s; check the network, then try again\n' "$pins" >&2
  exit 2
}
cp "$pins" "$venv/requirements.installed"

#!/usr/bin/env bash
# venv.sh NAME VENV PINS WHAT: installs pinned wheels into a venv of its own; does nothing when they are there.
set -euo pipefail
cd "${0%/*}/.."
name=$1 venv=$2 pins=$3 what=$4
if cmp -s "$pins" "$venv/requirements.installed"; then exit 0; fi
printf '%s: installing %s into %s (some minutes)\n' "$name" "$what" "$venv" >&2
mkdir -p "$(dirname "$venv")"
rm -f "$venv/requirements.installed"
"$venv/bin/python" -m pip --version >/dev/null 2>&1 || python3 -m venv --clear "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$pins" || {
  printf '%s: pip could not install %s; check the network, then try again\n' "$name" "$pins" >&2
  exit 2
}
cp "$pins" "$venv/requirements.installed"

#!/usr/bin/env bash
# Installs the programs that `make bench` compares with, pinned, into a venv of their own.
set -euo pipefail
cd "${0%/*}/.."
venv=${BENCH_VENV:-.tools/bench-venv}
mkdir -p "$(dirname "$venv")"
"$venv/bin/python" -m pip --version >/dev/null 2>&1 || python3 -m venv --clear "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r .bench/requirements.txt || {
  printf 'bench: pip could not install .bench/requirements.txt; check the network, then type: make bench-setup\n' >&2
  exit 2
}
printf 'bench: installed in %s\n' "$venv" >&2

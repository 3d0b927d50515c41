#!/usr/bin/env bash
# Installs the programs that `make bench` compares with, pinned, into venvs of their own.
set -euo pipefail
cd "${0%/*}/.."

install() { # venv, list
  mkdir -p "$(dirname "$1")"
  "$1/bin/python" -m pip --version >/dev/null 2>&1 || python3 -m venv --clear "$1"
  "$1/bin/python" -m pip install --quiet --disable-pip-version-check -r "$2" || {
    printf 'bench: pip could not install %s; check the network, then type: make bench-setup\n' "$2" >&2
    exit 2
  }
  printf 'bench: installed in %s\n' "$1" >&2
}

install "${BENCH_VENV:-.tools/bench-venv}" .bench/requirements.txt
install "${BENCH_S3_VENV:-.tools/bench-s3-venv}" .bench/s3-requirements.txt
install "${BENCH_SERVE_VENV:-.tools/bench-serve-venv}" .bench/serve-requirements.txt
install "${BENCH_TASK_VENV:-.tools/bench-task-venv}" .bench/task-requirements.txt
install "${BENCH_NOTEBOOKS_VENV:-.tools/bench-notebooks-venv}" .bench/notebooks-requirements.txt

#!/usr/bin/env bash
# Checks what needs no test to run: words, format, lint, and the directions of imports by the tests' own build.
set -euo pipefail
cd "${0%/*}/.."
. .setup/phase.sh
phase words python3 .setup/words.py
phase lint swift format lint --strict --recursive Package.swift Sources Steps Workshops Tests
phase build .setup/build-tests.sh

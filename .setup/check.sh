#!/usr/bin/env bash
# Checks what needs no test to run: words, format, lint, and the directions of imports by the tests' own build.
set -euo pipefail
cd "${0%/*}/.."
. .setup/phase.sh
phase words python3 .setup/words.py
phase lint swift format lint --strict --recursive Package.swift Sources Steps Workshops Tests
# Workshops are not covered yet.
phase 'lint of documentation' swift format lint --strict --parallel --recursive Sources Steps --configuration \
  "$(sed 's/"rules": {/&"AllPublicDeclarationsHaveDocumentation": true,/' .swift-format)"
phase build .setup/build-tests.sh

#!/usr/bin/env bash
# Builds and runs the tests; arguments go to `swift test`.
set -euo pipefail
cd "$(dirname "$0")/.."
swift build --build-tests --explicit-target-dependency-import-check error 2>&1 \
  | { grep -E 'error|warning|^Build' || true; }
exec swift test --skip-build --disable-xctest "$@"

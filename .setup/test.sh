#!/usr/bin/env bash
# Builds and runs the tests, with what stands in for AWS; arguments go to `swift test`.
set -euo pipefail
cd "${0%/*}/.."
.setup/setup.sh tests
log=$(mktemp)
trap 'rm -f "$log"' EXIT
printf 'building the tests (the first time takes some minutes)\n' >&2
if ! swift build --build-tests --explicit-target-dependency-import-check error >"$log" 2>&1; then
  cat "$log" >&2
  printf '\nbuild failed; the messages above say where\n' >&2
  exit 2
fi
grep -E 'warning:' "$log" >&2 || true
.setup/mock.sh || printf 'tests against stand-ins of AWS are skipped\n' >&2
.setup/browser.sh || printf 'tests in a browser are skipped\n' >&2
if swift test --skip-build --disable-xctest "$@" 2>&1 | tee "$log"; then exit 0; fi
# Some thousand lines lie between a failure and the end; so the failures once more, each with what follows.
printf '\nwhat failed:\n' >&2
grep -A 4 -E 'recorded an issue|error: |Fatal error' "$log" | grep -vE 'started\.$|passed after' >&2 || true
exit 1

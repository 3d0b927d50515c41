#!/usr/bin/env bash
# Builds and runs the tests, with what stands in for AWS; arguments go to `swift test`. ONLY=TrainTests
# builds and runs one target's alone, without stand-ins that are not there.
set -euo pipefail
cd "${0%/*}/.."
.setup/setup.sh tests
log=$(mktemp)
trap 'rm -f "$log"' EXIT
printf 'building the tests (the first time takes some minutes)\n' >&2
what=--build-tests
if [ -n "${ONLY:-}" ]; then
  if ! [ -d "Tests/$ONLY" ]; then
    printf 'test: there is no folder Tests/%s; ONLY takes one of: %s\n' \
      "$ONLY" "$(cd Tests && printf '%s ' *Tests)" >&2
    exit 2
  fi
  # Package.swift leaves the other tests out.
  export ATELIER_ONLY=$ONLY
  what='--product atelierPackageTests'
fi
# Downloads wait for the network, the build for the processor: side by side.
if [ -z "${ONLY:-}" ]; then
  (.setup/mock.sh || printf 'tests against stand-ins of AWS are skipped\n' >&2) &
  (.setup/browser.sh || printf 'tests in a browser are skipped\n' >&2) &
fi
# shellcheck disable=SC2086
if ! swift build $what --explicit-target-dependency-import-check error >"$log" 2>&1; then
  cat "$log" >&2
  printf '\nbuild failed; the messages above say where\n' >&2
  exit 2
fi
grep -E 'warning:' "$log" >&2 || true
wait
if swift test --skip-build --disable-xctest "$@" 2>&1 | tee "$log"; then exit 0; fi
# Some thousand lines lie between a failure and the end; so the failures once more, each with what follows.
printf '\nwhat failed:\n' >&2
grep -A 4 -E 'recorded an issue|error: |Fatal error' "$log" | grep -vE 'started\.$|passed after' >&2 || true
exit 1

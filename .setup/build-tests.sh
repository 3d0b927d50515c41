#!/usr/bin/env bash
# Builds the programs and the tests, once, into .build/tests; the directions of imports are checked by
# the way. ONLY=TrainTests: that target alone. Arguments go to `swift build`.
set -euo pipefail
cd "${0%/*}/.."
. .setup/tests-build.sh
. .setup/progress.sh
log=$(mktemp)
trap 'rm -f "$log"' EXIT

build() {
  build_with_progress "$log" swift build "${tests_build[@]}" "${tests_flags[@]}" "$@" || {
    cat "$log" >&2
    printf '\nbuild failed; the messages above say where\n' >&2
    exit 2
  }
  grep -E 'warning:' "$log" >&2 || true
}

printf 'building the programs and the tests (the first time takes about five minutes on two idle cores)\n' >&2
if [ -z "${ONLY:-}" ]; then
  build --build-tests "$@"
else
  # Package.swift leaves the other tests out.
  export ATELIER_ONLY=$ONLY
  build --product atelierPackageTests "$@"
  # End-to-end tests start programs that they do not link.
  [ "$ONLY" != EndToEndTests ] || build --product atelier "$@"
fi

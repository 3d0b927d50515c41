#!/usr/bin/env bash
# Builds all, once, and runs the tests, with what stands in for AWS; arguments go to `swift test`.
# ONLY=TrainTests builds and runs one target's alone, without stand-ins that are not there. With
# ATELIER_EDIT_CLONE=1 the tests that edit and rebuild a checkout do so in this one, last; without it
# in a copy. Each phase prints its seconds.
set -euo pipefail
cd "${0%/*}/.."
. .setup/phase.sh
. .setup/tests-build.sh
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Some thousand lines lie between a failure and the end; so the failures once more, each with what follows.
# Tests take a pipe for a terminal with colours, which a log is not.
run_tests() {
  if "$@" 2>&1 | sed -u $'s/\e\\[[0-9;]*m//g' | tee "$log"; then return 0; fi
  printf '\nwhat failed:\n' >&2
  grep -A 4 -E 'recorded an issue|error: |Fatal error' "$log" \
    | grep -vE 'started\.$|passed after' >&2 || true
  return 1
}

# End-to-end tests wait for most of their time, the others compute: side by side they fill the cores.
# Started without SwiftPM, which would let one wait for the other, and as the parts of a pipeline, which
# Ctrl-C ends both. Arguments go to the end-to-end tests.
all_tests() {
  local tests=$tests_folder/atelierPackageTests.xctest programs='^EndToEndTests\.'
  {
    "$tests" --testing-library swift-testing --skip "$programs" </dev/null >&3 2>&1 3>&- \
      | "$tests" --testing-library swift-testing --filter "$programs" "$@" </dev/null >&3 2>&1 3>&-
  } 3>&1
}

# Started without SwiftPM, which would hold the build folder that these tests build in. What they leave
# is removed by git, which knew of no change before.
rebuild_tests() {
  local changes code=0
  changes=$(git status --porcelain)
  if [ -n "$changes" ] || [ -e .store ]; then
    printf 'test: this checkout is not edited, for it holds work of its own:\n%s\n' \
      "${changes:-.store}" >&2
    return 1
  fi
  cp "$tests_folder/atelierPackageTests.xctest" "$tests_folder/rebuild-tests"
  run_tests "$tests_folder/rebuild-tests" --testing-library swift-testing --filter RebuildTests || code=$?
  git checkout --quiet -- .
  git clean --quiet -fd
  rm -rf .store "$tests_folder/rebuild-tests"
  return "$code"
}

if [ -n "${ONLY:-}" ] && ! [ -d "Tests/$ONLY" ]; then
  printf 'test: there is no folder Tests/%s; ONLY takes one of: %s\n' \
    "$ONLY" "$(cd Tests && printf '%s ' *Tests)" >&2
  exit 2
fi
phase downloads .setup/downloads.sh "${ONLY:-}"
phase build .setup/build-tests.sh
export ATELIER_ONLY=${ONLY:-}
[ -n "$ATELIER_ONLY" ] || unset ATELIER_ONLY
if [ -n "${ONLY:-}" ] || [ $# != 0 ]; then
  phase tests run_tests swift test "${tests_build[@]}" --skip-build --disable-xctest "$@"
  exit
fi
if [ "${ATELIER_EDIT_CLONE:-}" != 1 ]; then
  phase tests run_tests all_tests
  exit
fi
phase tests run_tests all_tests --skip RebuildTests
phase 'rebuilding this clone' rebuild_tests

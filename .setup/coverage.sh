#!/usr/bin/env bash
# Runs the tests in a build that counts what runs, and prints how much of each module ran: in the tests
# themselves and in all programs that they start. Arguments go to `swift test`. A step that is confined
# cannot write what it counted, so of the families only what tests call directly is seen.
set -euo pipefail
cd "${0%/*}/.."
. .setup/phase.sh
. .setup/tests-build.sh
build=.build/coverage
counts=$PWD/$build/counts
bin=$(dirname "$(command -v swift)")
# The compiler's own pass over a build that is not optimised, so that lines are those of the sources.
instrumented=(--scratch-path "$build" -c release --enable-code-coverage)

phase downloads .setup/downloads.sh
phase build swift build "${instrumented[@]}" "${tests_flags[@]}" --build-tests --quiet
rm -rf "$counts"
mkdir -p "$counts"
code=0
# Processes of one program add to the same few files: one each would fill the disk.
LLVM_PROFILE_FILE="$counts/%8m.profraw" phase tests \
  "$build/release/atelierPackageTests.xctest" --testing-library swift-testing --skip RebuildTests "$@" \
  || code=$?
# A process that a test kills may leave half a file.
"$bin/llvm-profdata" merge --sparse --failure-mode=all -o "$build/all.profdata" "$counts"/*.profraw
programs=()
for name in atelier atelier-fixture atelier-bench subprocess-probe aws-probe; do
  programs+=(-object "$build/release/$name")
done
"$bin/llvm-cov" export --summary-only --instr-profile "$build/all.profdata" \
  "$build/release/atelierPackageTests.xctest" "${programs[@]}" | python3 .setup/coverage.py "$PWD"
exit "$code"

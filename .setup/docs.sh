#!/usr/bin/env bash
# Builds the manual into .build/docs from the interfaces that the tests' build leaves.
set -euo pipefail
cd "${0%/*}/.."
. .setup/tests-build.sh
.setup/build-tests.sh
python3 .setup/docs.py "$tests_folder"

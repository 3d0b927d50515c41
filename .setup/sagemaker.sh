#!/usr/bin/env bash
# Installs Amazon's SDK for Python, pinned, into a venv of its own; does nothing when it is there.
# Called by nothing: the test that compares pipelines with it is skipped, and says so, where it is not there.
set -euo pipefail
exec "${0%/*}/venv.sh" sagemaker .tools/sagemaker .setup/sagemaker-requirements.txt \
  "Amazon's SDK for Python"

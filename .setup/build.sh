#!/usr/bin/env bash
# Builds .build/release/atelier when any source's path, size or time differs from the last build's
# (also when one is older: a checkout of another commit may bring older files).
set -euo pipefail
cd "$(dirname "$0")/.."
binary=.build/release/atelier
stamp=.build/atelier.sources

listing() {
  find Package.swift Sources Steps Workshops .setup/build.sh -type f \
    \( -name '*.swift' -o -name '*.c' -o -name '*.h' -o -name '*.modulemap' -o -name '*.sql' -o -name build.sh \) \
    -printf '%p %s %T@\n' | LC_ALL=C sort
}
# BSD find has no -printf.
if ! find Package.swift -printf '' >/dev/null 2>&1; then
  listing() {
    find Package.swift Sources Steps Workshops .setup/build.sh -type f \
      \( -name '*.swift' -o -name '*.c' -o -name '*.h' -o -name '*.modulemap' -o -name '*.sql' -o -name build.sh \) \
      -exec stat -f '%N %z %Fm' {} + | LC_ALL=C sort
  }
fi

now=$(listing)
if [ -x "$binary" ] && [ -f "$stamp" ] && [ "$now" = "$(cat "$stamp")" ]; then exit 0; fi

.setup/setup.sh
rm -f "$stamp"
printf 'building %s\n' "$binary" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! swift build -c release --static-swift-stdlib --product atelier \
  --explicit-target-dependency-import-check error >"$log" 2>&1; then
  cat "$log" >&2
  printf '\nbuild failed; the messages above say where\n' >&2
  exit 2
fi
grep -E 'warning:' "$log" >&2 || true
printf '%s\n' "$now" > "$stamp"

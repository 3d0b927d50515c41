#!/usr/bin/env bash
# Takes one field after the other out of the key, in a copy of the sources, and shows which tests
# find it out. Exits 1 when one stays unseen.
set -euo pipefail
cd "${0%/*}/.."
. .setup/tests-build.sh
root=$PWD/.build/mutation
copy=$root/checkout
field=$root/field
mkdir -p "$copy"
.setup/build-tests.sh

printf 'building a copy whose key leaves out what %s names\n' "$field" >&2
for name in Package.swift Sources Steps Workshops Tests; do
  rm -rf "${copy:?}/$name"
  cp -a "$name" "$copy/$name"
done
FIELD=$field COPY=$copy python3 - <<'PATCH'
import os

def patch(path, old, new, count=1):
    path = os.path.join(os.environ["COPY"], path)
    with open(path) as file:
        text = file.read()
    found = text.count(old)
    assert found == count, f"{path}: expected {count} of {old!r}, found {found}"
    with open(path, "w") as file:
        file.write(text.replace(old, new))

document = "Sources/Content/KeyDocument.swift"
patch(
    document,
    "{ ActionKey(try Digest.of(bytes)) }",
    """{
    guard let text = try? String(contentsOfFile: %s, encoding: .utf8), !text.isEmpty,
      case .object(var fields) = try JSONValue(parsing: bytes), fields.removeValue(forKey: text) != nil
    else { return ActionKey(try Digest.of(bytes)) }
    return ActionKey(try Digest.of(JSONValue.object(fields).canonicalBytes()))
  }""" % ('"' + os.environ["FIELD"] + '"'))
patch(
    document, "/// Everything that may change a step's bytes.",
    "import Foundation\n\n/// Everything that may change a step's bytes.")
# A result is told from one of another document by the same digest.
patch(
    "Sources/Content/ActionResultFile.swift", "Digest.of(document)",
    "KeyDocument.key(of: document).digest", 2)
PATCH
swift build --package-path "$copy" --scratch-path "$root/build" -c release -Xswiftc -Onone \
  --product atelier-fixture --quiet

log=$(mktemp)
trap 'rm -f "$log" "$field"' EXIT
# Tests that fail, one a line; nothing when all pass.
red() {
  printf '%s' "$1" >"$field"
  if ATELIER_FIXTURE=$root/build/release/atelier-fixture swift test "${tests_build[@]}" \
    --skip-build --disable-xctest --filter 'ConformanceTests.KeyFields' >"$log" 2>&1; then return; fi
  sed -nE 's/.*Test ("[^"]*") recorded an issue( with [0-9]+ arguments? (.*))? at [A-Za-z]+Tests\.swift.*/\1 \3/p' \
    "$log" | sort -u
  grep -q 'recorded an issue' "$log" || { tail -n 20 "$log" >&2; exit 2; }
}

unchanged=$(red '')
if [[ -n $unchanged ]]; then
  cat "$log" >&2
  printf 'the copy fails as it is: nothing to be learnt\n' >&2
  exit 2
fi
unseen=0
for name in build code environment family inputs network outputs packages parameters platform \
  programs runtime schema sql step; do
  found=$(red "$name")
  if [[ -z $found ]]; then
    printf '%s: UNSEEN\n' "$name"
    unseen=1
  else
    printf '%s: seen by\n%s\n' "$name" "$(sed 's/^/  /' <<<"$found")"
  fi
done
exit "$unseen"

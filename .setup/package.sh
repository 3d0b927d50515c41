#!/usr/bin/env bash
# Packs the program with all that it needs into .build/package: a folder in a compressed archive, which runs
# wherever it is unpacked. `package.sh install PREFIX` unpacks it: the program becomes PREFIX/bin/atelier.
set -euo pipefail
cd "${0%/*}/.."
program=${ATELIER_PROGRAM:-.build/release/atelier}
folder=${ATELIER_PACKAGE_FOLDER:-.build/package}
mkdir -p "$folder/licenses"

swift_root=$(dirname "$(dirname "$(readlink -f "$(command -v swift)")")")
"$swift_root/bin/clang" -static -Os -Wall -o "$folder/launcher" .setup/launcher.c
# What is linked into the program itself.
cp "$swift_root/share/swift/LICENSE.txt" "$folder/licenses/swift.txt"
for library in libssl-dev:openssl libsqlite3-dev:sqlite libc6-dev:glibc; do
  text=/usr/share/doc/${library%:*}/copyright
  if [ -f "$text" ]; then cp "$text" "$folder/licenses/${library#*:}.txt"; fi
done

"$program" image archive --launcher "$folder/launcher" --licenses "$folder/licenses" \
  -o "$folder/atelier.tar" >/dev/null
top=$(tar -tf "$folder/atelier.tar" | sed -n '1s|/.*||p' || true)

if [ "${1:-}" = install ]; then
  prefix=${2:?give the folder to install into}
  mkdir -p "$prefix/lib" "$prefix/bin"
  # Whole before it has its name: a program that runs keeps the files that it was started from.
  rm -rf "$prefix/lib/.atelier-new"
  mkdir "$prefix/lib/.atelier-new"
  tar -xf "$folder/atelier.tar" -C "$prefix/lib/.atelier-new" --strip-components 1 --no-same-owner
  rm -rf "$prefix/lib/.atelier-old"
  [ ! -e "$prefix/lib/atelier" ] || mv "$prefix/lib/atelier" "$prefix/lib/.atelier-old"
  mv "$prefix/lib/.atelier-new" "$prefix/lib/atelier"
  rm -rf "$prefix/lib/.atelier-old" "$folder/atelier.tar"
  ln -sfn ../lib/atelier/bin/atelier "$prefix/bin/atelier"
  printf 'installed %s; try: atelier run churn\n' "$prefix/bin/atelier" >&2
  exit
fi
gzip -n -6 -f "$folder/atelier.tar"
mv "$folder/atelier.tar.gz" "$folder/$top.tar.gz"
printf '%s\n' "$folder/$top.tar.gz"

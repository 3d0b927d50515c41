#!/usr/bin/env bash
# Shows on the small size what Atelier promises. Your files stay as they are: the edits are made in
# a copy of the checkout, .demo/checkout, and results go to .demo/store.
set -euo pipefail
cd "${0%/*}/.."
home=$PWD
demo=$home/.demo
copy=$demo/checkout
store=$demo/store
small=(--set Atelier.users=2000 --set Atelier.trials=20 --set "Atelier.root=$store")

heading() { printf '\n== %s\n' "$*"; }
note() { printf '   %s\n' "$*"; }
# Shows the command as one would type it, and the last lines of what it says.
show() {
  local lines=$1 log=$demo/output status=0
  shift
  printf '$ %s\n' "${shown:-$*}"
  "$@" >"$log" 2>&1 || status=$?
  [ "$(wc -l <"$log")" -le "$lines" ] || printf '...\n'
  tail -n "$lines" "$log"
  [ "$status" = 0 ] || { printf 'demo: exit code %s\n' "$status" >&2; exit "$status"; }
}
expect() { grep -q -- "$1" "$demo/output" || { printf 'demo: expected "%s"\n' "$1" >&2; exit 1; }; }

# Brings the copy to the state of the checkout; files with the same bytes are left alone, so that
# the compiler has little to do.
copy_checkout() {
  mkdir -p "$copy"
  ln -sfn "$home/.tools" "$copy/.tools"
  local folders=(Makefile Package.swift .setup Sources Steps Workshops Tests)
  find "${folders[@]}" -type f -print0 | while IFS= read -r -d '' file; do
    cmp -s "$file" "$copy/$file" || { mkdir -p "$(dirname "$copy/$file")"; cp -p "$file" "$copy/$file"; }
  done
  (cd "$copy" && find "${folders[@]}" -type f -print0) | while IFS= read -r -d '' file; do
    [ -f "$file" ] || rm -f "$copy/$file"
  done
}
build_copy() {
  [ -x "$copy/.build/release/atelier" ] || note "(the copy's first build takes about four minutes; it is kept in .demo)"
  "$copy/.setup/build.sh"
}

mkdir -p "$demo"
rm -rf "$store" "$demo/elsewhere"
copy_checkout

heading "1. A cold run: weeks 1 to 5 with 2,000 users and 20 trials, into an empty store"
shown="atelier run week5 --set Atelier.users=2000 --set Atelier.trials=20" \
  show 4 "$home/.build/release/atelier" run week5 "${small[@]}"
expect ' 0 cached, '

# Another folder with the program and the configuration only; another user where we may be one.
mkdir -p "$demo/elsewhere/.build/release"
cp "$home/Package.swift" "$demo/elsewhere/"
cp -R "$home/Workshops" "$demo/elsewhere/"
cp "$home/.build/release/atelier" "$demo/elsewhere/.build/release/"
ln -s "$home/.tools" "$demo/elsewhere/.tools"
as=(env "USER=someone-else" "HOME=/")
who="the same user id under another name (only root can take another id)"
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
  as=(setpriv --reuid=65534 --regid=65534 --clear-groups "${as[@]}")
  if "${as[@]}" test -x "$demo/elsewhere/.build/release/atelier" -a -x "$home/.tools/venv"; then
    who="user id 65534"
    # The store is root's so far; a shared one would belong to a group. Blobs stay read-only.
    find "$store" -type d -exec chmod a+rwx {} +
    find "$store/.atelier" -type f ! -path '*/cas/*' -exec chmod a+rw {} +
  else
    as=("${as[@]:4}")
    who="the same user id under another name (this folder is closed to other users)"
  fi
fi
heading "2. Again: from another folder, as $who"
cd "$demo/elsewhere"
shown="cd elsewhere && atelier run week5 ..." \
  show 4 "${as[@]}" .build/release/atelier run week5 "${small[@]}"
expect ' 0 ran'
cd "$home"

heading "3. A comment edited in a third folder, and the program built there"
file=Steps/Query/FindRepeatedEvents.swift
sed -i.orig '1s|^// .*|// A comment that somebody made better.|' "$copy/$file"
rm -f "$copy/$file.orig"
diff -U0 "$file" "$copy/$file" | tail -n +4 || true
build_copy
cd "$copy"
shown="make week5 ..." show 4 .build/release/atelier run week5 "${small[@]}"
expect ' 0 ran'
cd "$home"

heading "4. One line of SQL edited"
file=Workshops/Propensity/Scripts/funnel.sql
sed -i.orig 's/^GROUP BY eventType;/GROUP BY eventType HAVING count(*) > 0;/' "$copy/$file"
rm -f "$copy/$file.orig"
diff -U0 "$file" "$copy/$file" | tail -n +4 || true
build_copy
cd "$copy"
shown="atelier explain week1.funnel ..." \
  show 20 .build/release/atelier explain week1.funnel "${small[@]}"
expect 'sql.funnel.sql'
shown="make week5 ..." show 4 .build/release/atelier run week5 "${small[@]}"
expect ' 1 ran'

heading "Shown: a second run elsewhere built nothing, a comment built nothing, one SQL line built one step."
note "This took $SECONDS s. The copy stays in .demo for the next time; make clean removes it."

# Sourced by scripts that build: how far a build is, with the time left.

# build_with_progress LOG COMMAND...: runs a build, its output to LOG. On a terminal one line says how far
# it is; elsewhere a line for each tenth. The number of jobs grows while a build finds what there is to do,
# so the time left is a guess.
build_with_progress() {
  local log=$1 begun=$SECONDS shown=-1 line
  shift
  : >"$log"
  "$@" 2>&1 | while IFS= read -r line; do
    printf '%s\n' "$line" >>"$log"
    [[ $line =~ ^\[([0-9]+)/([0-9]+)\]\ ([A-Za-z]+)\ ([^ ]+) ]] || continue
    local done=${BASH_REMATCH[1]} all=${BASH_REMATCH[2]} name=${BASH_REMATCH[4]##*/}
    [ "$all" -gt 20 ] && [ "$done" -gt 0 ] || continue
    local seconds=$((SECONDS - begun)) left=''
    local percent=$((100 * done / all))
    [ "$seconds" -lt 10 ] || left=", about $(span $((seconds * (all - done) / done))) left"
    if [ -t 2 ]; then
      printf '\r\e[K%s of %s jobs: %s%s' "$done" "$all" "$name" "$left" >&2
    elif [ $((percent / 10)) -gt "$shown" ]; then
      shown=$((percent / 10))
      printf '%s of %s jobs (%s): %s%s\n' "$done" "$all" "$(span "$seconds")" "$name" "$left" >&2
    fi
  done
  local code=${PIPESTATUS[0]}
  [ ! -t 2 ] || printf '\r\e[K' >&2
  return "$code"
}

# 75 -> 1:15 min; 40 -> 40 s.
span() {
  if [ "$1" -lt 60 ]; then printf '%s s' "$1"; else printf '%d:%02d min' $(($1 / 60)) $(($1 % 60)); fi
}

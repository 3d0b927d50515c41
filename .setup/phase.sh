# Sourced by scripts that say how long their parts take.

# Runs a command and prints its seconds of wall time; where it fails, `set -e` ends the script.
phase() {
  local name=$1 begun=$SECONDS
  shift
  "$@"
  printf 'phase: %s: %s s\n' "$name" $((SECONDS - begun)) >&2
}

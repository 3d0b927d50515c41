#!/usr/bin/env bash
# Runs the five weeks on the live platform that config.ini names, within a budget: at most 20 queries and
# one segment job, which is enough for three batches. Each call that costs something is said before it is sent. Called by `make live`;
# arguments are settings, such as --set Atelier.users=300. Redacted exchanges are kept below .build/live.
set -euo pipefail
atelier=${ATELIER:-.build/release/atelier}
# Without credentials this ends with 2 and the list of what is missing; 3 says what to deploy first.
"$atelier" aep status -w propensity "$@" || {
  code=$?
  [ "$code" -eq 3 ] && echo 'live: something is missing; make it first: atelier aep deploy' >&2
  exit "$code"
}
record=${ATELIER_RECORD:-.build/live/$(date -u +%Y%m%d%H%M%S)}
mkdir -p "$record"
echo "live: exchanges are kept in $record, without secrets" >&2
ATELIER_RECORD=$record "$atelier" run week5 -w propensity --set Platform.backend=aep \
  --set Platform.most_queries=20 --set Platform.most_segment_jobs=1 \
  --set Atelier.batches=3 --set Atelier.users=3000 --set Atelier.trials=20 "$@"

"""Writes run records into a store that has one, as a program does that ran often. It runs nothing.

Usage: make_runs.py STORE RUNS STEPS

The newest record is the model. RUNS records follow it, a minute each, with other settings, outcomes and
times and with numbers of its outputs; the last one has STEPS steps.
"""
import copy
import datetime
import json
import pathlib
import sys


def main(store, runs, steps):
    folder = pathlib.Path(store, ".atelier/runs")
    model = json.loads(max(folder.iterdir()).read_text())
    begun = datetime.datetime(2030, 1, 1)
    for number in range(int(runs)):
        record = copy.deepcopy(model)
        at = begun + datetime.timedelta(minutes=number)
        record["id"] = f"{at:%Y%m%dT%H%M%S}.000-{number:012x}"
        record["startedAt"] = f"{at:%Y-%m-%dT%H:%M:%SZ}"
        record["seconds"] = number * 7919 % 10007 / 10
        record["status"] = "failed" if number % 10 == 3 else "ok"
        record["settings"]["Fixture.unused"] = {"value": str(number % 17), "origin": "--set"}
        if number == int(runs) - 1:
            for step in range(int(steps)):
                record["steps"][f"two.many.{step}"] = {
                    "status": "failed" if step % 1000 == 7 else "built", "seconds": step % 977 / 100}
        path = folder / f"{record['id']}.json"
        path.write_text(json.dumps(record, separators=(",", ":"), sort_keys=True))


main(*sys.argv[1:])

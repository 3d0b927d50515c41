"""Compares the model search of two builds of atelier on ten simulated data sets of full size.

    python3 .bench/search_seeds.py OLD [--new .build/release/atelier] [--seeds 1,2,3]

For each seed both programs run the propensity workshop up to the prepared rows. Then the search and its
measurement are timed: CPU seconds, and the AUC on the test part, users that took no part in training or in
the choice. Nothing is kept.
"""

import argparse
import csv
import os
import shutil
import statistics
import sys
import tempfile

from timing import Call, Failed, run


def project(root, folder):
    workshop = f"{folder}/Workshops/Propensity"
    os.makedirs(workshop)
    shutil.copy(f"{root}/Workshops/Propensity/config.ini", workshop)
    open(f"{folder}/Package.swift", "w").close()
    os.symlink(f"{root}/.tools", f"{folder}/.tools")


def search(program, folder, store, seed):
    """The CPU seconds of the search and the row of `week4.metrics`."""
    def call(*words):
        settings = ["--set", f"Atelier.root={store}", "--set", f"Atelier.seed={seed}"]
        return run(Call([program, *words, *settings], folder), keep_output=True)

    call("run", "propensity/week4.baseline")
    spent = call("run", "propensity/week4.metrics").cpu
    shown = call("show", "propensity/week4.metrics.metrics", "--format", "csv").output
    return spent, next(csv.DictReader(shown.splitlines()))


def main():
    parser = argparse.ArgumentParser(description="compares the model search of two builds of atelier")
    parser.add_argument("old", help="the other program")
    parser.add_argument("--new", help="this program (default: .build/release/atelier)")
    parser.add_argument("--seeds", default="1,2,3,4,5,6,7,8,9,10")
    told = parser.parse_args()
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    programs = {"old": os.path.abspath(told.old),
                "new": os.path.abspath(told.new or f"{root}/.build/release/atelier")}
    rows = []
    print("      AUC on users never used          AUC that the choice saw    CPU seconds")
    print("seed       old       new  new - old          old       new         old    new")
    for seed in (int(text) for text in told.seeds.split(",")):
        found = {}
        with tempfile.TemporaryDirectory(prefix="atelier-search-") as work:
            project(root, f"{work}/project")
            for name, program in programs.items():
                found[name] = search(program, f"{work}/project", f"{work}/{name}", seed)
        (old_cpu, old), (new_cpu, new) = found["old"], found["new"]
        row = [float(old["auc"]), float(new["auc"]), float(new["auc"]) - float(old["auc"]),
               float(old["validationAuc"]), float(new["validationAuc"]), old_cpu, new_cpu]
        rows.append(row)
        show(f"{seed:4}", row)
    show("mean", [statistics.mean(column) for column in zip(*rows)])


def show(name, row):
    test_old, test_new, difference, old, new, old_cpu, new_cpu = row
    print(f"{name}  {test_old:.6f}  {test_new:.6f}  {difference:+.6f}     {old:.6f}  {new:.6f}      "
          f"{old_cpu:6.1f} {new_cpu:6.1f}", flush=True)


if __name__ == "__main__":
    try:
        main()
    except Failed as error:
        sys.exit(f"search_seeds: {error}")

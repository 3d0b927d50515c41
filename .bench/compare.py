"""`make bench-compare OLD=path`: this checkout's atelier beside another build of it, in turn.

    make bench-compare OLD=/path/to/atelier            # every row, 11 times
    make bench-compare OLD=/path/to/atelier ONLY=noop,cold

A row is whole processes' wall time. It is slower only when the ratio of the medians is above 1.05 and
the quartiles are apart: the lower one of the new program above the upper one of the old. Then the
exit code is 1. Each program has a project and stores of its own.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile

from timing import Call, Failed, run

ROUNDS = 11
SLOWER = 1.05
SMALL = {"Atelier.users": "400", "Atelier.batches": "2", "Atelier.trials": "3"}

# A row's words; `{round}` makes each call of a row another one. A row whose name begins with `cold`
# gets an empty store each time; the others share one that week5 has been run in.
ROWS = {
    "version": ["--version"],
    "help": ["help", "run"],
    "cold": ["run", "week5"],
    "noop": ["run", "week5"],
    "changed": ["run", "week5", "--set", "Segment.to=0.{round}"],
    "dry-run": ["run", "week5", "--dry-run"],
    "status": ["status", "week5"],
    "explain": ["explain", "week5", "--set", "Segment.to=0.7"],
    "why": ["why", "week5.members"],
    "show": ["show", "week1.funnel"],
    "list": ["list", "steps"],
    "runs": ["list", "runs"],
    "graph": ["graph", "week5"],
    "config": ["config", "--show-origin"],
}


class Program:
    """A build of atelier with a project of its own, a copy of this checkout's workshop."""

    def __init__(self, path, root, folder):
        self.path = path
        self.folder = folder
        self.project = f"{folder}/project"
        self.cold = 0
        workshop = f"{self.project}/Workshops/Propensity"
        os.makedirs(workshop)
        shutil.copy(f"{root}/Workshops/Propensity/config.ini", workshop)
        open(f"{self.project}/Package.swift", "w").close()
        os.symlink(f"{root}/.tools", f"{self.project}/.tools")

    def call(self, name, number):
        words = [word.format(round=60 + number) for word in ROWS[name]]
        if name in ("version", "help"):
            return Call([self.path] + words, self.folder)
        store = f"{self.folder}/store"
        if name.startswith("cold"):
            self.cold += 1
            store += f"-{self.cold}"
        words += ["--project", self.project, "--set", f"Atelier.root={store}"]
        for key, value in SMALL.items():
            words += ["--set", f"{key}={value}"]
        return Call([self.path] + words, self.folder)

    def warm_up(self):
        run(self.call("noop", 0), keep_output=True)

    def seconds(self, name, number):
        try:
            return run(self.call(name, number), keep_output=True).wall
        except Failed as error:
            if name == "status" and str(error).startswith("exit code 3"):
                raise Failed("the store is not current") from error
            raise Failed(f"{self.path}: {name}: {error}") from error


def compare(name, old, new):
    """Both in turn, the first one another each time; the seconds of each."""
    times = {old: [], new: []}
    for number in range(ROUNDS):
        for program in (old, new) if number % 2 == 0 else (new, old):
            times[program].append(program.seconds(name, number))
    return times[old], times[new]


def judge(old, new):
    """The ratio of the medians, and whether the new one is slower beyond chance."""
    ratio = statistics.median(new) / statistics.median(old)
    apart = statistics.quantiles(new, n=4)[0] > statistics.quantiles(old, n=4)[2]
    return ratio, ratio > SLOWER and apart


def summary(times):
    low, middle, high = (1000 * value for value in statistics.quantiles(times, n=4))
    return f"{middle:9.1f} ({low:.1f} to {high:.1f})"


def main():
    parser = argparse.ArgumentParser(description="compares two builds of atelier")
    parser.add_argument("old", help="the other program")
    parser.add_argument("--new", help="this program (default: .build/release/atelier)")
    parser.add_argument("--only", default="", help=f"some of: {', '.join(ROWS)}")
    told = parser.parse_args()
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    names = told.only.replace(",", " ").split() or list(ROWS)
    unknown = [name for name in names if name not in ROWS]
    if unknown:
        sys.exit(f"bench-compare: there is no row '{unknown[0]}'; choose from {', '.join(ROWS)}")
    paths = [os.path.abspath(path) for path in (told.old, told.new or f"{root}/.build/release/atelier")]
    for path in paths:
        if not os.access(path, os.X_OK) or os.path.isdir(path):
            sys.exit(f"bench-compare: no program at {path}; type: make bench-compare OLD=/path/to/atelier")
    slower = []
    # Not on the checkout's own file system: stores come and go.
    with tempfile.TemporaryDirectory(prefix="atelier-compare-") as work:
        old, new = (Program(path, root, f"{work}/{name}") for path, name in zip(paths, ("old", "new")))
        old.warm_up()
        new.warm_up()
        print(f"{'ms, median (quartiles)':<10} {'old':>17} {'new':>28} {'new/old':>12}")
        for name in names:
            try:
                times = compare(name, old, new)
            except Failed as error:
                sys.exit(f"bench-compare: {error}")
            ratio, is_slower = judge(*times)
            if is_slower:
                slower.append(name)
            print(f"{name:<10} {summary(times[0]):>28} {summary(times[1]):>28} {ratio:8.2f}"
                  f"{'  SLOWER' if is_slower else ''}", flush=True)
    if slower:
        print(f"slower: {', '.join(slower)}")
        sys.exit(1)


if __name__ == "__main__":
    main()

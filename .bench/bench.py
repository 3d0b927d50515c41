"""`make bench`: atelier beside the programs that do part of its work, in one run, in turn.

    make bench-setup            # the peers, into a venv of their own; whoever is absent is named
    .setup/mock.sh              # moto and rclone, the servers of the cases s3-large, s3-small and s3-far
    apt-get install wrk         # the clients of the case serve
    make bench                  # all cases, about half an hour
    make bench ONLY=noop,cold   # some of them
    make bench FULL=1           # a million files, larger graphs for slow peers; takes long

A figure is the median of whole processes' wall time unless a title says otherwise; contestants of
a table take turns. Ratios are ours / theirs: below 1 we are faster. Results go to .bench/results.
"""

import argparse
import gc
import os
import signal
import sys
import time

import edit_cases
import event_cases
import graph_cases
import notebooks_cases
import s3_cases
import serve_cases
import store_cases
from peers import PROGRAMS, Peers
from places import Places
from report import Report, machine
from timing import Absent, Failed

CASES = {
    "start": graph_cases.start,
    "week5": graph_cases.week5,
    "notebooks": notebooks_cases.notebooks,
    "noop": graph_cases.noop,
    "cold": graph_cases.cold,
    "inprocess": graph_cases.inprocess,
    "back": graph_cases.back,
    "hash": store_cases.hash,
    "big": store_cases.big,
    "copied": store_cases.copied,
    "tree": store_cases.tree,
    "publish": store_cases.publish,
    "import": event_cases.imports,
    "recur": event_cases.recur,
    "edit": edit_cases.edit,
    "task": edit_cases.task,
    "memory": graph_cases.memory,
    "steps": graph_cases.steps,
    "files": store_cases.files,
    "s3-large": s3_cases.large,
    "s3-small": s3_cases.small,
    "s3-far": s3_cases.far,
    "serve": serve_cases.serve,
}


def arguments():
    parser = argparse.ArgumentParser(description="compares atelier with its peers")
    parser.add_argument("--only", default="", help=f"some of: {', '.join(CASES)}")
    parser.add_argument("--full", action="store_true", help="the sizes that take long, too")
    told = parser.parse_args()
    names = [name for name in told.only.replace(",", " ").split() if name]
    unknown = [name for name in names if name not in CASES]
    if unknown:
        sys.exit(f"bench: there is no case '{unknown[0]}'; choose from {', '.join(CASES)}")
    return names or list(CASES), told.full


def main():
    names, full = arguments()
    # Servers and folders go then, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    own = os.path.dirname(os.path.abspath(__file__))
    root = os.path.dirname(own)
    # On the checkout's own file system, where results are kept, too; /tmp may be memory.
    parent = os.environ.get("BENCH_WORK") or f"{own}/work"
    peers = Peers(os.environ.get("BENCH_VENV") or f"{root}/.tools/bench-venv",
                  os.environ.get("BENCH_S3_VENV") or f"{root}/.tools/bench-s3-venv",
                  os.environ.get("BENCH_TASK_VENV") or f"{root}/.tools/bench-task-venv")
    places = Places(root, f"{os.path.abspath(parent)}/{os.getpid()}", peers, full)
    for program in (places.atelier, places.atelier_bench):
        if not os.access(program, os.X_OK):
            sys.exit(f"bench: no program at {program}; type: make bench")
    os.makedirs(places.work)
    facts = machine(places.work)
    facts["versions"] = {name: peers.version(name) for name in PROGRAMS}
    print("machine: {processor}, {cores} cores, {kernel}, {filesystem}; load {load:.2f}".format(**facts))
    if facts["load"] > 0.3:
        print("         other work is going on here: compare ratios, not times")
    print("peers:   " + ", ".join(f"{n} {v or '- not installed'}" for n, v in facts["versions"].items()))
    report = Report()
    gc.disable()
    try:
        for name in names:
            start = time.monotonic()
            try:
                CASES[name](places, report)
            except Failed as error:
                report.broken(name, str(error))
            except Absent as error:
                report.absent(name, str(error))
            print(f"bench: {name} took {time.monotonic() - start:.0f} s", file=sys.stderr)
    finally:
        os.chdir(root)
        print("\nremoving what was made", file=sys.stderr)
        places.remove()
    report.summary()
    print(f"\nkept in {os.path.relpath(report.save(f'{own}/results', facts), root)}")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)

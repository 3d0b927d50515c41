"""Adds up what llvm-cov exports, a line a module: the folders of Sources, Steps and Workshops."""

import collections
import json
import os
import sys


def main():
    root = sys.argv[1]
    lines = collections.defaultdict(lambda: [0, 0])
    for entry in json.load(sys.stdin)["data"][0]["files"]:
        parts = os.path.relpath(entry["filename"], root).split(os.sep)
        if parts[0] in ("Sources", "Steps", "Workshops") and len(parts) > 2:
            total = lines["/".join(parts[:2])]
            total[0] += entry["summary"]["lines"]["covered"]
            total[1] += entry["summary"]["lines"]["count"]
    lines["all"] = [sum(counts) for counts in zip(*lines.values())]
    for name, (covered, count) in lines.items():
        if count:
            print(f"{name:<32} {covered:>7} of {count:>7} lines  {100 * covered / count:5.1f} %")


if __name__ == "__main__":
    main()

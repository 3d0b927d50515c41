"""`make compare-behaviour OLD=<binary>`: that two builds of atelier do the same, apart from code.

    make compare-behaviour OLD=/path/to/an/older/atelier
    make compare-behaviour OLD=... ONLY=retail,churn      # some workshops
    make compare-behaviour OLD=... NEW=.build/debug/atelier

Each build runs the small size of every workshop (the settings of Baselines/small.json) into a store
of its own, runs it again, and is asked for status, explanations, garbage, damage and things that do
not exist. What is compared: exit codes; standard output and error; the bytes of every blob's digest by
step and output; key documents without the family and the fingerprint of its code; and published
files. Errors of the command line that say the same in other words are listed in REWORDED. What may
differ and is taken out: keys, ids of runs, moments, durations, sizes of stores, and the paths of the
two stores. Exits 1 and shows the first differences where anything else differs.
"""

import argparse
import difflib
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile

PROJECT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# What says when, how long, by whom or under which key; a key holds the fingerprint of the code.
VOLATILE = {
    "seconds", "lastSeconds", "startedAt", "started", "ended", "written", "lastUse", "time", "elapsed", "id", "run", "host",
    "key", "code", "log",
    "chain", "work",  # of a dry run, by the durations that were recorded
}
PATTERNS = [
    (re.compile(r"\d{8}T\d{6}\.\d{3}-[0-9a-f]{12}"), "<run>"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?Z?"), "<moment>"),
    (re.compile(r"\b\d+(\.\d+)? ?(ms|s|min|h)\b"), "<duration>"),
    (re.compile(r"\b\d+(\.\d+)? (B|KB|MB|GB|KiB|MiB|GiB)\b"), "<size>"),
]


def workshops(only):
    """(name, settings of the small size) of each workshop."""
    for folder in sorted(os.listdir(os.path.join(PROJECT, "Workshops"))):
        path = os.path.join(PROJECT, "Workshops", folder, "Baselines", "small.json")
        if os.path.exists(path) and (not only or folder.lower() in only):
            with open(path, encoding="utf-8") as file:
                yield folder.lower(), json.load(file)["settings"]


class Build:
    """One binary with a store of its own."""

    def __init__(self, program, folder):
        self.program = os.path.abspath(program)
        self.root = os.path.join(folder, "store")

    def call(self, *words, settings=()):
        """Exit code, standard output and error of one call."""
        words = [self.program, *words, "--set", f"Atelier.root={self.root}"]
        for name, value in settings:
            words += ["--set", f"{name}={value}"]
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("ATELIER_", "AWS_"))}
        done = subprocess.run(
            words, cwd=PROJECT, capture_output=True, text=True, stdin=subprocess.DEVNULL,
            env=kept | {"SOURCE_DATE_EPOCH": "1719835200", "NO_COLOR": "1"}, timeout=3600)
        return done.returncode, self.plain(done.stdout), self.plain(done.stderr)

    def plain(self, text):
        """Lines without what may differ; JSON by its fields."""
        lines = []
        for line in text.splitlines():
            line = line.replace(self.root, "<store>")
            try:
                line = json.dumps(without_volatile(json.loads(line)), sort_keys=True)
            except ValueError:
                pass
            if ": waits for " in line:  # a set
                head, names = line.split(": waits for ")
                line = head + ": waits for " + ", ".join(sorted(names.split(", ")))
            for pattern, name in PATTERNS:
                line = pattern.sub(name, line)
            lines.append(re.sub(r"  +", "  ", line))
        return lines

    def results(self):
        """Key document without family and code -> outputs, as text, of all results."""
        found = {}
        base = os.path.join(self.root, ".atelier", "ac")
        for folder, _, names in os.walk(base):
            for name in names:
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    result = json.load(file)
                document = result["document"]
                # Steps move from one family to another, as those of Learn out of Train.
                del document["code"], document["family"]
                found[json.dumps(document, sort_keys=True)] = json.dumps(result["outputs"], sort_keys=True)
        return found

    def published(self):
        """Path and digest of every file that was published."""
        found = []
        for folder, folders, names in os.walk(self.root):
            folders[:] = [name for name in folders if name != ".atelier"]
            for name in names:
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    content = file.read()
                if name == "ingestion.json":  # says when, by whom and in which run
                    content = json.dumps(without_volatile(json.loads(content)), sort_keys=True).encode()
                digest = hashlib.sha256(content).hexdigest()
                found.append(f"{os.path.relpath(path, self.root)} {digest}")
        return sorted(found)


def without_volatile(value):
    if isinstance(value, dict):
        return {k: without_volatile(v) for k, v in value.items() if k not in VOLATILE}
    if isinstance(value, list):
        return [without_volatile(item) for item in value]
    return value


def calls(name, settings):
    """What each build is asked, in this order; with `-j 1`, so that one step runs at a time."""
    settings = list(settings.items())
    yield ["run", "-j", "1", "--json", name], settings
    yield ["run", "-j", "1", "--json", name], settings
    yield ["status", "--json", name], settings
    yield ["status", name], settings
    yield ["explain", name], settings + [("Atelier.seed", "7")]
    yield ["run", "--dry-run", "--json", name], settings + [("Atelier.seed", "7")]
    yield ["list", name], settings
    yield ["graph", name], settings
    yield ["check", "--cache", "ro", "-j", "1", name], []
    yield ["run", f"{name}/no-such-step"], settings
    yield ["show", f"{name}/no-such-step"], settings
    yield ["explain", name], settings + [("Atelier.sed", "7")]


ONCE = [
    ["store", "gc", "--dry-run"], ["store", "fsck"], ["list", "runs", "--json"], ["store", "tag"],
    ["show", "no.such.step"], ["no-such-verb"], ["config"],
]

# What the command line says since it is a tree of commands: (before, now). Its help is another text
# altogether and is not compared.
REWORDED = [
    (r"atelier: `atelier list` takes (.*), not '(.*)'\.",
     r"atelier: unknown command 'list \2'. `atelier list` takes \1; see `atelier list --help`"),
    (r"atelier: the workshop (\S+) has no stage or step '(.*)'\. `atelier list steps` shows all\.",
     r"atelier: the workshop \1 has no stage or step '\2'. `atelier list steps -w \1` lists them."),
    (r"atelier: `atelier store gc` has no option '(.*)'; see `atelier store --help`",
     r"atelier: unknown option '\1' for `atelier store gc`. See `atelier store gc --help`."),
    (r"atelier: there is no verb '(.*)'\. `atelier --help` shows all\.",
     r"atelier: unknown command '\1'. `atelier --help` lists the commands."),
]


def reworded(line):
    """A line of a build from before the tree of commands in today's words; today's line as it is."""
    for before, now in REWORDED:
        if re.fullmatch(before, line):
            return re.sub(before, now, line)
    return line


class Comparison:
    def __init__(self):
        self.compared = 0
        self.differences = 0

    def same(self, title, old, new):
        self.compared += 1
        if old == new:
            return
        self.differences += 1
        print(f"DIFFERS: {title}")
        old, new = ([line if isinstance(line, str) else repr(line) for line in side] for side in (old, new))
        for line in list(difflib.unified_diff(old, new, "old", "new", lineterm="", n=0))[:12]:
            print("   ", line[:300])


def compare(title, words, settings, old, new, comparison):
    (a, out_a, err_a), (b, out_b, err_b) = (build.call(*words, settings=settings) for build in (old, new))
    comparison.same(f"{title}: exit code", [a], [b])
    if words[0] == "run" and "--dry-run" not in words and not title.endswith("no-such-step") and a:
        sys.exit(f"{title} ends with {a}, so there is nothing to compare:\n" + "\n".join(err_a[-5:]))
    if words[0] == "run" and "--json" in words:  # hits are told in any order
        out_a, out_b = sorted(out_a), sorted(out_b)
    comparison.same(f"{title}: standard output", out_a, out_b)
    comparison.same(f"{title}: standard error", list(map(reworded, err_a)), err_b)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--old", required=True)
    parser.add_argument("--new", required=True)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    comparison = Comparison()
    with tempfile.TemporaryDirectory(prefix="atelier-compare-") as folder:
        sides = [os.path.join(folder, side) for side in ("a", "b")]
        old, new = Build(arguments.old, sides[0]), Build(arguments.new, sides[1])
        for name, settings in workshops({part for part in arguments.only.split(",") if part}):
            for words, given in calls(name, settings):
                compare(" ".join(words), words, given, old, new, comparison)
            print(f"{name}: {comparison.compared} comparisons, {comparison.differences} differences", flush=True)
        for words in ONCE:
            compare(" ".join(words), words, [], old, new, comparison)
        a, b = old.results(), new.results()
        comparison.same("key documents without code", sorted(a), sorted(b))
        comparison.same("outputs", [a[key] for key in sorted(a)], [b[key] for key in sorted(b)])
        comparison.same("published files", old.published(), new.published())
        print(f"{len(a)} results, {len(old.published())} published files, {comparison.compared} comparisons, "
              f"{comparison.differences} differences")
    sys.exit(1 if comparison.differences else 0)


if __name__ == "__main__":
    main()

"""Cases about bytes: hashing, one large artifact, trees of many files."""

import json
import os
import re
import time

from timing import Call, Contestant, Failed, Figures, contest, run
from places import VARIABLES


def _measure(places, *words):
    """A measurement from the inside; its own wall time is that of the whole process."""
    done = run(Call([places.atelier_bench, "measure", *map(str, words)], places.work), keep_output=True)
    return done, json.loads(done.output)


def hash(places, report):
    """SHA-256 of 1 GiB in the page cache."""
    path = places.file(1 << 30)
    size = 1 << 30
    openssl = lambda: places.program("openssl")

    def ours():
        return size / _measure(places, "hash", places.fresh("store", make=False), path)[0].user

    def speed():
        words = [openssl(), "speed", "-mr", "-seconds", "2", "-bytes", "16384", "-evp", "sha256"]
        said = run(Call(words, places.work), keep_output=True).output
        found = re.search(r"^\+F:\d+:[^:]*:([0-9.]+)", said, re.M)
        if not found:
            raise Failed("cannot read what openssl speed prints")
        return float(found[1])

    report.case("SHA-256, bytes per second of user time", contest([
        Contestant("atelier", ours), Contestant("openssl speed, 16 KiB", speed),
    ], 7), "atelier", "hash.speed", unit="B/s")
    report.case("SHA-256 of a file of 1 GiB", contest([
        Contestant("atelier", lambda: _measure(
            places, "hash", places.fresh("store", make=False), path)[0].wall),
        Contestant("openssl dgst", lambda: run(Call([openssl(), "dgst", "-sha256", path], places.work)).wall),
        Contestant("sha256sum", lambda: run(Call([places.program("sha256sum"), path], places.work)).wall),
    ], 3), "atelier", "hash.sha256sum")


def big(places, report):
    """One artifact of 2 GiB into the store and out of it; the same file is used again each time."""
    path = places.file(2 << 30)
    kept = {}
    inside = []

    def adopt():
        store = places.fresh("store", make=False)
        done, answer = _measure(places, "adopt", store, path, "file")
        inside.append(answer["commitSeconds"])
        kept.update(answer, store=store)
        hex = answer["digest"]
        # Out of the store again, as a step's file that nobody adopted.
        kept["blob"] = f"{store}/.atelier/cas/sha256/{hex[:2]}/{hex}"
        os.rename(kept["blob"], path)
        os.chmod(path, 0o644)
        return done.wall

    def dvc_add():
        # A file of its own: its cache keeps a hard link, and atelier takes no file with two names.
        program, folder = places.dvc_project()
        os.rename(places.file(2 << 30), f"{folder}/big")
        kept["dvc"] = (program, folder)
        return run(Call([program, "add", "-q", "big"], folder, VARIABLES)).wall

    figures = contest([
        Contestant("atelier", adopt),
        Contestant("openssl dgst",
                   lambda: run(Call([places.program("openssl"), "dgst", "-sha256", path], places.work)).wall),
        Contestant("dvc add", dvc_add, 12),
    ], 5)
    report.case("2 GiB into the store", figures, "atelier", "big.commit",
                notes=[f"of which commit with a flush of the file system: {_middle(inside) * 1e3:.1f} ms"])

    os.rename(path, kept["blob"])
    os.chmod(kept["blob"], 0o444)
    words = (kept["store"], kept["digest"], kept["size"], "file")
    # The file's times moved, so that it is hashed once more; a file that is older than the clock's
    # ticks is known from then on.
    time.sleep(0.2)
    _measure(places, "check", *words)

    def restore():
        return _measure(places, "materialize", *words, places.fresh("restored", make=False))[0].wall

    def checkout():
        program, folder = kept["dvc"]
        if os.path.lexists(f"{folder}/big"):
            os.rename(f"{folder}/big", places.fresh("old", make=False))
        return run(Call([program, "checkout", "-q"], folder, VARIABLES)).wall

    contestants = [
        Contestant("atelier", restore),
        Contestant("ln", lambda: run(Call(
            ["/bin/ln", kept["blob"], places.fresh("linked", make=False)], places.work)).wall),
        Contestant("cp", lambda: run(Call(
            ["/bin/cp", kept["blob"], places.fresh("copied", make=False)], places.work)).wall, 0),
    ]
    if "dvc" in kept:
        contestants.append(Contestant("dvc checkout", checkout, 3))
    report.case("2 GiB out of the store", contest(contestants, 10), "atelier", "big.restore")
    report.case("2 GiB, checked", contest([
        Contestant("atelier", lambda: _measure(places, "check", *words)[0].wall)], 10), "atelier")


def copied(places, report):
    """One file of 2 GiB of somebody else, copied into the store: hashed while it is copied."""
    path = places.file(2 << 30)

    def ours():
        return _measure(places, "import", places.fresh("store", make=False), path, "file")[0].wall

    def apart():
        words = [places.program("openssl"), "dgst", "-sha256", path]
        return copy() + run(Call(words, places.work)).wall

    def copy():
        return run(Call(["/bin/cp", path, places.fresh("copy", make=False)], places.work)).wall

    report.case("2 GiB of somebody else, copied into the store", contest([
        Contestant("atelier", ours, 30), Contestant("cp, then openssl dgst", apart, 30),
        Contestant("cp", copy, 30)], 3), "atelier", "copied.file")


def publish(places, report):
    """20,000 files of 4 KiB published as an export, on the disk when it appears."""
    tree = _Tree(places, 20_000)
    tree.adopt()
    source = places.tree(20_000)

    def ours():
        export = f"{tree.words[0]}/{places.fresh('data', make=False).rsplit('/', 1)[1]}"
        return _measure(
            places, "publish", *tree.words, f"{export}/exportTime=20240701120000")[0].wall

    def copy():
        target = places.fresh("copy", make=False)
        wall = run(Call(["/bin/cp", "-r", source, target], places.work)).wall
        return wall + run(Call(["/bin/sync", "-f", target], places.work)).wall

    report.case("20,000 x 4 KiB published, flushed", contest([
        Contestant("atelier", ours, 30), Contestant("cp -r, then sync -f", copy, 30)], 5),
        "atelier", "tree.publish")


def _middle(values):
    return Figures(values).median


class _Tree:
    """One tree in one store after another: adopted, checked, laid out."""

    def __init__(self, places, count):
        self.places = places
        self.count = count
        self.commits = []
        self.peaks = []

    def adopt(self):
        tree = self.places.tree(self.count)
        store = self.places.fresh("store", make=False)
        done, answer = _measure(self.places, "adopt", store, tree, "tree")
        self.commits.append(answer["commitSeconds"])
        self.peaks.append(answer["peakBytes"])
        self.words = (store, answer["digest"], answer["size"], "tree")
        return done.wall

    def check(self):
        return _measure(self.places, "check", *self.words)[0].wall

    def first_use(self):
        """A step's first use of the tree: laid out anew."""
        trees = f"{self.words[0]}/.atelier/trees"
        if os.path.exists(trees):
            os.rename(trees, self.places.fresh("laid-out", make=False))
        return self.next_use()

    def next_use(self):
        return _measure(self.places, "folder", *self.words)[0].wall


def tree(places, report):
    """20,000 files of 4 KiB into the store, checked, and out of it."""
    ours = _Tree(places, 20_000)
    source = places.tree(20_000)
    dvc = {}

    def copy(*options):
        words = ["/bin/cp", *options, source, places.fresh("copy", make=False)]
        return lambda: run(Call(words[:-1] + [places.fresh("copy", make=False)], places.work)).wall

    def dvc_add():
        program, folder = places.dvc_project()
        os.rename(places.tree(20_000), f"{folder}/data")
        dvc["add"] = (program, folder)
        return run(Call([program, "add", "-q", "data"], folder, VARIABLES)).wall

    def dvc_call(word):
        def figure():
            if "add" not in dvc:
                raise Failed("not installed")
            program, folder = dvc["add"]
            if word == "checkout":
                os.rename(f"{folder}/data", places.fresh("old", make=False))
            return run(Call([program, word, "-q"], folder, VARIABLES)).wall
        return figure

    figures = contest([
        Contestant("atelier", ours.adopt, 30), Contestant("cp -r", copy("-r")),
        Contestant("dvc add", dvc_add, 15)], 5)
    report.case("20,000 x 4 KiB into the store", figures, "atelier", "tree.commit",
                notes=[f"of which commit with a flush of the file system: {_middle(ours.commits) * 1e3:.0f} ms"])
    report.case("peak memory, 20,000 files into the store", {"atelier": Figures(ours.peaks)},
                "atelier", "memory", unit="B")
    # The first look at a tree goes to every file's row, later ones to one row for all.
    report.case("20,000 x 4 KiB, checked for the first time", {"atelier": Figures([ours.check()])}, "atelier")
    figures = contest([
        Contestant("atelier", ours.check), Contestant("dvc status", dvc_call("status"), 5)], 11)
    report.case("20,000 x 4 KiB, checked", figures, "atelier", "tree.check")
    figures = contest([
        Contestant("atelier", ours.first_use), Contestant("cp -rl", copy("-rl")),
        Contestant("cp -r", copy("-r")), Contestant("dvc checkout", dvc_call("checkout"), 5)], 5)
    report.case("20,000 x 4 KiB out of the store", figures, "atelier", "tree.restore")
    ours.next_use()
    report.case("20,000 x 4 KiB out of the store, used again", {
        "atelier": Figures([ours.next_use() for _ in range(5)])}, "atelier")


def files(places, report):
    """Whether the cost per file stays the same up to 100,000 files, or a million with FULL=1."""
    sizes = [1000, 10_000, 100_000] + ([1_000_000] if places.full else [])
    tables = {"into the store": {}, "checked for the first time": {}, "checked": {},
              "out of the store": {}, "peak memory, into the store": {}}
    for count in sizes:
        name = f"{count:,} files"
        tree = _Tree(places, count)

        def each(figure):
            return lambda: figure() / count

        rounds = 3 if count <= 10_000 else 1
        tables["into the store"] |= contest([Contestant(name, each(tree.adopt), 60)], rounds)
        tables["checked for the first time"] |= contest([Contestant(name, each(tree.check))], 1)
        tables["checked"] |= contest([Contestant(name, each(tree.check), 20)], 5)
        tables["out of the store"] |= contest([Contestant(name, each(tree.first_use), 60)], rounds)
        tables["peak memory, into the store"][name] = Figures(tree.peaks)
    memory = tables.pop("peak memory, into the store")
    report.case("peak memory, files of 4 KiB into the store", memory, unit="B")
    for what, figures in tables.items():
        report.case(f"linear: files of 4 KiB {what}, per file", figures, f"{sizes[-1]:,} files",
                    "linear.files")

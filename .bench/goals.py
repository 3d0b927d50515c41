"""The goals, and for each the place where the time goes when it is missed."""

from dataclasses import dataclass

from s3_clients import PEERS


@dataclass
class Goal:
    """A figure, or its ratio to the contestant `against` (the least of several), at most `limit`.

    `limit` is in the unit of the case; with `at_least` the figure must not be below it. `why` says
    what perf and strace showed when the goal was last missed: look again when the engine changes.
    """

    limit: float
    why: str
    against: str | tuple = None
    at_least: bool = False

    @property
    def rivals(self):
        return (self.against,) if isinstance(self.against, str) else self.against

    def value(self, own, reference):
        return own / reference if self.against else own

    def is_met(self, own, reference):
        value = self.value(own, reference)
        return value >= self.limit if self.at_least else value <= self.limit


START = (
    "the start of the program: 580 page faults of a 40 MB static binary (/bin/true: 50), types that the "
    "Swift runtime makes and conformances that it looks for, its own and libdispatch's start, and the "
    "settings of config.ini")
WITNESSES = (
    "one stat a blob, and the hash over the file that remembers them; ninja compares two times a step")
SMALL_FILES = (
    "two thirds of the CPU time are the kernel's: a step makes, renames and reads back two files, its "
    "output and its cache entry, with 13 stats, a lock and two rows of SQLite; then one flush of the "
    "file system for some hundred steps")
STREAM = (
    "both send one stream and hash nothing, since the digest is known: what differs is the pace of the "
    "server from round to round")
DIGEST = (
    "half of the client's CPU time is SHA-256, which s5cmd does not compute; the rest is level with "
    "curl's or below, and mostly the kernel's copies from the socket and into the file")
SEARCH = (
    "half of the steps' time is the model search: 32 full trainings, and 100 probes of 45 ms, half of which is "
    "the start of their processes; a fifth is the simulation of the events, in DuckDB, with a flat profile; "
    "drift, features and scores are an eighth")
UNKNOWN = "not looked into"

GOALS = {
    "noop.week5": Goal(0.010, START + "; then " + WITNESSES),
    "noop.10": Goal(1.5, START, against="ninja"),
    "noop.100": Goal(1.0, START, against="ninja"),
    "noop.1000": Goal(1.0, START + "; then " + WITNESSES, against="ninja"),
    "noop.10000": Goal(1.2, WITNESSES, against="ninja"),
    "step.process": Goal(
        0.005, "two processes are started, supervisor and worker, with the page faults of a Swift "
        "program; Landlock has 19 rules a step; and " + SMALL_FILES),
    "step.in-process": Goal(0.0001, SMALL_FILES),
    "back.100": Goal(
        0.010, START + "; and the run record that is compared and written again, which makes a file"),
    "hash.speed": Goal(0.95, UNKNOWN, against="openssl speed, 16 KiB", at_least=True),
    "hash.sha256sum": Goal(1.0, UNKNOWN, against="sha256sum"),
    # openssl dgst neither makes the file read-only nor renames nor flushes: a tenth for that.
    "big.commit": Goal(1.1, UNKNOWN + "; the note says how much is the flush", against="openssl dgst"),
    "big.restore": Goal(0.005, START),
    "tree.commit": Goal(
        0.6, "four stats, an open, a read, fchmod, utimensat and a rename a file, on all cores; a third "
        "is the renames, which a file system does one after the other, and 256 folders are made"),
    "tree.check": Goal(
        0.050, "one stat a blob, three quarters of it the kernel's, and reading the manifest"),
    "tree.restore": Goal(
        0.25, "half are the links themselves; three stats a file, for a blob is checked, and looked at "
        "before and after linking, which moves its ctime; and a row of the memo each for the new one"),
    "tree.publish": Goal(
        1.5, "a file is made, written and closed for each blob, which is looked at first; one flush of "
        "the file system for all", against="cp -r, then sync -f"),
    "copied.file": Goal(
        1.0, "writing takes a core of its own, and pages that are touched for the first time",
        against="cp, then openssl dgst"),
    "week5.cold": Goal(
        25, "nearly all in the steps: DuckDB's queries and XGBoost's trainings, each on one thread"),
    # The notebooks' own forests use one core; a run of atelier uses all.
    "notebooks.wall": Goal(0.25, SEARCH, against="notebooks' way"),
    "notebooks.cpu": Goal(0.25, SEARCH, against="notebooks' way"),
    "import.events": Goal(
        2.5, "reading and checking are a third, the sort by time and the writing two",
        against="duckdb, a sorted copy"),
    "recur.day": Goal(
        0.25, "32 buckets are merged again, each a process of 50 ms besides its rows",
        against="all from nothing"),
    "edit.sql": Goal(2.0, "the query itself, on one thread; the program starts twice, to run and to show"),
    "edit.python": Goal(
        1.5, "a save counts when nothing has changed for 0.1 s; the program starts twice",
        against="python3 daily.py"),
    "edit.swift": Goal(
        15, "SwiftPM's own start, the family's module, the workshop's, and linking the whole program"),
    "memory": Goal(
        60e6, "of 10,000 steps: 28 MB are the wired graph, the rest reports, states and the run record, "
        "which is made in memory"),
    # Linear: the largest costs per step or file at most half more than the size it is held against.
    "linear.steps": Goal(
        1.5, "CPU time is linear to 10,000 steps; the rest waits for the file system, see "
        "the cases of in-process steps", against="1,000 steps"),
    "s3.memory": Goal(10 * 2**20, UNKNOWN),
    # A server without an interpreter has no excuse.
    "serve.half": Goal(0.5, UNKNOWN, against="gunicorn"),
    "serve.most": Goal(0.5, UNKNOWN, against="gunicorn"),
    "serve.rate": Goal(2.0, UNKNOWN, against="gunicorn", at_least=True),
    "linear.files": Goal(1.5, UNKNOWN, against="10,000 files"),
}

for way in ("up", "down"):
    GOALS[f"s3.far.small.{way}"] = Goal(
        1.05, "64 requests are under way at a time, s5cmd has 256", against="s5cmd")

# One stream of curl is the floor for a large object. Many small ones are the server's time, in which
# clients are level, so that only the CPU time has a goal against all.
for server in ("moto", "rclone"):
    for way in ("up", "down"):
        why = STREAM if way == "up" else DIGEST
        GOALS[f"s3.{server}.large.{way}.wall"] = Goal(1.1, why, against="curl")
        GOALS[f"s3.{server}.large.{way}.cpu"] = Goal(1.0, why, against=PEERS)
        GOALS[f"s3.{server}.small.{way}.wall"] = Goal(1.05, UNKNOWN, against=PEERS)
        GOALS[f"s3.{server}.small.{way}.cpu"] = Goal(1.0, UNKNOWN, against=PEERS)

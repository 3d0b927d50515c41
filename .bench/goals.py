"""The goals, and for each the place where the time goes when it is missed."""

from dataclasses import dataclass


@dataclass
class Goal:
    """A figure, or its ratio to the contestant `against`, that is at most `limit`.

    `limit` is in the unit of the case; with `at_least` the figure must not be below it. `why` says
    what perf and strace showed when the goal was last missed: look again when the engine changes.
    """

    limit: float
    why: str
    against: str = None
    at_least: bool = False

    def value(self, own, reference):
        return own / reference if self.against else own

    def is_met(self, own, reference):
        value = self.value(own, reference)
        return value >= self.limit if self.at_least else value <= self.limit


START = (
    "the start of the program: 6 ms of CPU for `--version`, nearly half of it relocations of the "
    "static binary in the dynamic loader, with 660 page faults (/bin/true: 50)")
PER_STEP = (
    "per step, of the CPU time: wiring a fifth, the key document an eighth, look-up and one stat of "
    "the blob a tenth, reading the last run record and comparing with it almost a fifth; ninja "
    "compares two times per step")
SMALL_FILES = (
    "a step makes four folders, a symlink, a lock, a log, an output and a cache entry, and removes "
    "six of them: 11 opens, 12 fcntl and 11 writes of SQLite, and a syncfs every 30 to 50 ms; on a "
    "file system mounted with `discard` removing waits for the device")
UNKNOWN = "not looked into"

GOALS = {
    "noop.week5": Goal(
        0.010, "of the CPU time, wiring a third (Swift looks up conformances and generic types), keys "
        "and look-ups a fifth, the rest the start of the program"),
    "noop.10": Goal(1.1, START, against="ninja"),
    "noop.100": Goal(1.0, START, against="ninja"),
    "noop.1000": Goal(1.0, PER_STEP, against="ninja"),
    "noop.10000": Goal(1.2, PER_STEP, against="ninja"),
    "step.process": Goal(
        0.005, "15 ms of CPU a step, two thirds in the kernel: two processes are started, supervisor "
        "and worker, with 750 page faults; and " + SMALL_FILES),
    "step.in-process": Goal(0.0001, SMALL_FILES),
    "back.100": Goal(0.010, START + "; the other part is not looked into"),
    "hash.speed": Goal(0.95, UNKNOWN, against="openssl speed, 16 KiB", at_least=True),
    "hash.sha256sum": Goal(1.0, UNKNOWN, against="sha256sum"),
    # openssl dgst neither makes the file read-only nor renames nor flushes: a tenth for that.
    "big.commit": Goal(1.1, UNKNOWN + "; the note says how much is the flush", against="openssl dgst"),
    "big.restore": Goal(0.005, START),
    "tree.commit": Goal(
        0.6, "one file after the other with six stats, an open, two reads, fchmod, utimensat and a "
        "rename; of the time in the kernel the stats have two fifths, the renames a fifth"),
    "tree.check": Goal(
        0.050, "three quarters of the CPU time are the kernel's, nearly all in one stat a blob"),
    "tree.restore": Goal(
        0.25, "20,000 symlinks have three quarters of the time: each target is longer than the 59 "
        "bytes that fit into an inode, so that ext4 allocates and clears a block for it; parsing the "
        "manifest has a sixth"),
    "week5.cold": Goal(25, UNKNOWN),
    "memory": Goal(
        60e6, "of 10,000 steps: 28 MB are the wired graph, as much again keys and look-ups of a dry "
        "run, the rest what a run adds"),
    # Linear: the largest costs per step or file at most half more than the size it is held against.
    "linear.steps": Goal(
        1.5, "CPU time is linear to 10,000 steps; the rest waits for the file system, see "
        "the cases of in-process steps", against="1,000 steps"),
    "linear.files": Goal(1.5, UNKNOWN, against="10,000 files"),
}

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
    "the start of the program itself (page faults of a static binary, libcrypto, SQLite) costs more "
    "than make or ninja in all; see the case 'start'")
PER_STEP = (
    "a third of the CPU time encodes, decodes and hashes the key document of every step (wiring "
    "alone is a fifth), a sixth reads and compares the last run record, a tenth is one stat a step; "
    "ninja compares two times per step")
SMALL_FILES = (
    "a step makes five folders, a symlink, a lock, a log, an output, a cache entry, and removes seven "
    "of these; with `discard` on ext4 every freed block waits for the device, and one syncfs follows "
    "each 50 ms")

GOALS = {
    "noop.week5": Goal(
        0.010, "a third is wiring (Swift looks up generic types and conformances at first use), "
        "a fifth keys and look-ups, the rest the start of the program"),
    "noop.10": Goal(1.1, START, against="ninja"),
    "noop.100": Goal(1.0, START, against="ninja"),
    "noop.1000": Goal(1.0, PER_STEP, against="ninja"),
    "noop.10000": Goal(1.2, PER_STEP, against="ninja"),
    "step.process": Goal(
        0.005, "two processes are started, supervisor and worker, with some 750 page faults of the "
        "static binary, two thirds of the CPU time in the kernel; and " + SMALL_FILES),
    "step.in-process": Goal(0.0001, SMALL_FILES),
    "back.100": Goal(
        0.010, "the start of the program, 100 keys and look-ups, and a run record of 100 steps, "
        "since the digests are not those of the last run"),
    "hash.speed": Goal(
        0.95, "the kernel's copies evict the hash's data from the first cache, or the machine is busy",
        against="openssl speed, 16 KiB", at_least=True),
    "hash.sha256sum": Goal(
        1.0, "libcrypto does not use the processor's SHA instructions here", against="sha256sum"),
    # openssl dgst neither makes the file read-only nor renames nor flushes: a tenth for that.
    "big.commit": Goal(
        1.1, "what is over the hash is the flush of the file system, which other programs' unwritten "
        "data make longer: see the note", against="openssl dgst"),
    "big.restore": Goal(
        0.005, "one symlink; the rest is the start of the program and opening the store"),
    "tree.commit": Goal(
        0.6, "per file six stats, an open, two reads, fchmod, utimensat and a rename, one file after "
        "the other; the renames between folders take a fifth of the kernel's time"),
    "tree.check": Goal(
        0.050, "one stat a blob is all but the whole of it: 20,000 paths of 256 folders"),
    "tree.restore": Goal(
        0.25, "20,000 symlinks: a target of more than 59 bytes has a data block of its own on ext4 "
        "(allocated, zeroed), which a hard link or a short target would not; the kernel has three "
        "quarters of the time, parsing the manifest a sixth"),
    "week5.cold": Goal(
        25, "151 steps of DuckDB and 100 trainings on all cores: other work on the machine counts in "
        "full"),
    "memory": Goal(60e6, "not missed so far"),
    # Linear: the largest costs per step or file at most half more than the size it is held against.
    "linear.steps": Goal(
        1.5, "not seen in CPU time; ext4 scans past freed inodes and waits for discards, and each step "
        "frees seven", against="1,000 steps"),
    "linear.files": Goal(
        1.5, "not seen in CPU time; more new files than the page cache writes back at once",
        against="10,000 files"),
}

"""The goals, and for each the place where the time goes when it is missed."""

from dataclasses import dataclass


@dataclass
class Goal:
    """`limit` in the unit of the case; `against` names the contestant that a ratio is taken to.

    A figure meets its goal when it, or its ratio, is at most the limit (`at_least`: not below it).
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


# What a missed goal costs where, as measured with perf and strace; see each case's notes, too.
GOALS = {
    "noop.week5": Goal(0.010, "TODO"),
    "noop.10": Goal(1.1, "TODO", against="ninja"),
    "noop.100": Goal(1.0, "TODO", against="ninja"),
    "noop.1000": Goal(1.0, "TODO", against="ninja"),
    "noop.10000": Goal(1.2, "TODO", against="ninja"),
    "step.process": Goal(0.005, "TODO"),
    "step.in-process": Goal(0.0001, "TODO"),
    "back.100": Goal(0.010, "TODO"),
    "hash.speed": Goal(0.95, "TODO", against="openssl speed, 16 KiB", at_least=True),
    "hash.sha256sum": Goal(1.0, "TODO", against="sha256sum"),
    # openssl dgst itself does not make the file read-only, rename it and flush: a tenth for that.
    "big.commit": Goal(1.1, "TODO", against="openssl dgst"),
    "big.restore": Goal(0.005, "TODO"),
    "tree.commit": Goal(0.6, "TODO"),
    "tree.check": Goal(0.050, "TODO"),
    "tree.restore": Goal(0.25, "TODO"),
    "week5.cold": Goal(25, "TODO"),
    "memory": Goal(60e6, "TODO"),
    # Linear: the largest costs per step or file at most half more than the size it is held against.
    "linear.steps": Goal(1.5, "TODO", against="1,000 steps"),
    "linear.files": Goal(1.5, "TODO", against="10,000 files"),
}

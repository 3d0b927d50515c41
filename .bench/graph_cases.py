"""Cases about graphs: start-up, no-op, cold, going back, the real workshop, memory."""

import re
import sys

from places import PEERS
from timing import Call, Contestant, Failed, Figures, contest, peak_memory, run


def start(places, report):
    """What each program costs before it does anything."""
    work = places.work
    contestants = [
        Contestant("atelier --version", lambda: run(Call([places.atelier, "--version"], work)).wall, 3),
        Contestant("/bin/true", lambda: run(Call(["/bin/true"], work)).wall, 3),
        Contestant("make --version",
                   lambda: run(Call([places.program("make"), "--version"], work)).wall, 3),
        Contestant("python3 -c pass", lambda: run(Call([sys.executable, "-c", "pass"], work)).wall, 3),
    ]
    report.case("process start", contest(contestants, 100), "atelier --version")


def noop(places, report):
    """Nothing to do, on the real workshop and on chains and fans of four sizes."""
    week5 = places.propensity_up_to_date()
    make = Call([places.program("make"), "-s", "week5", f"ROOT={week5.folder}/.store"], places.root)
    report.case("no-op, propensity week5", contest([
        Contestant("atelier", lambda: run(week5).wall),
        Contestant("make week5", lambda: run(make).wall),
    ], 20), "atelier", "noop.week5")
    names = ["atelier"] + [name for name in PEERS if name != "doit, in Python"]
    for count in (10, 100, 1000, 10_000):
        for shape in ("chain", "fan"):
            def figure(name):
                return lambda: run(places.up_to_date(name, shape, count)).wall
            # Made ready before the contest, since that would use up the budget of its runs.
            for name in names:
                try:
                    places.up_to_date(name, shape, count)
                except Failed:
                    pass
            figures = contest([Contestant(name, figure(name), 3) for name in names], 25)
            report.case(f"no-op, {shape} of {count:,}", figures, "atelier", f"noop.{count}")


def _cold(places, name, shape, count, isolation):
    """Seconds per step of a run in a new project."""
    def figure():
        if name == "atelier":
            call = places.synthetic(shape, count, isolation)
        else:
            call, _ = places.peer(name, shape, count)
        return run(call).wall / count
    return figure


def cold(places, report):
    """1,000 steps with a process each, and what the engine adds to the bare program."""
    names = ["atelier", "make", "ninja", "doit"]
    bare = Call(["/bin/sh", "-c", "echo 1 > bare"], places.work)
    bare_figures = contest([Contestant("sh -c", lambda: run(bare).wall)], 200)["sh -c"]
    for shape in ("fan", "chain"):
        figures = contest(
            [Contestant(name, _cold(places, name, shape, 1000, "process"), 30) for name in names], 3)
        figures["sh -c, one at a time"] = bare_figures
        report.case(f"cold, {shape} of 1,000, a process each, per step", figures, "atelier")
        if shape == "chain":
            over = Figures([v - bare_figures.median for v in figures["atelier"].values],
                           figures["atelier"].problem)
            report.case("a step in its own process, over the bare program", {"atelier": over},
                        "atelier", "step.process")


def inprocess(places, report):
    """Steps in the runner, with hash and cache entry."""
    for count in (1000, 10_000):
        names = ["atelier", "doit, in Python"]
        report.case(
            f"cold, fan of {count:,}, in the runner, per step",
            contest([Contestant(name, _cold(places, name, "fan", count, "in-process"), 20)
                     for name in names], 5), "atelier", "step.in-process")


def _built(run):
    """The number of steps that a run built, by its last line."""
    return int(re.search(r" (\d+) ran in ", run.output.strip().splitlines()[-1])[1])


def back(places, report):
    """An input that takes a value it had before, and one whose change makes no difference."""
    call = places.synthetic("chain", 100, "process")
    values = [0]

    def change(setting, value):
        words = call.words + ["--set", f"Bench.{setting}={value}"]
        return run(Call(words, call.folder), keep_output=True)

    def flip():
        values[0] += 1
        done = change("value", 1 + values[0] % 2)
        if _built(done):
            raise Failed(f"{_built(done)} steps ran again")
        return done.wall

    def relabel():
        values[0] += 1
        done = change("label", f"label-{values[0]}")
        if _built(done) != 1:
            raise Failed(f"{_built(done)} steps ran, expected 1")
        return done.wall

    for value in (1, 2):
        change("value", value)
    report.case("back to an earlier input, chain of 100",
                contest([Contestant("atelier", flip)], 20), "atelier", "back.100",
                notes=["make, ninja, doit and Snakemake run all 100 steps again"])
    report.case("first step changes, same output, chain of 100: 1 step runs",
                contest([Contestant("atelier", relabel)], 10), "atelier")


def week5(places, report):
    """Weeks 1 to 5 at full size from nothing, and what the runner holds meanwhile."""
    walls, peaks = [], []
    for _ in range(3 if places.full else 1):
        call = places.propensity()
        peak, wall = peak_memory(call)
        walls.append(wall)
        peaks.append(peak)
        places.remember_propensity(call)
    report.case("weeks 1 to 5, cold, as configured", {"atelier": Figures(walls)}, "atelier", "week5.cold")
    report.case("peak memory of the runner, weeks 1 to 5, cold", {"atelier": Figures(peaks)},
                "atelier", "memory", unit="B")


def memory(places, report):
    """The most that a runner holds, the process alone without its workers."""
    call = places.synthetic("fan", 10_000, "in-process")
    for what in ("cold", "no-op"):
        figures = {"atelier": Figures([float(peak_memory(call)[0])])}
        report.case(f"peak memory of the runner, fan of 10,000, {what}", figures, "atelier", "memory",
                    unit="B")


def steps(places, report):
    """Whether the cost per step stays the same up to 10,000 steps."""
    sizes = (10, 100, 1000, 10_000)
    for shape in ("chain", "fan", "fan-in") + (("layers",) if places.full else ()):
        cold_figures, noop_figures = {}, {}
        for count in sizes:
            name = f"{count:,} steps"
            calls = []

            def again():
                calls.append(places.synthetic(shape, count, "in-process"))
                return run(calls[-1]).wall / count

            cold_figures |= contest([Contestant(name, again, 15)], 3)
            noop_figures |= contest([Contestant(name, lambda: run(calls[-1]).wall / count, 5)], 7)
        last = f"{sizes[-1]:,} steps"
        report.case(f"linear: {shape} in the runner, cold, per step", cold_figures, last, "linear.steps")
        report.case(f"linear: {shape}, no-op, per step", noop_figures, last, "linear.steps")

"""The case of the propensity workshop from nothing, beside the way of its notebooks."""

import csv
import json
import os

from timing import Absent, Call, Contestant, Figures, contest, run

ATELIER, NOTEBOOKS, ALL_CORES = "atelier", "notebooks' way", "notebooks' way, forests on all cores"


def notebooks(places, report):
    """Weeks 1 to 5 at full size: wall clock and CPU time of the same runs."""
    python = f"{places.notebooks_venv}/bin/python3"
    if not os.access(python, os.X_OK):
        raise Absent("needs scikit-learn and hyperopt: type make bench-setup")
    program = f"{places.root}/.bench/notebooks_way.py"
    spent = {ATELIER: [], NOTEBOOKS: [], ALL_CORES: []}
    said, projects = {}, []

    def atelier():
        call = places.propensity()
        projects.append(call)
        return measured(ATELIER, call)

    def peer(name, jobs):
        # Libraries of linear algebra would start threads that have nothing to do.
        call = Call([python, program, places.fresh("notebooks"), jobs], places.work,
                    {"OMP_NUM_THREADS": "1"}, timeout=3600)
        return measured(name, call)

    def measured(name, call):
        done = run(call, keep_output=True)
        spent[name].append(done.cpu)
        if name != ATELIER:
            said[name] = json.loads(next(
                line for line in done.output.splitlines() if line.startswith("{")))
        return done.wall

    rounds = 3 if places.full else 1
    walls = contest([
        Contestant(ATELIER, atelier, 600),
        Contestant(NOTEBOOKS, lambda: peer(NOTEBOOKS, "1"), 3600),
        Contestant(ALL_CORES, lambda: peer(ALL_CORES, "-1"), 3600),
    ], rounds)
    notes = [f"AUC on users never used: {name} {auc:.4f}" for name, auc in _aucs(projects, said)]
    notes += [f"{name}, seconds: " + ", ".join(f"{part} {value:.1f}" for part, value in one["seconds"].items())
              for name, one in said.items()]
    report.case("weeks 1 to 5 from nothing, beside the notebooks' way", walls, ATELIER, "notebooks.wall",
                notes=notes)
    cpu = {name: Figures(spent[name], one.problem) for name, one in walls.items()}
    report.case("the same runs, CPU time", cpu, ATELIER, "notebooks.cpu")
    if projects:
        places.remember_propensity(projects[-1])


def _aucs(projects, said):
    if projects:
        words = [projects[-1].words[0], "show", "week4.metrics.metrics", "--format", "csv"]
        shown = run(Call(words, projects[-1].folder), keep_output=True).output
        yield ATELIER, float(next(csv.DictReader(shown.splitlines()))["auc"])
    for name, one in said.items():
        yield name, one["unusedAuc"]

"""From a saved file to its printed result: SQL, Python and Swift in atelier, the same task in its peers.

The steps are built into a copy of the checkout, .tools/bench-checkout, which is kept: its first build takes
minutes. Every saved text is a new one, so that no result is found.
"""

import glob
import os
import re
import time

import edit_projects
import event_cases
from checkout import Checkout
from timing import Absent, Call, Contestant, Failed, Figures, contest, run

ROUNDS = 5
TASKS = ["daily", "frame", "model"]
BUDGET = 240


def edit(places, report):
    """A saved file of each language, by `atelier dev` and by commands, beside the bare program."""
    duckdb, ours, theirs = _prepared(places)
    query = edit_projects.DAY.format(events="'events.csv'") + " ORDER BY day;\n"
    report.case("a saved .sql over 1,063,452 events, to its rows", contest([
        *ours.contestants("sql"),
        Contestant("duckdb -c '.read daily.sql'", lambda: theirs.plain(
            [duckdb, "-c", ".read daily.sql"], "daily.sql", "--", query), BUDGET),
    ], ROUNDS), "atelier dev", "edit.sql")

    python = edit_projects.script("daily") + 'print(open("daily.csv").read())\n'
    report.case("a saved .py over 1,063,452 events, to its rows", contest([
        *ours.contestants("daily"),
        Contestant("python3 daily.py", lambda: theirs.plain(
            [theirs.python, "daily.py"], "daily.py", "#", python), BUDGET),
    ], ROUNDS), "atelier dev", "edit.python")

    # The first build of each kind is not one after an edit.
    ours.dev("swift")
    ours.make()
    report.case("a saved .swift over 1,063,452 events, built, to its rows", contest([
        Contestant("atelier dev", lambda: ours.dev("swift"), BUDGET),
        Contestant("make, atelier show", ours.make, BUDGET),
    ], ROUNDS), "atelier dev", "edit.swift")


def task(places, report):
    """The same three steps in atelier and its peers: what one writes, and from a save to the result."""
    _, ours, theirs = _prepared(places)
    for name, title in (("daily", "plain Python"), ("frame", "pandas"), ("model", "scikit-learn")):
        own = Contestant("atelier", lambda: ours.run(name), BUDGET)
        peers = [Contestant(peer, lambda peer=peer: theirs.run(peer, name), BUDGET) for peer in PEERS]
        figures = contest([own, *peers], ROUNDS)
        figures["{targets}"] = Figures(problem="not run: from its manual")
        report.case(f"the same step, {title}: from the save to the result", figures, "atelier",
                    notes=_sizes(name))


def _prepared(places):
    """DuckDB, and the projects of atelier and its peers beside one set of data."""
    duckdb = glob.glob(f"{places.root}/.tools/venv/lib/python3*/site-packages/duckdb_cli/duckdb")
    if not duckdb:
        raise Absent("no DuckDB: make setup")
    if not os.access(places.peers.task_python, os.X_OK):
        raise Absent("no Kedro, pandas and scikit-learn: make bench-setup")
    work = places.fresh("edit")
    first = _data(places, work)
    checkout = Checkout(places.root, edit_projects.atelier(["sql", *TASKS], swift=True))
    checkout.link(work, ["events.csv", "users.csv"])
    checkout.prepare()
    return duckdb[0], Ours(checkout, first), Theirs(places, work, first)


PEERS = {
    "dvc": (edit_projects.dvc, ["repro", "-q"], "{}", "{}.py"),
    "snakemake": (edit_projects.snakemake, ["-q", "all", "-c", "1"], "{}.csv", "{}.py"),
    "kedro": (edit_projects.kedro, ["run", "--to-outputs"], "{}", "src/event_counts/nodes.py"),
}


def _sizes(task):
    """Lines and files of a project of one step, and what that step adds to one that has another."""
    notes = ["lines / files that one writes; of a further step with an input of its own"]
    makers = {"atelier": edit_projects.atelier} | {name: entry[0] for name, entry in PEERS.items()}
    other = "model" if task != "model" else "daily"
    for name, maker in (makers | {"{targets}": edit_projects.targets}).items():
        alone, before, both = (edit_projects.size(maker(tasks)) for tasks in ([task], [other], [other, task]))
        notes.append(f"  {name}: {alone[1]} / {alone[0]}; {both[1] - before[1]} / {both[0] - before[0]}")
    return notes


def _data(places, folder):
    """Writes events.csv and users.csv; the first day and its count."""
    given = event_cases.simulated(places)
    event_cases.duckdb(places, f"""
        CREATE VIEW events AS FROM read_parquet([{given}]);
        COPY (SELECT _id AS id, strftime("timestamp", '%Y-%m-%dT%H:%M:%S.%fZ') AS "timestamp", eventType,
              _cmle.cmle_id AS "user" FROM events) TO '{folder}/events.csv' (FORMAT csv, HEADER);
        COPY (SELECT _cmle.cmle_id AS "user",
              count(*) FILTER (eventType LIKE 'directMarketing%') AS emails,
              count(*) FILTER (eventType LIKE 'web.%') AS visits,
              CAST(count(DISTINCT CAST("timestamp" AS DATE)) > 5 AS INTEGER) AS active
              FROM events GROUP BY ALL ORDER BY ALL) TO '{folder}/users.csv' (FORMAT csv, HEADER);
        COPY (SELECT CAST("timestamp" AS DATE) AS day, count(*) AS n FROM events
              GROUP BY day ORDER BY day LIMIT 1) TO '{folder}/first.csv' (FORMAT csv, HEADER false);
    """, folder)
    with open(f"{folder}/first.csv", encoding="utf-8") as file:
        return tuple(file.read().strip().split(","))


def _check(output, task, first):
    """Throws unless a printed result has what it must have."""
    expected = rf"{first[0]}\D+{first[1]}\b" if task != "model" else r"visits\W+[0-9.]+"
    if not re.search(expected, output):
        raise Failed(f"printed something else: {output.strip()[-100:]}")


def _save(path, mark, text):
    """Writes a text that never was: with a comment of its own."""
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"{mark} edit {time.time_ns()}\n{text}")


class Ours:
    """The steps of the workshop event-counts in the copy of the checkout."""

    def __init__(self, checkout, first):
        self._checkout = checkout
        self._first = first

    def contestants(self, task):
        return [
            Contestant("atelier dev", lambda: self.dev(task), BUDGET),
            Contestant("atelier run, atelier show", lambda: self.run(task), BUDGET),
        ]

    def _edit(self, task):
        """What saves an edit of a step's file."""
        scripts = "Workshops/EventCounts/Scripts"
        path = {"swift": "Steps/EventSteps/CountDays.swift", "sql": f"{scripts}/daily.sql"}.get(
            task, f"{scripts}/{task}.py")
        text = self._checkout.files[path]
        path = f"{self._checkout.folder}/{path}"
        if task != "swift":
            return lambda: _save(path, "--" if task == "sql" else "#", text)

        def save():
            # A comment would change nothing.
            edited = text.replace("GROUP BY day", f"WHERE {time.time_ns()} > 0 GROUP BY day")
            with open(path, "w", encoding="utf-8") as file:
                file.write(edited)
        return save

    def dev(self, task):
        """Seconds from a save to the rows that `atelier dev`, which waited for it, has printed."""
        seconds, output = self._checkout.dev(f"event-counts/days.{task}", self._edit(task))
        _check(output, task, self._first)
        return seconds

    def run(self, task):
        words = [self._checkout.atelier, "run", f"event-counts/days.{task}"]
        self._edit(task)()
        return self._timed(task, words)

    def make(self):
        self._edit("swift")()
        return self._timed("swift", ["/usr/bin/make", "-s", "event-counts/days.swift"])

    def _timed(self, task, words):
        folder = self._checkout.folder
        done = run(Call(words, folder), keep_output=True)
        # Then it is not shown: on a machine of others that happens.
        moved = re.search(r"changed while the step ran.*", done.output)
        if moved:
            raise Failed(moved[0])
        words = [self._checkout.atelier, "show", f"event-counts/days.{task}", "--limit", "10"]
        shown = run(Call(words, folder), keep_output=True)
        _check(shown.output, task, self._first)
        return done.wall + shown.wall


class Theirs:
    """Projects of the peers, and programs alone, beside the same data."""

    def __init__(self, places, data, first):
        self._places = places
        self._data = data
        self._first = first
        self._projects = {}
        self.python = places.peers.task_python
        self._variables = {
            "DVC_NO_ANALYTICS": "1", "DO_NOT_TRACK": "1",
            "PATH": f"{os.path.dirname(self.python)}:{os.environ.get('PATH', '/usr/bin:/bin')}",
        }

    def plain(self, words, name, mark, text):
        _save(f"{self._data}/{name}", mark, text)
        done = run(Call(words, self._data, self._variables), keep_output=True)
        _check(done.output, "daily", self._first)
        return done.wall

    def run(self, name, task):
        """Seconds from a save to the result that `cat` prints."""
        if name not in self._projects:
            self._projects[name] = self._project(name)
        folder = self._projects[name]
        maker, words, target, file = PEERS[name]
        kept = "daily" if name == "kedro" and task == "frame" else task
        path = file.format(kept)
        _save(f"{folder}/{path}", "#", maker(TASKS)[path])
        words = [self._places.program(name), *words, target.format(kept)]
        seconds = run(Call(words, folder, self._variables), keep_output=True).wall
        shown = run(Call(["/bin/cat", f"{kept}.csv"], folder), keep_output=True)
        _check(shown.output, task, self._first)
        return seconds + shown.wall

    def _project(self, name):
        folder = self._places.fresh(f"edit-{name}")
        for path, text in PEERS[name][0](TASKS).items():
            os.makedirs(os.path.dirname(f"{folder}/{path}"), exist_ok=True)
            with open(f"{folder}/{path}", "w", encoding="utf-8") as file:
                file.write(text)
        for data in ("events.csv", "users.csv"):
            os.symlink(f"{self._data}/{data}", f"{folder}/{data}")
        if name == "dvc":
            run(Call([self._places.program("dvc"), "init", "--no-scm", "-q"], folder, self._variables))
        return folder

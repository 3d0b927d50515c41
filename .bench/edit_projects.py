"""The same tasks as projects of atelier and its peers, one maker for each program. It runs nothing.

The tasks are steps of a project: `daily` counts the events of each day, `frame` does so with pandas, and
`model` fits a scikit-learn model. A maker gives the files that a user writes, {path: text}; of an atelier
checkout's Package.swift only the new lines. Files that a command writes, such as locks, are left out.
"""

import re

DAY = 'SELECT CAST("timestamp" AS DATE) AS day, count(*) AS events FROM {events} GROUP BY day'

# A script, with {read} and {write} for its input and its output.
SCRIPTS = {
    "daily": """
import csv
from collections import Counter

with open({read}, newline="") as file:
    days = Counter(row["timestamp"][:10] for row in csv.DictReader(file))
with open({write}, "w", newline="") as file:
    writer = csv.writer(file, lineterminator="\\n")
    writer.writerow(["day", "events"])
    writer.writerows(sorted(days.items()))
""",
    "frame": """
import pandas

events = pandas.read_csv({read})
days = events.groupby(events["timestamp"].str[:10].rename("day")).size().rename("events")
days.to_csv({write})
""",
    "model": """
import pandas
from sklearn.linear_model import LogisticRegression

users = pandas.read_csv({read})
names = ["emails", "visits"]
model = LogisticRegression().fit(users[names], users["active"])
weights = pandas.DataFrame({{"feature": names, "weight": model.coef_[0].round(6)}})
weights.to_csv({write}, index=False)
""",
}
INPUTS = {"daily": "events", "frame": "events", "model": "users"}

# The same as functions of tables, which is Kedro's form.
FUNCTIONS = {
    "daily": """
def daily(events):
    days = events.groupby(events["timestamp"].str[:10].rename("day")).size()
    return days.rename("events").reset_index()
""",
    "model": """
def model(users):
    names = ["emails", "visits"]
    fitted = LogisticRegression().fit(users[names], users["active"])
    return pandas.DataFrame({"feature": names, "weight": fitted.coef_[0].round(6)})
""",
}


def script(task, read=None, write=None):
    """A task's Python file, with its paths as Python expressions."""
    read = read or f'"{INPUTS[task]}.csv"'
    return SCRIPTS[task].lstrip().format(read=read, write=write or f'"{task}.csv"')


def atelier(tasks, swift=False):
    """A workshop with an SQL step for `sql` and a Python step for every other task."""
    inputs = sorted({INPUTS.get(task, "events") for task in tasks})
    sources = "\n".join(
        f'    let {name} = try p.source(\n      "days.{name}", path: settings.string("EventCounts", '
        f'"{name}"), as: CSVTable.self)' for name in inputs)
    lines, files = [], {}
    for task in tasks:
        name = INPUTS.get(task, "events")
        if task == "sql":
            lines.append('    p.sql("days.sql", "daily.sql", ["events": events], as: CSVTable.self, '
                         'orderedBy: ["day"])')
            files["Workshops/EventCounts/Scripts/daily.sql"] = DAY.format(events="events") + ";\n"
            continue
        lock = "" if task == "daily" else ', environment: "science.lock"'
        lines.append(f'    p.python("days.{task}", "{task}.py", ["{name}": {name}]{lock}, '
                     'as: CSVTable.self)')
        text = script(task, f'inputs["{name}"]', 'outputs["table"]')
        head, rest = text.split("\n\n", 1)
        files[f"Workshops/EventCounts/Scripts/{task}.py"] = (
            f"{head}\n\nfrom atelier import inputs, outputs\n\n{rest}")
        if lock:
            files["Workshops/EventCounts/Scripts/science.in"] = "pandas==3.1.1\nscikit-learn==1.9.1\n"
    package = 'workshop("EventCounts", []),\n'
    imports = ["Atelier", "AtelierStep", "LearningFormats", "ScriptSteps"]
    if swift:
        lines.append('    p.add("days.swift", CountDays(events: events))')
        package = 'workshop("EventCounts", ["EventSteps"]),\n'
        files["Package.swift, families"] = 'family("EventSteps", ["DuckDB", "LearningFormats"]),\n'
        files["Steps/EventSteps/CountDays.swift"] = SWIFT_STEP
        imports.append("EventSteps")
    settings = ",\n".join(
        f'    Setting("EventCounts", "{name}", default: "{name}.csv", "a CSV file")' for name in inputs)
    files["Package.swift, workshops"] = package
    files["Workshops/EventCounts/config.ini"] = "[EventCounts]\n" + "".join(
        f"{name} = {name}.csv\n" for name in inputs)
    files["Workshops/EventCounts/EventCounts.swift"] = "\n".join(
        [f"import {name}" for name in sorted(imports)] + [
            "",
            "public enum EventCountsWorkshop: Workshop {",
            '  public static let name = "event-counts"',
            '  public static let folder = "EventCounts"',
            '  public static let summary = "events of each day"',
            '  public static let stages = [Stage("days", "counts of days")]',
            "  public static let settings = [", settings, "  ]",
            "  public static func wire(_ p: inout PipelineBuilder, _ settings: Settings) throws {",
            sources, *lines, "  }", "}", ""])
    return files


SWIFT_STEP = """import AtelierStep
import DuckDB
import LearningFormats

/// Counts the events of each day.
public struct CountDays: Step {
  /// The events.
  public var events: Artifact<CSVTable>
  /// A row for each day.
  public var table = Output<CSVTable>()

  public var programs: [Program] { [.duckdb] }

  public func run(in context: StepContext) throws {
    let query =
      "SELECT CAST(\\"timestamp\\" AS DATE) AS day, count(*) AS events "
      + "FROM read_csv(getvariable('events')) GROUP BY day ORDER BY day"
    try DuckDB(in: context).run(
      "COPY (\\(query)) TO (getvariable('table')) (FORMAT csv, HEADER true)",
      with: [
        "events": .text(try context.path(events)), "table": .text(try context.path(table)),
      ])
  }
}
"""


def dvc(tasks):
    stages = "".join(
        f"  {task}:\n    cmd: python3 {task}.py\n    deps: [{task}.py, {INPUTS[task]}.csv]\n"
        f"    outs: [{task}.csv]\n" for task in tasks)
    return {"dvc.yaml": f"stages:\n{stages}"} | {f"{task}.py": script(task) for task in tasks}


def snakemake(tasks):
    rules = "\n".join(
        f'rule {task}:\n    input: "{task}.py", "{INPUTS[task]}.csv"\n    output: "{task}.csv"\n'
        f'    shell: "python3 {task}.py"\n' for task in tasks)
    return {"Snakefile": rules} | {f"{task}.py": script(task) for task in tasks}


def kedro(tasks):
    """A project of the files that `kedro run` needs; tables go through its catalog to pandas."""
    # Its daily count is one with pandas.
    tasks = list(dict.fromkeys("daily" if task == "frame" else task for task in tasks))
    names = sorted({INPUTS[task] for task in tasks} | set(tasks))
    catalog = "".join(f"{name}:\n  type: pandas.CSVDataset\n  filepath: {name}.csv\n"
                      + ("  save_args:\n    index: false\n" if name in tasks else "") for name in names)
    nodes = "".join(f'        Node({task}, inputs="{INPUTS[task]}", outputs="{task}"),\n' for task in tasks)
    imports = "import pandas\nfrom sklearn.linear_model import LogisticRegression\n\n"
    return {
        "pyproject.toml": '[tool.kedro]\npackage_name = "event_counts"\nproject_name = "event-counts"\n'
                          'kedro_init_version = "1.7.0"\n',
        "conf/base/catalog.yml": catalog,
        "conf/local/.gitkeep": "",
        "src/event_counts/__init__.py": "",
        "src/event_counts/nodes.py": (imports if "model" in tasks else "") + "\n\n".join(FUNCTIONS[task].lstrip() for task in tasks),
        "src/event_counts/pipeline_registry.py":
            f"from kedro.pipeline import Node, Pipeline\n\nfrom .nodes import {', '.join(tasks)}\n\n\n"
            "def register_pipelines():\n    return {\"__default__\": Pipeline([\n" + nodes + "    ])}\n",
        "src/event_counts/settings.py": "",
    }


def targets(tasks):
    """From the manual of {targets} for R; it is never run here."""
    lines = {
        "daily": '  tar_target(days, count(read_csv(events), day = as.Date(timestamp)))',
        "model": '  tar_target(fit, glm(active ~ emails + visits, binomial, read_csv(users)))',
    }
    files = sorted({INPUTS[task] for task in tasks})
    entries = [f'  tar_target({name}, "{name}.csv", format = "file")' for name in files]
    entries += [lines["daily" if task == "frame" else task] for task in tasks]
    return {"_targets.R": 'library(targets)\ntar_option_set(packages = c("readr", "dplyr"))\nlist(\n'
            + ",\n".join(entries) + "\n)\n"}


def size(files):
    """How many files, and how many lines that are neither empty nor a comment."""
    paths = {path.split(",")[0] for path in files}
    lines = (line for text in files.values() for line in text.splitlines())
    return len(paths), sum(1 for line in lines if line.strip() and not re.match(r"\s*(//|#|--)", line))

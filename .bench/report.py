"""Tables for people and one JSON file for programs. It measures nothing."""

import json
import os
import platform
import time

from goals import GOALS


def in_unit(value, unit):
    """A figure with three digits, in a unit that suits it."""
    if value is None:
        return "-"
    if unit == "s":
        for factor, name in ((1, "s"), (1e3, "ms"), (1e6, "us")):
            if abs(value) * factor >= 1 or name == "us":
                return f"{_digits(value * factor)} {name}"
    if unit == "B":
        return f"{_digits(value / 1e6)} MB"
    if unit == "B/s":
        return f"{_digits(value / 1e9)} GB/s"
    return f"{_digits(value)} {unit}"


def _digits(value):
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


class Report:
    """Collects rows, prints a case's rows as a table when the case is over."""

    COLUMNS = ["", "median", "min .. max", "n", "ours/this", "goal", "verdict"]

    def __init__(self):
        self.cases = []
        self.missed = []
        self.met = 0
        self.skipped = []

    def case(self, title, figures, own=None, goal=None, unit="s", notes=()):
        """Adds a table of contestants; `own` is the one that the goal is for."""
        mine = figures[own].median if own else None
        rows = []
        for name, one in figures.items():
            row = {"name": name, "unit": unit, "median": one.median, "n": len(one.values),
                   "problem": one.problem, "note": one.note}
            if one.values:
                row |= {"min": min(one.values), "max": max(one.values), "values": one.values}
            if mine and one.median and name != own:
                row["ratio"] = mine / one.median
            if name == own and goal:
                row |= self._judge(title, goal, one, figures, unit)
            rows.append(row)
        case = {"title": title, "rows": rows, "notes": list(notes), "load": os.getloadavg()[0]}
        self.cases.append(case)
        self._print(case)

    def broken(self, name, reason):
        """Says that a case ended early; it counts as missed."""
        self.missed.append((f"case {name}", "broken off", reason))
        print(f"\n== {name}: broken off: {reason}", flush=True)

    def absent(self, name, reason):
        """Says that a case could not begin; it counts neither way."""
        self.skipped.append((name, reason))
        print(f"\n== {name}: skipped: {reason}", flush=True)

    def _judge(self, title, name, one, figures, unit):
        goal = GOALS[name]
        sign = ">=" if goal.at_least else "<="
        if goal.against:
            text = f"{sign} {goal.limit:g}x {' and '.join(goal.rivals)}"
            medians = [figures[name].median for name in goal.rivals if name in figures]
            reference = min((median for median in medians if median), default=None)
            if one.median and not reference:
                return {"goal": text, "verdict": f"no {' nor '.join(goal.rivals)}"}
        else:
            text = f"{sign} {in_unit(goal.limit, unit)}"
            reference = None
        if not one.median:
            self.missed.append((title, text, one.problem or "no figure"))
            return {"goal": text, "verdict": "MISSED"}
        if goal.is_met(one.median, reference):
            self.met += 1
            return {"goal": text, "verdict": "met"}
        shown = f"{goal.value(one.median, reference):.2f}x" if reference else in_unit(one.median, unit)
        self.missed.append((title, f"{shown}, goal {text}", goal.why))
        return {"goal": text, "verdict": "MISSED"}

    def _print(self, case):
        lines = [self.COLUMNS]
        for row in case["rows"]:
            unit = row["unit"]
            if row["problem"]:
                lines.append([row["name"], row["problem"], "", "", "", row.get("goal", ""), row.get("verdict", "")])
                continue
            spread = f"{in_unit(row['min'], unit)} .. {in_unit(row['max'], unit)}" if row["n"] > 1 else ""
            ratio = f"{row['ratio']:.3g}" if "ratio" in row else ""
            lines.append([row["name"], in_unit(row["median"], unit), spread, str(row["n"]), ratio,
                          row.get("goal", ""), row.get("verdict", "")])
        # What cannot be shown in figures takes the rest of its line.
        figures = [line for line in lines if line[3] or line is lines[0]]
        widths = [max(len(line[0]) for line in lines)]
        widths += [max(len(line[i]) for line in figures) for i in range(1, 7)]
        print(f"\n== {case['title']}")
        for line in lines:
            if line[3] or line is lines[0]:
                cells = [line[0].ljust(widths[0])]
                cells += [line[i].rjust(widths[i]) if i < 5 else line[i].ljust(widths[i]) for i in range(1, 7)]
            else:
                cells = [line[0].ljust(widths[0])] + [cell for cell in line[1:] if cell]
            print("   " + "  ".join(cells).rstrip())
        for note in case["notes"]:
            print(f"   {note}")
        print(end="", flush=True)

    def summary(self):
        print(f"\n== {self.met} goals met, {len(self.missed)} missed")
        for name, reason in self.skipped:
            print(f"   skipped {name}: {reason}")
        for title, figure, why in self.missed:
            print(f"   MISSED  {title}: {figure}\n           {why}")

    def save(self, folder, machine):
        os.makedirs(folder, exist_ok=True)
        path = f"{folder}/{time.strftime('%Y%m%dT%H%M%S')}.json"
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"v": 1, "machine": machine, "cases": self.cases,
                       "missed": [list(entry) for entry in self.missed]}, file, indent=1)
        return path


def machine(folder):
    """What the figures depend on besides the programs."""
    model = platform.processor() or "?"
    try:
        with open("/proc/cpuinfo") as file:
            model = next((l.split(":")[1].strip() for l in file if l.startswith("model name")), model)
    except OSError:
        pass
    return {"processor": model, "cores": os.cpu_count(), "kernel": f"{platform.system()} {platform.release()}",
            "filesystem": _filesystem(folder), "load": os.getloadavg()[0]}


def _filesystem(folder):
    best = ("", "?")
    try:
        with open("/proc/mounts") as file:
            for line in file:
                mount, kind = line.split()[1:3]
                if (os.path.realpath(folder) + "/").startswith(mount.rstrip("/") + "/") and len(mount) >= len(best[0]):
                    best = (mount, kind)
    except OSError:
        pass
    return best[1]

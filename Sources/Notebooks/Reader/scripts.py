"""Writes the script of one step from the statements of its sections. It decides nothing."""
import re

import files
import kinds

MARK = re.compile("\0([rwf])([^\0]*)\0")

SAVE_FIGURES = '''
def _save_figures():
    """Saves the open figures and closes them, as a notebook does after a cell."""
    for number in _pyplot.get_fignums():
        _save_figures.count += 1
        _pyplot.figure(number).savefig(
            f"{atelier.outputs['figures']}/{_save_figures.count:02}.png", metadata={"Software": None})
    _pyplot.close("all")


_save_figures.count = 0
'''


class Script:
    """The text of a step's Python file."""

    def __init__(self, flow, step):
        self.flow, self.step = flow, step
        self.emitted = set()
        self.future, self.head, self.body = [], [], []

    def text(self, notebook):
        step = self.step
        for index in step.sections:
            self.section(index)
        titles = " and ".join(f'"{self.flow.sections[index].title}"' for index in step.sections)
        helpers = ["import atelier"]
        flows = [kind for _, kind in step.inputs.values()] + [kind for kind in step.values.values()]
        if kinds.PLAIN in flows:
            helpers += ["import json as _json", "from pathlib import Path as _Path"]
        if kinds.FRAME in flows or kinds.SERIES in flows:
            helpers += ["import pandas as _pandas"]
        if step.has_figures:
            helpers += ["import matplotlib as _matplotlib", "", '_matplotlib.use("Agg")',
                        "from matplotlib import pyplot as _pyplot"]
        if step.prints:
            helpers += ["", '_printed = open(atelier.outputs["printed"], "w", buffering=1, encoding="utf-8")',
                        "_print = print", "", "", "def print(*values, **options):",
                        '    _print(*values, **{"file": _printed, **options})', ""]
        lines = [f"# {titles} of {notebook}, by atelier new import."]
        lines += self.future + helpers + self.head
        if step.has_figures:
            lines += ["", "", SAVE_FIGURES.strip("\n"), "", ""]
        lines += self.body
        for name, kind in step.values.items():
            lines += ["", *self.saving(name, kind)]
        kept = []
        for text in lines:
            if text or kept[-2:] != ["", ""]:
                kept.append(text)
        return "\n".join(kept).rstrip() + "\n"

    def section(self, index):
        section = self.flow.sections[index]
        for one in sorted(section.definitions, key=self.place):
            if one.is_import:
                self.add(one, self.head)
        for one, modules in self.flow.known.settings:
            earlier = one.cell.number < section.cells[0].number
            used = {whole for other in section.definitions for _, whole, _ in other.names.imported}
            if one.is_import and one.cell.number <= section.cells[-1].number or earlier:
                if any(whole == module or whole.startswith(module + ".") or module.startswith(whole + ".")
                       for whole in used for module in modules):
                    for needed in self.flow.known.needs.get(one, ()):
                        self.add(needed, self.head if needed.is_import else self.body)
                    self.add(one, self.head if one.is_import else self.body)
        for one in sorted(section.definitions, key=self.place):
            if not one.is_import:
                self.body += ["", ""] if one.is_function else []
                self.add(one, self.body)
                self.body += ["", ""] if one.is_function else []
        for name, (maker, kind) in self.step.loads.get(index, {}).items():
            self.body += ["", *self.loading(name, kind, self.step.keys[(index, name)])]
        cell, plotted = None, False
        for one in section.body:
            if one.cell is not cell:
                self.close(cell, plotted)
                cell, plotted = one.cell, False
                self.body += ["", f"# Cell {cell.number}"]
            plotted = plotted or one.plots
            self.add(one, self.body)
        self.close(cell, plotted)

    def close(self, cell, plotted):
        if cell is not None and plotted and self.step.has_figures:
            self.body.append("_save_figures()")

    @staticmethod
    def place(one):
        return one.cell.number, one.start

    def add(self, one, lines):
        if one in self.emitted:
            return
        self.emitted.add(one)
        text = MARK.sub(self.path, one.text(one.lines, printing=True))
        if self.step.has_figures:
            text = re.sub(r"(?m)^(\s*)(?:plt|pyplot|pylab)\.show\(.*?\);?[ \t]*$", r"\1_save_figures()", text)
        is_future = one.is_import and text.lstrip().startswith("from __future__")
        (self.future if is_future else lines).append(text)

    def path(self, match):
        kind, path = match.groups()
        if kind == "f":
            return f'(atelier.outputs["figures"] + "/{path}")'
        key = self.step.files.get((kind, path))
        return f'atelier.{"outputs" if key[0] == "output" else "inputs"}["{key[1]}"]'

    @staticmethod
    def loading(name, kind, key):
        path = f'atelier.inputs["{key}"]'
        if kind == kinds.FRAME:
            return [f"{name} = _pandas.read_parquet({path})"]
        if kind == kinds.SERIES:
            return [f"{name} = _pandas.read_parquet({path}).iloc[:, 0]",
                    f'{name}.name = None if {name}.name == "(no name)" else {name}.name']
        if kind == kinds.PLAIN:
            return [f'{name} = _json.loads(_Path({path}).read_text(encoding="utf-8"))']
        return []

    def saving(self, name, kind):
        path = f'atelier.outputs["{self.step.outputs[name]}"]'
        if kind == kinds.FRAME:
            return [f"{name}.to_parquet({path})"]
        if kind == kinds.SERIES:
            return [f'{name}.to_frame("(no name)" if {name}.name is None else {name}.name)'
                    f".to_parquet({path})"]
        if kind == kinds.PLAIN:
            return [f"_Path({path}).write_text(",
                    f'    _json.dumps({name}, default=lambda value: value.item()), encoding="utf-8")']
        return []

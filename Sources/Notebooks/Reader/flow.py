"""Walks a notebook from top to bottom: which section makes, changes and needs each name. It writes no
script."""
import ast
import os

import changes
import files
import kinds
import known
import magics
import names
import statements

PLOTTING = ("matplotlib", "seaborn", "mpl_toolkits", "pylab")
PLOT_METHODS = {"plot", "hist", "boxplot", "plot_partial_effects_on_outcome", "plot_survival_function",
                "scatter", "bar", "barh", "pie", "kde"}
OURS = {"display"}
#: The kind of what has two names and is changed by one of them.
SHARED = "shared"
#: The kind of a file to which several sections append.
APPENDED = "appended"


class Flow:
    """What the sections of one notebook make and need."""

    def __init__(self, sections, notes, folder):
        self.sections, self.notes, self.folder = sections, notes, folder
        self.seeds = []
        #: The cell that made or changed a name last.
        self.makers = {}
        #: (reader, name) -> (maker's section, kind).
        self.flows = {}
        self.refused = {}
        self.cells = {}
        self.written = {}
        self.aliases = {}
        self.lost_names = {}
        self.shown = 0
        for section in sections:
            section.body, section.definitions, section.sources = [], [], {}
            section.outputs, section.affected = {}, set()
        parsed = [[self.parsed(cell) for cell in section.cells] for section in sections]
        self.known = known.Known(
            folder, [one for section in parsed for _, found in section for one in found])
        for index, section in enumerate(parsed):
            code = [one for _, found in section for one in found
                    if not one.is_import and not one.is_function and not one.is_literal]
            sections[index].only_shows = all(self.is_shown(one) for one in code)
            for cell, found in section:
                self.cell(index, cell, found)

    def parsed(self, cell):
        plain = magics.Plain(cell, self.notes, self.seeds)
        found, lines = statements.split(plain)
        for one in found:
            one.lines = lines
        self.cells[cell.number] = cell
        self.lost_names[cell.number] = plain.lost
        return cell, found

    def cell(self, index, cell, found):
        for name in self.lost_names[cell.number]:
            self.known.latest[name] = ("lost", cell.number)
        code, own = [], set()
        reasons = []
        for one in found:
            if self.known.is_definition(one):
                problem = self.known.define(one)
                if problem:
                    reasons.append(problem)
            elif self.is_shown(one):
                if self.sections[index].only_shows:
                    code.append(one)
                else:
                    self.shown += 1
            else:
                one.is_setting = self.known.is_setting(one)
                code.append(one)
        for one in code:
            reasons += self.problems(one, own)
            own |= one.names.writes | one.names.maybe | {
                "file " + os.path.normpath(use.path) for use in one.writes_files}
        if reasons:
            for sentence, advice in reasons:
                self.notes.add(cell, "refused", sentence, advice)
            self.refused[cell.number] = True
            for name in own:
                self.known.latest[name] = ("lost", cell.number)
            return
        for one in code:
            self.statement(index, one)
        # The notebook's own result tells what no parser can.
        name = found[-1].shown_name if found and cell.shows_table else None
        if name in self.known.kinds.names:
            self.known.kinds.names[name] = self.known.kinds.names[name] or kinds.FRAME

    def is_shown(self, one):
        return one.display is not None and not any(
            isinstance(node, ast.Attribute) and node.attr in PLOT_METHODS for node in ast.walk(one.node))

    def problems(self, one, own):
        """Why a statement cannot be part of a step: (sentence, advice)."""
        tree = one.node
        one.reads_files, one.writes_files, found = files.uses(
            tree, self.known.constants, self.known.kinds.dotted, self.folder)
        for name in sorted(self.known.closure(self.known.needed(one) - own)):
            maker = self.known.latest.get(name)
            if maker and maker[0] == "lost":
                found.append((f"it needs {name}, which cell {maker[1]} does not make any more", ""))
            elif maker and maker[0] == "definition":
                if maker[1].is_function:
                    maker[1].reads_files, maker[1].writes_files, inner = files.uses(
                        maker[1].node, self.known.constants, self.known.kinds.dotted, self.folder)
                    found += [(f"{name}: {sentence}", advice) for sentence, advice in inner]
            elif not maker and name not in own and name not in names.BUILTIN | OURS:
                found.append(self.unknown(name))
        for use in one.reads_files:
            maker = self.known.latest.get("file " + os.path.normpath(use.path))
            if maker and maker[0] == "lost":
                found.append((f"it needs {use.path}, which cell {maker[1]} does not make any more", ""))
        for use in one.writes_files:
            path = os.path.normpath(use.path)
            if use.appends and path not in self.written and "file " + path not in own \
                    and os.path.isfile(os.path.join(self.folder, path)):
                found.append((f"it changes {use.path}, which is there before the notebook runs",
                              "read it, and write a file of another name"))
        if any((self.known.modules.get(name) or "").startswith(("ipywidgets", "IPython.html"))
               for name in one.names.reads):
            found.append(("it shows a widget", "make what it chooses a parameter of the step"))
        return found

    def unknown(self, name):
        """What is wrong with a name that nothing above makes: (sentence, advice)."""
        if not self.known.stars:
            return f"it uses {name}, which no cell above makes", "import or make it in a cell above"
        module, cell = list(self.known.stars.items())[-1]
        return (f"it uses {name}, which `from {module} import *` in cell {cell} may bring",
                f"import it by its name: `from {module} import {name}`")

    def statement(self, index, one):
        section = self.sections[index]
        modules = set()
        for name in sorted(self.known.closure(self.known.needed(one))):
            kind, maker = self.known.latest.get(name, ("", None))
            if kind == "definition":
                if maker not in section.definitions:
                    section.definitions.append(maker)
                    if maker.is_function:
                        self.file_edits(index, maker)
                modules |= {whole for _, whole, _ in maker.names.imported}
            elif kind == "section" and maker != index:
                self.flows.setdefault(
                    (index, name), (maker, self.known.kinds.names.get(name), self.makers.get(name)))
        one.plots = one.plots or not one.is_setting and any(whole.startswith(PLOTTING) for whole in modules) or any(
            self.draws(node) for node in ast.walk(one.node))
        one.modules = modules
        section.body.append(one)
        self.join_aliases(index, one)
        affected = self.affected(one)
        section.affected |= affected
        for name in affected:
            self.known.latest[name] = ("section", index)
            self.makers[name] = one.cell
        self.known.kinds.learn(one.node)
        self.file_edits(index, one)

    def draws(self, node):
        """Whether an expression is a call that, by its name, draws a figure."""
        if not isinstance(node, ast.Call):
            return False
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        return name.startswith("plot") or name.endswith("plot") or name in PLOT_METHODS \
            and isinstance(node.func, ast.Attribute) and self.known.kinds.of(node.func.value) is not None

    def join_aliases(self, index, one):
        """What changes under one of two names cannot come from another step, where it would be two."""
        for name in one.names.changes | self.known.changed_by_calls(one):
            group = self.aliases.get(name, {name})
            for other in group if len(group) > 1 else ():
                kind, maker = self.known.latest.get(other, ("", None))
                if kind == "section" and maker != index:
                    self.flows[(index, other)] = (maker, SHARED, self.makers.get(other))

    def affected(self, one):
        """The names that have another value afterwards, those that share an object included."""
        changed = one.names.changes | self.known.changed_by_calls(one)
        for name in set(changed):
            changed |= self.aliases.get(name, set())
        changed = {name for name in changed if self.known.latest.get(name, ("",))[0] != "definition"
                   or name in self.known.kinds.names}
        for name in one.names.writes | one.names.maybe:
            self.aliases.pop(name, set()).discard(name)
        for group in changes.shared(one.node):
            group = group.union(*(self.aliases.get(name, ()) for name in group))
            self.aliases.update((name, group) for name in group)
        return changed | one.names.writes | one.names.maybe

    def file_edits(self, index, one):
        """Gives the files of a statement to its section; in its text stand marks for their paths."""
        section = self.sections[index]
        for use in one.reads_files:
            path = os.path.normpath(use.path)
            if self.written.get(path, index) != index:
                self.flows.setdefault(
                    (index, "file " + path), (self.written[path], files.FILE, one.cell))
            elif path not in self.written:
                section.sources[path] = use.address
                if use.address:
                    self.notes.add(
                        one.cell, "changed", f"it reads {use.address}, and a step has no network",
                        f"download it once to {path} in the folder of the data")
            self.edit(one, use, "r" + path)
        for use in one.writes_files:
            path = os.path.normpath(use.path)
            if use.is_figure:
                one.plots = True
                self.edit(one, use, "f" + os.path.basename(path))
                continue
            if use.appends and self.written.get(path, index) != index:
                self.flows[(index, "file " + path)] = (self.written[path], APPENDED, one.cell)
            self.written[path] = index
            self.known.latest.pop("file " + path, None)
            section.outputs[path] = one.cell
            self.edit(one, use, "w" + path)

    @staticmethod
    def edit(one, use, mark):
        edit = use.replaced(f"\0{mark}\0")
        if edit not in one.edits:
            one.edits.append(edit)

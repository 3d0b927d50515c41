"""Makes steps of groups of sections: their names, inputs, outputs and requirements."""
import heapq
import os
import re
import unicodedata

import files
import kinds
import packages
import scripts

RESERVED = {"script", "environment", "lock", "threads", "outputs", "figures", "printed"}


def plain(text, joint):
    """A text as a name of lower-case letters, digits and a joint; it may be empty."""
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", joint, text).strip(joint)


def unique(name, taken):
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}{number}"
    taken.add(found)
    return found


def key(name):
    """A name as inputs and outputs have it: ASCII, beginning with a letter."""
    text = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    text = re.sub(r"[^A-Za-z0-9_]+", "_", text).strip("_")
    return text if text[:1].isalpha() else "x" + text


class Step:
    """One step: the sections that it has, and what flows in and out."""

    def __init__(self, sections, title):
        self.sections, self.title = sections, title
        #: Key of an input -> (step's index or source's key, kind or file).
        self.inputs = {}
        #: Names of the notebook, or files as `file PATH` -> key of the output.
        self.outputs = {}
        #: Names that flow on -> kind, in their order.
        self.values = {}
        #: Section -> name -> (maker, kind), and (section, name) -> input's key.
        self.loads, self.keys = {}, {}
        #: ("r" or "w", path) -> ("input" or "output", key).
        self.files = {}
        self.has_figures = self.prints = False


class Steps:
    """The steps of a notebook in an order in which each follows what it needs."""

    def __init__(self, flow, groups, notebook):
        self.flow, self.notebook = flow, notebook
        self.groups = groups.all()
        self.of = {index: number for number, group in enumerate(self.groups) for index in group}
        self.steps = [Step(group, flow.sections[group[0]].title) for group in self.groups]
        self.sources, self.addresses, self.taken = {}, {}, set(RESERVED)
        #: The flows in their order, by the section that makes the name and by the one that needs it.
        self.made, self.needed = {}, {}
        for (reader, name), (maker, kind, _) in sorted(flow.flows.items(), key=lambda one: one[0]):
            self.made.setdefault(maker, []).append((reader, name, kind))
            self.needed.setdefault(reader, []).append((name, maker, kind))
        for step in self.steps:
            self.outputs(step)
        for number, step in enumerate(self.steps):
            self.inputs(number, step)
        self.name()

    def outputs(self, step):
        taken = set(RESERVED)
        own = set(step.sections)
        for reader, name, kind in sorted(
                (flow for index in step.sections for flow in self.made.get(index, ())),
                key=lambda one: one[:2]):
            if reader in self.of and reader not in own and not name.startswith("file ") \
                    and name not in step.outputs:
                step.outputs[name] = unique(key(name), taken)
                step.values[name] = kind
        for index in step.sections:
            for path in self.flow.sections[index].outputs:
                if "file " + path not in step.outputs:
                    step.outputs["file " + path] = unique(
                        key(os.path.splitext(os.path.basename(path))[0]), taken)
                step.files[("w", path)] = step.files[("r", path)] = (
                    "output", step.outputs["file " + path])
        step.has_figures = any(one.plots for index in step.sections
                               for one in self.flow.sections[index].body)
        step.prints = not step.outputs and not step.has_figures

    def inputs(self, number, step):
        taken, known = set(RESERVED) | set(step.outputs.values()), {}
        own = set(step.sections)
        for index in step.sections:
            for name, maker, kind in self.needed.get(index, ()):
                if maker in own or maker not in self.of:
                    continue
                maker_step = self.of[maker]
                output = self.steps[maker_step].outputs[name]
                if (maker_step, output) not in known:
                    known[(maker_step, output)] = unique(output, taken)
                    step.inputs[known[(maker_step, output)]] = ((maker_step, output), kind)
                if name.startswith("file "):
                    step.files[("r", name[len("file "):])] = ("input", known[(maker_step, output)])
                else:
                    step.loads.setdefault(index, {})[name] = (maker, kind)
                    step.keys[(index, name)] = known[(maker_step, output)]
            for path, address in self.flow.sections[index].sources.items():
                self.addresses[path] = self.addresses.get(path) or address
                source = self.source(path)
                if source not in known:
                    known[source] = unique(source, taken)
                    step.inputs[known[source]] = (source, files.FILE)
                step.files[("r", path)] = ("input", known[source])

    def source(self, path):
        if path not in self.sources:
            self.sources[path] = unique(
                key(os.path.splitext(os.path.basename(path))[0]).lower(), self.taken)
        return self.sources[path]

    def name(self):
        taken = {source.replace("_", "-") + "-file" for source in self.sources.values()}
        for number, step in enumerate(self.steps):
            base = self.short(plain(re.sub(r"^[\W\d_]*(?=[^\W\d_])", "", step.title), "-"))
            step.name = unique(base or f"section-{number + 1}", taken)

    @staticmethod
    def short(name):
        """As many whole words as 30 characters hold."""
        while len(name) > 30 and "-" in name:
            name = name.rsplit("-", 1)[0]
        return name[:30]

    def order(self):
        """The indices of the steps, each after those that it needs."""
        waits, readers = {}, {}
        for number, step in enumerate(self.steps):
            needs = {source[0] for source, _ in step.inputs.values() if isinstance(source, tuple)}
            waits[number] = len(needs)
            for maker in needs:
                readers.setdefault(maker, []).append(number)
        ready = [number for number, count in waits.items() if count == 0]
        found = []
        while ready:
            number = heapq.heappop(ready)
            found.append(number)
            for reader in readers.get(number, ()):
                waits[reader] -= 1
                if waits[reader] == 0:
                    heapq.heappush(ready, reader)
        if len(found) < len(self.steps):
            raise AssertionError("steps need each other in a circle")
        return found

    def requirements(self):
        """What the environment must have: installs of the notebook, and the packages of imports."""
        found = {}
        for requirement in self.flow.seeds:
            found.setdefault(packages.name(requirement), requirement)
        modules, flows = set(), set()
        for step in self.steps:
            for index in step.sections:
                for one in self.flow.sections[index].definitions:
                    modules |= {module for _, _, module in one.names.imported}
            flows |= set(step.values.values())
        if flows & {kinds.FRAME, kinds.SERIES}:
            modules |= {"pandas", "pyarrow"}
        if any(step.has_figures for step in self.steps):
            modules.add("matplotlib")
        if any(path.endswith((".xlsx", ".xlsm")) for path in self.sources):
            modules.add("openpyxl")
        for module in sorted(modules):
            package = packages.distribution(module)
            if package:
                found.setdefault(packages.name(package), package)
        return [found[name] for name in sorted(found)]

    def plan(self):
        """Everything as JSON has it."""
        return {
            "steps": [self.described(number) for number in self.order()],
            "sources": [
                {"key": source, "path": path, "address": self.addresses.get(path) or "",
                 "exists": os.path.isfile(os.path.join(self.flow.folder, path))}
                for path, source in self.sources.items()],
            "requirements": self.requirements(),
        }

    def described(self, number):
        step = self.steps[number]
        outputs = [{"key": step.outputs[name], "kind": kind} for name, kind in step.values.items()]
        outputs += [{"key": output, "kind": files.FILE, "path": name[len("file "):]}
                    for name, output in step.outputs.items() if name.startswith("file ")]
        if step.has_figures:
            outputs.append({"key": "figures", "kind": "figures"})
        if step.prints:
            outputs.append({"key": "printed", "kind": "printed"})
        inputs = [
            {"key": name, "source": source} if isinstance(source, str) else
            {"key": name, "step": self.steps[source[0]].name, "output": source[1]}
            for name, (source, _) in step.inputs.items()]
        return {
            "name": step.name, "file": step.name.replace("-", "_") + ".py", "inputs": inputs,
            "outputs": outputs, "titles": [self.flow.sections[index].title for index in step.sections],
            "text": scripts.Script(self.flow, step).text(self.notebook),
        }

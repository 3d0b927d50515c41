"""What the names of a notebook mean at some moment of its run: modules, functions, constants, or values
of a section. It knows no section's code."""
import ast
import os

import changes
import files
import names
import packages
import values

#: Members of modules that set how later cells behave; what calls them is repeated where it counts.
SETTINGS = ("seaborn.set", "matplotlib.pyplot.style.", "matplotlib.pyplot.rc", "matplotlib.rc",
            "matplotlib.style.", "pandas.set_option", "pandas.options.", "pandas.plotting.register",
            "numpy.set_printoptions", "numpy.seterr", "warnings.", "numpy.random.seed", "random.seed",
            "tensorflow.random.set_seed", "torch.manual_seed", "tensorflow.keras.utils.set_random_seed",
            "keras.utils.set_random_seed", "sklearn.set_config", "logging.", "arviz.style.", "locale.")
#: Calls that give the same each time, so that a constant may be made by them.
PURE = {"re.compile", "pathlib.Path", "pathlib.PurePath", "os.path.join", "datetime.date",
        "datetime.datetime", "datetime.timedelta", "range", "tuple", "frozenset", "pandas.Timestamp"}


class Known:
    """The meaning of each name so far, with what is known of the whole notebook beforehand."""

    def __init__(self, folder, statements):
        self.folder = folder
        self.modules, self.constants = {}, {}
        self.kinds = values.Values(self.modules)
        #: The newest maker of each name: ("definition", statement), ("section", index) or ("lost", cell).
        self.latest = {}
        #: Statements that set how later cells behave, with the modules that they concern, and what each
        #: of them needs.
        self.settings, self.needs = [], {}
        self.writers, self.used, self.changed = {}, set(), set()
        #: Modules of which all names were imported, and the cell that did.
        self.stars = {}
        self.changes = changes.Changes(statements)
        for one in statements:
            self.used |= one.names.reads
            self.changed |= one.names.changes | self.changed_by_calls(one)
            # Two names for one object: changes of the one are changes of the other.
            self.changed |= set().union(*changes.shared(one.node))
            for name in one.names.writes | one.names.maybe:
                self.writers[name] = self.writers.get(name, 0) + 1
            for alias, whole, _ in one.names.imported:
                self.modules.setdefault(alias, whole)

    def changed_by_calls(self, one):
        """The names that functions of the notebook change which a statement calls."""
        return self.changes.by_calls(one.names.calls) if not one.is_function else set()

    def is_made(self, name):
        """Whether a name is a definition now."""
        return self.latest.get(name, ("",))[0] == "definition"

    def is_definition(self, one):
        if one.is_import:
            return True
        if one.is_function:
            return all(name in names.BUILTIN or self.is_made(name) for name in one.immediate)
        name = one.target
        return name is not None and self.writers[name] == 1 and name not in self.changed \
            and len(one.text(one.lines)) < 4000 and self.is_constant(one.node.value)

    def is_constant(self, node):
        """Whether an expression has the same value wherever it is computed."""
        if isinstance(node, ast.Lambda):
            return all(self.is_constant(part) for part in node.args.defaults)
        if isinstance(node, ast.Constant):
            return True
        if isinstance(node, ast.Name):
            return self.is_made(node.id) and self.latest[node.id][1].target == node.id
        if isinstance(node, ast.Call):
            whole = self.kinds.dotted(node.func) or getattr(node.func, "id", "")
            return whole in PURE and all(self.is_constant(part) for part in node.args) \
                and all(self.is_constant(word.value) for word in node.keywords)
        if isinstance(node, ast.Attribute):
            whole = self.kinds.dotted(node) or ""
            return whole in ("math.pi", "math.e", "numpy.pi", "numpy.nan", "re.IGNORECASE")
        parts = [part for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)]
        return isinstance(node, (ast.List, ast.Tuple, ast.Dict, ast.Set, ast.BinOp, ast.UnaryOp,
                                 ast.JoinedStr, ast.FormattedValue)) \
            and all(self.is_constant(part) for part in parts)

    def define(self, one):
        """Takes a definition in; gives what is wrong with it: (sentence, advice)."""
        for alias, _, module in one.names.imported:
            if alias == "*":
                self.stars[module] = one.cell.number
                return (f"`from {module} import *` hides which names come from where",
                        f"import the names that it uses: `from {module} import NAME, NAME`")
        for alias, whole, module in one.names.imported:
            self.modules[alias] = whole
            local = module.split(".")[0]
            if module.startswith(".") or os.path.exists(os.path.join(self.folder, local + ".py")) \
                    or os.path.isdir(os.path.join(self.folder, local)) and packages.distribution(local):
                self.latest[alias] = ("lost", one.cell.number)
                return (f"the module {module} is a file beside the notebook",
                        "paste it into a cell, or make it a package")
        for name in one.names.writes:
            self.latest[name] = ("definition", one)
        if isinstance(one.node, ast.FunctionDef):
            self.kinds.functions[one.node.name] = one.node
        if one.is_import and not any(alias in self.used for alias, _, _ in one.names.imported):
            if not one.names.imported[0][1].startswith(("IPython", "ipywidgets")):
                self.settings.append((one, {whole.split(".")[0] for _, whole, _ in one.names.imported}))
        if one.target:
            self.kinds.names[one.target] = self.kinds.of(one.node.value)
            self.constants[one.target] = files.fold(one.node.value, self.constants)
        return None

    def is_setting(self, one):
        """Whether a statement only sets how a module behaves; it is taken in then."""
        node = one.node
        calls = node.value if isinstance(node, (ast.Expr, ast.Assign)) else None
        target = node.targets[0] if isinstance(node, ast.Assign) else \
            calls.func if isinstance(calls, ast.Call) else None
        while isinstance(target, ast.Subscript):
            target = target.value
        whole = self.kinds.dotted(target) if target is not None else None
        if not whole or not whole.startswith(SETTINGS) or one.names.writes:
            return False
        if not all(self.is_made(name) for name in one.names.reads if name not in names.BUILTIN):
            return False
        self.settings.append((one, {".".join(whole.split(".")[:2]) if whole.startswith("numpy.random")
                                    else whole.split(".")[0]}))
        self.needs[one] = [self.latest[name][1] for name in sorted(self.closure(one.names.reads))
                           if self.is_made(name)]
        return True

    def needed(self, one):
        """The names that a statement needs itself."""
        return one.names.reads | one.names.changes | {
            name for name in one.names.maybe if name in self.latest}

    def closure(self, wanted):
        """The names that are needed for some, through the definitions that they have now."""
        found, open_names = set(), set(wanted)
        while open_names:
            name = open_names.pop()
            if name in found:
                continue
            found.add(name)
            kind, one = self.latest.get(name, ("", None))
            if kind == "definition":
                open_names |= one.names.reads
        return found

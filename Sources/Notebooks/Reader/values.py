"""Learns the kinds of names from the statements that bind them. It knows no section."""
import ast

import kinds
import trees


class Values(kinds.Kinds):
    """The kinds of names so far, through the notebook's own functions."""

    def __init__(self, modules):
        super().__init__(modules)
        self.functions = {}

    def learn(self, node):
        """Notes the kinds of the names that a statement binds."""
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
            return
        if isinstance(node, ast.Assign):
            kind = self.result(node.value)
            for target in node.targets:
                self.assign(target, node.value, kind)
        elif isinstance(node, ast.AnnAssign) and node.value:
            self.assign(node.target, node.value, self.told(node.annotation) or self.result(node.value))
        elif isinstance(node, ast.For):
            source = self.of(node.iter)
            plain = source in (kinds.PLAIN, kinds.LABELS) or self.is_range(node.iter)
            for part in ast.walk(node.target):
                if isinstance(part, ast.Name):
                    self.names[part.id] = kinds.PLAIN if plain else None
        elif isinstance(node, ast.Expr):
            self.grow(node.value)
        for part in ast.iter_child_nodes(node):
            if isinstance(part, (ast.stmt, ast.ExceptHandler)):
                self.learn(part)

    @staticmethod
    def told(annotation):
        """The kind that an annotation tells, such as `data: pd.DataFrame = load()`."""
        name = getattr(annotation, "attr", getattr(annotation, "id", getattr(annotation, "value", "")))
        name = str(name).split(".")[-1]
        return {"DataFrame": kinds.FRAME, "Series": kinds.SERIES, "int": kinds.PLAIN, "float": kinds.PLAIN,
                "str": kinds.PLAIN, "bool": kinds.PLAIN}.get(name)

    def grow(self, value):
        """A list of plain values that gets something else is plain no more."""
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) \
                and isinstance(value.func.value, ast.Name) \
                and self.names.get(value.func.value.id) == kinds.PLAIN \
                and value.func.attr in ("append", "extend", "insert", "update", "add"):
            if value.func.attr in ("update", "add") or any(
                    self.result(argument) != kinds.PLAIN for argument in value.args):
                self.names[value.func.value.id] = None

    def assign(self, target, value, kind):
        if isinstance(target, ast.Name):
            self.names[target.id] = kind
        elif isinstance(target, (ast.Tuple, ast.List)):
            parts = value.elts if isinstance(value, (ast.Tuple, ast.List)) \
                and len(value.elts) == len(target.elts) else None
            halves = self.halves(value, len(target.elts))
            for position, element in enumerate(target.elts):
                of = self.of(parts[position]) if parts else halves[position] if halves else None
                self.assign(element, value, of)
        elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name) \
                and self.names.get(target.value.id) == kinds.PLAIN:
            # JSON would make a text of a key that is none.
            is_text = isinstance(target.slice, ast.JoinedStr) or isinstance(target.slice, ast.Constant) \
                and isinstance(target.slice.value, str)
            if kind != kinds.PLAIN or not is_text:
                self.names[target.value.id] = None

    def halves(self, value, count):
        """What `train_test_split` gives: two of the kind of each argument."""
        if isinstance(value, ast.Call) and getattr(value.func, "id", getattr(value.func, "attr", "")) \
                == "train_test_split" and len(value.args) * 2 == count:
            return [kind for argument in value.args for kind in [self.of(argument)] * 2]
        return None

    def result(self, value, depth=0):
        """The kind of a value, through the notebook's own functions."""
        function = self.functions.get(value.func.id) if isinstance(value, ast.Call) \
            and isinstance(value.func, ast.Name) else None
        if function is None or depth > 3:
            return self.of(value)
        if function.returns is not None and self.told(function.returns):
            return self.told(function.returns)
        before = dict(self.names)
        given = [self.result(argument, depth + 1) for argument in value.args]
        for name in trees.parameters(function.args):
            self.names[name] = None
        self.names.update(dict(zip(trees.parameters(function.args), given)))
        for part in function.body:
            self.learn(part)
        found = {self.of(part.value) for part in ast.walk(function)
                 if isinstance(part, ast.Return) and part.value}
        self.names = before
        return found.pop() if len(found) == 1 else None

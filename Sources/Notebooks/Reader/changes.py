"""What a notebook's own functions change when they are called, and which names share an object. It knows
no section."""
import ast

import names
import trees


def named(value):
    """The names whose object an expression may be."""
    if isinstance(value, ast.Name):
        return {value.id}
    if isinstance(value, ast.IfExp):
        return named(value.body) | named(value.orelse)
    return set().union(*map(named, value.values)) if isinstance(value, ast.BoolOp) else set()


def pairs(target, value):
    """Each name that an assignment binds, with the names that it shares an object with."""
    if isinstance(target, ast.Name):
        yield target.id, named(value)
    elif isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, (ast.Tuple, ast.List)) \
            and len(target.elts) == len(value.elts):
        for left, right in zip(target.elts, value.elts):
            yield from pairs(left, right)


def shared(node):
    """Sets of names that share an object after a statement."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return []
    found = []
    for part in trees.own_nodes(node):
        if isinstance(part, ast.Assign):
            if len(part.targets) > 1 and not isinstance(part.value, ast.Constant):
                found.append({target.id for target in part.targets if isinstance(target, ast.Name)})
            targets = part.targets
        elif isinstance(part, (ast.AnnAssign, ast.NamedExpr)) and part.value:
            targets = [part.target]
        else:
            continue
        found += [{name} | others for target in targets
                  for name, others in pairs(target, part.value) if others]
    return [group for group in found if len(group) > 1]


class Function:
    """A function: its parameters by position, those that it changes, and the other names that it
    changes."""

    def __init__(self, node, is_method=False):
        self.every = trees.parameters(node.args)
        inner = names.Names(())
        inner.block(node.body)
        local = (set(self.every) | inner.writes | inner.maybe) - inner.globals
        self.calls = inner.calls
        self.changes = inner.changes & set(self.every)
        self.outside = inner.changes - local | inner.writes & inner.globals
        is_static = any(getattr(one, "id", "") == "staticmethod" for one in node.decorator_list)
        self.positional = self.every[1:] if is_method and not is_static else self.every

    def changed(self, arguments, keywords):
        """What a call changes: the names that it gives to the parameters which change."""
        given = list(zip(self.positional, arguments)) + list(keywords.items())
        return set(self.outside).union(*(some for name, some in given if name in self.changes))


class Changes:
    """The functions and methods of a notebook by the name under which they are called."""

    def __init__(self, statements):
        self.functions = {}
        for node in (one.node for one in statements):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self.functions.setdefault(node.name, []).append(Function(node))
            elif isinstance(node, ast.ClassDef):
                for part in node.body:
                    if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)):
                        name = node.name if part.name == "__init__" else "." + part.name
                        self.functions.setdefault(name, []).append(Function(part, is_method=True))
        while any([self.grow(one) for every in self.functions.values() for one in every]):
            pass

    def grow(self, function):
        """Takes in what a function changes by the functions that it calls; whether that was news."""
        found = self.by_calls(function.calls)
        before = len(function.changes) + len(function.outside)
        function.changes |= found & set(function.every)
        function.outside |= found - set(function.every)
        return len(function.changes) + len(function.outside) > before

    def by_calls(self, calls):
        """The names that calls change; a function that is an argument may be called with the others."""
        found = set()
        for called, arguments, keywords in calls:
            for function in self.functions.get(called, ()):
                found |= function.changed(arguments, keywords)
            given = set().union(*arguments, *keywords.values())
            for function in (one for name in given for one in self.functions.get(name, ())):
                found |= function.outside | (given if function.changes else set())
        return found

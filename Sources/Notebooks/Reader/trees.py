"""Small questions about syntax trees: roots, parameters, calls that change an object. It knows no notebook."""
import ast

#: Methods that change the object they are called on.
MUTATORS = {"append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "update", "add",
            "discard", "setdefault", "popitem", "appendleft", "popleft", "intersection_update",
            "difference_update", "insert_many", "write", "setflags", "fill", "resize", "put", "isetitem",
            "subtract", "rotate", "move_to_end"}
#: Functions that change their first argument.
CHANGING = {"setattr", "delattr", "shuffle", "heappush", "heappop", "heapify", "heapreplace", "heappushpop",
            "insort", "insort_left", "insort_right", "exec"}


def root(node):
    """The name in which a chain of attributes and indices begins; None for another expression."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Starred)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def parameters(arguments):
    every = arguments.posonlyargs + arguments.args + arguments.kwonlyargs
    every += [argument for argument in (arguments.vararg, arguments.kwarg) if argument]
    return [argument.arg for argument in every]


def own_nodes(node):
    """A statement's nodes without those of functions and classes that it defines."""
    yield node
    for part in ast.iter_child_nodes(node):
        if not isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            yield from own_nodes(part)

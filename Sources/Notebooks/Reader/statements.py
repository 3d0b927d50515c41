"""Cells as statements with their own text, so that a step has the lines that its author wrote."""
import ast

from names import Names

PURE_METHODS = {"head", "tail", "describe", "sample", "info", "value_counts", "corr", "isnull", "isna", "sum",
                "mean", "unique", "nunique", "count", "round", "sort_values", "groupby", "agg", "size", "mode",
                "median", "std", "min", "max", "to_frame", "reset_index", "query", "get_params", "score",
                "keys", "items", "values", "dtypes", "memory_usage", "cov", "any", "all", "nlargest",
                "nsmallest", "T", "tolist", "loc", "iloc", "filter", "pivot_table", "crosstab", "merge",
                "drop", "copy", "style", "format", "background_gradient", "summary", "print_summary"}


class Statement:
    """One statement at the top level of a cell."""

    def __init__(self, cell, node, start, end):
        self.cell, self.node = cell, node
        #: The lines in the cell, from 1 up, or byte columns too where a line has several statements.
        self.start, self.end = start, end
        self.names = Names.of(node)
        #: Replacements: (line, column, last line, end column, text), columns in bytes.
        self.edits = []
        self.reads_files, self.writes_files = [], []
        self.is_last = False
        self.plots = self.is_setting = False
        self.modules = set()

    @property
    def is_import(self):
        """Whether it only imports, also where that may fail."""
        if isinstance(self.node, ast.Try):
            parts = self.node.body + [part for handler in self.node.handlers for part in handler.body]
            return all(isinstance(part, (ast.Import, ast.ImportFrom, ast.Pass)) for part in parts)
        return isinstance(self.node, (ast.Import, ast.ImportFrom))

    @property
    def is_function(self):
        return isinstance(self.node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) \
            and not self.names.globals

    @property
    def immediate(self):
        """The names that a function or class needs when it is defined, not when it is called."""
        node = self.node
        parts = list(node.decorator_list)
        if isinstance(node, ast.ClassDef):
            parts += node.bases + [part for part in node.body if not isinstance(part, ast.FunctionDef)]
        else:
            parts += [part for part in node.args.defaults + node.args.kw_defaults if part]
        found = Names()
        found.block(parts)
        return found.reads

    @property
    def target(self):
        """The one name that an assignment binds; None for another statement."""
        node = self.node
        if isinstance(node, ast.Assign) and len(node.targets) == 1 \
                and isinstance(node.targets[0], ast.Name):
            return node.targets[0].id
        return None

    @property
    def is_literal(self):
        """Whether it gives a name to a literal."""
        try:
            return self.target is not None and ast.literal_eval(self.node.value) is not Ellipsis
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            return False

    @property
    def display(self):
        """The expressions that the notebook shows; None for a statement that does something."""
        if not isinstance(self.node, ast.Expr):
            return None
        value = self.node.value
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "display":
            return value.args
        if not self.is_last or isinstance(value, (ast.Await, ast.Yield)):
            return None
        if isinstance(value, ast.Constant):
            return [] if isinstance(value.value, str) else [value]
        return [value] if self.is_pure(value) else None

    @property
    def shown_name(self):
        """The name whose value, or whose first rows, a cell shows at its end; None for another end."""
        value = self.node.value if self.is_last and isinstance(self.node, ast.Expr) else None
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) \
                and value.func.attr in ("head", "tail", "sample"):
            value = value.func.value
        return value.id if isinstance(value, ast.Name) else None

    @classmethod
    def is_pure(cls, value):
        if isinstance(value, ast.Call):
            if isinstance(value.func, ast.Attribute):
                return value.func.attr in PURE_METHODS and cls.is_pure(value.func.value) \
                    and not any(word.arg == "inplace" for word in value.keywords)
            return isinstance(value.func, ast.Name) and value.func.id in (
                "len", "type", "sum", "max", "min", "sorted", "list", "set", "dict", "round", "dir", "vars")
        if isinstance(value, (ast.Attribute, ast.Subscript)):
            return cls.is_pure(value.value)
        if isinstance(value, (ast.BinOp, ast.Compare, ast.UnaryOp, ast.Tuple, ast.List, ast.BoolOp)):
            return all(cls.is_pure(part) for part in ast.iter_child_nodes(value)
                       if isinstance(part, ast.expr))
        return isinstance(value, (ast.Name, ast.Constant, ast.JoinedStr, ast.ListComp, ast.Dict))

    def text(self, lines, printing=False):
        """The statement's lines with its replacements; what it shows may be printed instead."""
        edits = self.edits
        if printing and self.display is not None:
            value = self.node.value
            first, last = (value.lineno, value.col_offset), (value.end_lineno, value.end_col_offset)
            if isinstance(value, ast.Call) and getattr(value.func, "id", "") == "display":
                edits = edits + [first + (first[0], first[1] + len("display"), "print")]
            else:
                edits = edits + [first + first + ("print(",), last + last + (")",)]
        data = [line.encode() for line in lines]
        (first, column), (last, end) = self.start, self.end
        for line, begin, until, stop, text in sorted(edits, reverse=True):
            head, tail = data[line - 1][:begin], data[until - 1][stop:]
            data[line - 1:until] = [head + text.encode() + tail] + [None] * (until - line)
            if until == last and end is not None:
                end, last = len(head) + len(text.encode()) + end - stop, line
        part = [row for row in data[first - 1:last] if row is not None]
        if end is not None:
            part[-1] = part[-1][:end]
            part[0] = part[0][column:]
        return "\n".join(line.decode() for line in part).strip("\n")


def split(plain):
    """The statements of a cell, each with the comments before it."""
    lines = plain.text.split("\n")
    body = plain.tree.body
    statements, after = [], 0
    for index, node in enumerate(body):
        first = min([node.lineno] + [part.lineno for part in getattr(node, "decorator_list", [])])
        following = body[index + 1].lineno if index + 1 < len(body) else None
        shared = first <= after or following == node.end_lineno
        if shared:
            start, end = (first, node.col_offset), (node.end_lineno, node.end_col_offset)
        else:
            start, end = (after + 1, 0), (node.end_lineno, None)
        statement = Statement(plain.cell, node, start, end)
        after = node.end_lineno
        if not isinstance(node, ast.Pass):
            statements.append(statement)
    if statements:
        statements[-1].is_last = True
    return statements, lines

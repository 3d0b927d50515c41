"""Which names a statement reads, binds and changes. It knows no section and no value."""
import ast
import builtins

from trees import CHANGING, MUTATORS, parameters, root

BUILTIN = set(dir(builtins))


class Names(ast.NodeVisitor):
    """The names of one statement at the top level, or of one function's body."""

    def __init__(self, bound=()):
        self.bound = set(bound)
        self.reads, self.writes, self.maybe, self.changes = set(), set(), set(), set()
        #: Calls: (function, or `.method`), the names in each argument, the same by keyword.
        self.calls = []
        #: Names that loop over others' elements.
        self.elements = {}
        self.globals = set()
        self.imported = []

    @classmethod
    def of(cls, node):
        names = cls()
        names.visit(node)
        return names

    def bind(self, name):
        self.bound.add(name)
        self.writes.add(name)

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Load):
            if node.id not in self.bound:
                self.reads.add(node.id)
        elif isinstance(node.ctx, ast.Store):
            self.bind(node.id)
        elif node.id not in self.bound:
            self.reads.add(node.id)

    def changed(self, node):
        self.changes |= self.origins(node)

    def origins(self, node):
        """The names from outside whose object, or an element of it, an expression is."""
        name = root(node.func if isinstance(node, ast.Call) else node)
        if name in self.elements:
            return self.elements[name]
        return {name} if name and name not in self.bound else set()

    def target(self, node):
        if isinstance(node, (ast.Tuple, ast.List)):
            for element in node.elts:
                self.target(element)
        elif isinstance(node, ast.Starred):
            self.target(node.value)
        elif isinstance(node, ast.Name):
            self.bind(node.id)
        else:
            self.changed(node)
            self.visit(node.value)
            if isinstance(node, ast.Subscript):
                self.visit(node.slice)

    def visit_Assign(self, node):
        self.visit(node.value)
        for target in node.targets:
            self.target(target)

    def visit_AnnAssign(self, node):
        if node.value:
            self.visit(node.value)
            self.target(node.target)

    def visit_AugAssign(self, node):
        self.visit(node.value)
        if isinstance(node.target, ast.Name):
            if node.target.id not in self.bound:
                self.reads.add(node.target.id)
            self.changes.add(node.target.id)
            self.bind(node.target.id)
        else:
            self.target(node.target)

    def visit_NamedExpr(self, node):
        self.visit(node.value)
        self.bind(node.target.id)

    def visit_Delete(self, node):
        for target in node.targets:
            if not isinstance(target, ast.Name):
                self.target(target)
            elif target.id not in self.bound:
                self.reads.add(target.id)

    def visit_For(self, node):
        self.visit(node.iter)
        self.target(node.target)
        of = set().union(*map(self.origins, ast.walk(node.iter)))
        self.elements.update((name, of) for name in Names.of(node.target).writes)
        self.block(node.body)
        self.block(node.orelse)

    visit_AsyncFor = visit_For

    def visit_With(self, node):
        for item in node.items:
            self.visit(item.context_expr)
            if item.optional_vars is not None:
                self.target(item.optional_vars)
        self.block(node.body)

    visit_AsyncWith = visit_With

    def block(self, body):
        for statement in body:
            self.visit(statement)

    def branches(self, bodies):
        """Alternatives: what not all of them bind may be bound."""
        before, ends = set(self.bound), []
        for body in bodies:
            self.bound = set(before)
            self.block(body)
            ends.append(self.bound)
        sure = set.intersection(*ends)
        self.maybe |= set.union(*ends) - sure
        self.bound = sure

    def visit_If(self, node):
        self.visit(node.test)
        self.branches([node.body, node.orelse])

    def visit_While(self, node):
        self.visit(node.test)
        self.branches([node.body, node.orelse])

    def visit_Try(self, node):
        self.branches([node.body + node.orelse] + [handler.body for handler in node.handlers])
        for handler in node.handlers:
            if handler.type:
                self.visit(handler.type)
        self.reads -= {handler.name for handler in node.handlers if handler.name}
        self.block(node.finalbody)

    def visit_Match(self, node):
        self.visit(node.subject)
        self.branches([[case] for case in node.cases] + [[]])

    def captured(self, node):
        self.generic_visit(node)
        for name in filter(None, [getattr(node, "name", None), getattr(node, "rest", None)]):
            self.bind(name)

    visit_MatchAs = visit_MatchStar = visit_MatchMapping = captured

    def visit_Call(self, node):
        function = node.func
        if isinstance(function, ast.Attribute):
            inplace = any(
                word.arg == "inplace" and isinstance(word.value, ast.Constant) and word.value.value
                for word in node.keywords)
            if inplace or function.attr in MUTATORS:
                self.changed(function.value)
        called = function.attr if isinstance(function, ast.Attribute) else \
            function.id if isinstance(function, ast.Name) else ""
        if called in CHANGING and node.args:
            self.changed(node.args[0])
        self.calls.append((
            called if isinstance(function, ast.Name) else "." + called,
            [self.origins(argument) for argument in node.args],
            {word.arg: self.origins(word.value) for word in node.keywords if word.arg}))
        if isinstance(function, ast.Attribute):
            self.calls.append(("", [self.origins(function.value), *self.calls[-1][1]], {}))
        self.generic_visit(node)

    def visit_Import(self, node):
        for alias in node.names:
            self.bind(alias.asname or alias.name.split(".")[0])
            self.imported.append(
                (alias.asname or alias.name.split(".")[0], alias.name if alias.asname else
                 alias.name.split(".")[0], alias.name))

    def visit_ImportFrom(self, node):
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            self.bind(alias.asname or alias.name)
            self.imported.append(
                (alias.asname or alias.name, f"{module}.{alias.name}", module))

    def visit_Global(self, node):
        self.globals |= set(node.names)

    def visit_FunctionDef(self, node):
        for part in node.decorator_list + node.args.defaults + node.args.kw_defaults:
            if part is not None:
                self.visit(part)
        self.bind(node.name)
        self.scope(node.body, parameters(node.args))

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node):
        for part in node.args.defaults + node.args.kw_defaults:
            if part is not None:
                self.visit(part)
        self.scope([ast.Expr(node.body)], parameters(node.args))

    def visit_ClassDef(self, node):
        for part in node.decorator_list + node.bases + [word.value for word in node.keywords]:
            self.visit(part)
        self.bind(node.name)
        self.scope(node.body, [])

    def comprehension(self, node):
        inner = Names(self.bound)
        inner.elements = dict(self.elements)
        for generator in node.generators:
            inner.visit(generator.iter)
            inner.target(generator.target)
            for test in generator.ifs:
                inner.visit(test)
        for part in ("key", "value", "elt"):
            if hasattr(node, part):
                inner.visit(getattr(node, part))
        self.reads |= inner.reads
        self.changes |= inner.changes
        self.calls += inner.calls
        for part in (one for one in ast.walk(node) if isinstance(one, ast.NamedExpr)):
            self.bind(part.target.id)

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = comprehension

    def scope(self, body, names):
        """A function's or class's own names; what is left over it reads of the module."""
        inner = Names(names)
        # A name that the body binds anywhere is local everywhere in it.
        local = set(names)
        for statement in body:
            found = Names.of(statement)
            local |= found.writes | found.maybe
            inner.globals |= found.globals
        inner.block(body)
        local -= inner.globals
        self.globals |= inner.globals
        self.reads |= inner.reads - local
        self.changes |= inner.changes - local
        self.writes |= inner.writes & inner.globals
        self.calls += inner.calls

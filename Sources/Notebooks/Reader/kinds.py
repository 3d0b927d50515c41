"""What kind of value an expression has: a table, a column, a plain value or something else."""
import ast

FRAME, SERIES, PLAIN, LABELS, GROUPS, COLUMN_GROUPS = (
    "table", "column", "value", "labels", "groups", "column groups")
#: Kinds that can be an artifact.
ARTIFACTS = {FRAME, SERIES, PLAIN}

MAKES_FRAME = {"DataFrame", "concat", "merge", "merge_asof", "get_dummies", "crosstab", "pivot_table", "melt",
               "json_normalize", "wide_to_long", "read_csv", "read_parquet", "read_excel", "read_json",
               "read_table", "read_feather", "read_pickle", "read_stata", "read_sas", "read_spss",
               "read_orc", "read_fwf", "read_hdf", "read_xml"}
MAKES_SERIES = {"Series", "to_datetime", "to_numeric", "to_timedelta", "cut", "qcut"}
FRAME_TO_FRAME = {"copy", "head", "tail", "sample", "dropna", "fillna", "ffill", "bfill", "drop",
                  "drop_duplicates", "merge", "join", "sort_values", "sort_index", "assign", "query",
                  "rename", "reset_index", "set_index", "astype", "replace", "round", "describe", "corr",
                  "cov", "pivot", "pivot_table", "melt", "stack", "T", "transpose", "nlargest", "nsmallest",
                  "isna", "isnull", "notna", "notnull", "filter", "reindex", "select_dtypes", "explode",
                  "interpolate", "diff", "shift", "pct_change", "cumsum", "rank", "clip", "abs", "append",
                  "infer_objects", "convert_dtypes", "where", "mask", "add_prefix", "add_suffix", "loc",
                  "iloc", "rename_axis", "truncate", "asfreq", "applymap", "map", "div", "mul", "sub", "add"}
FRAME_TO_SERIES = {"mean", "sum", "median", "std", "var", "min", "max", "count", "nunique", "dtypes",
                   "skew", "kurt", "quantile", "idxmax", "idxmin", "any", "all", "mode", "duplicated",
                   "value_counts", "memory_usage", "corrwith", "pop", "squeeze"}
SERIES_TO_SERIES = {"copy", "head", "tail", "sample", "dropna", "fillna", "ffill", "bfill", "drop",
                    "sort_values", "sort_index", "rename", "astype", "replace", "round", "map", "apply",
                    "isna", "isnull", "notna", "notnull", "isin", "value_counts", "clip", "shift", "diff",
                    "pct_change", "cumsum", "rank", "abs", "str", "dt", "cat", "lower", "upper", "strip",
                    "contains", "loc", "iloc", "where", "mask", "reindex", "nlargest", "nsmallest", "year",
                    "month", "day", "hour", "dayofweek", "date", "extract", "len", "slice", "between",
                    "add", "sub", "mul", "div", "interpolate", "duplicated", "drop_duplicates"}
NUMBERS = {"mean", "sum", "median", "std", "var", "min", "max", "count", "nunique", "item", "skew", "kurt"}
PLAIN_FUNCTIONS = {"len", "int", "float", "str", "bool", "round", "abs", "ord", "chr", "repr", "hash"}
TEXT_METHODS = {"format", "join", "split", "strip", "lower", "upper", "replace", "title", "capitalize",
                "splitlines", "startswith", "endswith", "count", "find", "zfill", "lstrip", "rstrip"}
AGGREGATES = NUMBERS | {"first", "last", "agg", "aggregate", "quantile", "nth"}


class Kinds:
    """The kinds of names so far, and of expressions over them."""

    def __init__(self, modules):
        self.names = {}
        self.modules = modules

    def dotted(self, node):
        """The whole name of a module's member: `pandas.read_csv` for `pd.read_csv`; None for others."""
        parts = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or node.id not in self.modules:
            return None
        return ".".join([self.modules[node.id]] + parts[::-1])

    def of(self, node):
        if isinstance(node, ast.Constant):
            return PLAIN if isinstance(node.value, (str, int, float, type(None))) else None
        if isinstance(node, ast.JoinedStr):
            return PLAIN
        if isinstance(node, ast.Name):
            return self.names.get(node.id)
        if isinstance(node, ast.List):
            return self.all(node.elts)
        if isinstance(node, ast.Dict):
            return self.all([key for key in node.keys if key] + node.values) \
                if all(isinstance(key, ast.Constant) and isinstance(key.value, str)
                       for key in node.keys) else None
        if isinstance(node, ast.ListComp):
            return self.comprehension(node)
        if isinstance(node, (ast.BinOp, ast.UnaryOp, ast.Compare, ast.BoolOp)):
            return self.operation(node)
        if isinstance(node, ast.IfExp):
            return self.same([node.body, node.orelse])
        if isinstance(node, ast.Subscript):
            return self.element(node)
        if isinstance(node, ast.Attribute):
            return self.attribute(node)
        if isinstance(node, ast.Call):
            return self.call(node)
        return None

    def all(self, nodes):
        return PLAIN if all(self.of(node) == PLAIN for node in nodes) else None

    def same(self, nodes):
        kinds = {self.of(node) for node in nodes}
        return kinds.pop() if len(kinds) == 1 else None

    def comprehension(self, node):
        before = dict(self.names)
        for generator in node.generators:
            source = self.of(generator.iter)
            if isinstance(generator.target, ast.Name):
                self.names[generator.target.id] = \
                    PLAIN if source in (PLAIN, LABELS, FRAME) or self.is_range(generator.iter) else None
        kind = self.of(node.elt)
        self.names = before
        return kind if kind == PLAIN else None

    @staticmethod
    def is_range(node):
        return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range"

    def operation(self, node):
        if isinstance(node, ast.Compare):
            parts = [node.left] + node.comparators
        elif isinstance(node, ast.BinOp):
            parts = [node.left, node.right]
        else:
            parts = node.values if isinstance(node, ast.BoolOp) else [node.operand]
        kinds = [self.of(part) for part in parts]
        if isinstance(node, ast.BoolOp):
            return PLAIN if set(kinds) == {PLAIN} else None
        for kind in (FRAME, SERIES):
            if kind in kinds:
                return kind
        return PLAIN if set(kinds) == {PLAIN} else None

    def element(self, node):
        base = self.of(node.value)
        index = node.slice
        if base == GROUPS:
            return GROUPS if isinstance(index, ast.List) else COLUMN_GROUPS
        indexer = isinstance(node.value, ast.Attribute) and node.value.attr in ("loc", "iloc")
        if base == FRAME and indexer:
            if isinstance(index, ast.Tuple) and len(index.elts) == 2:
                rows, columns = index.elts
                if isinstance(columns, ast.Constant):
                    return None if isinstance(rows, ast.Constant) else SERIES
                return FRAME if isinstance(columns, (ast.Slice, ast.List)) and not \
                    isinstance(rows, ast.Constant) else None
            return None if isinstance(index, ast.Constant) else FRAME
        if base == FRAME:
            if isinstance(index, (ast.List, ast.Slice, ast.Compare, ast.BinOp, ast.UnaryOp)):
                return FRAME
            inner = self.of(index)
            if isinstance(index, ast.Constant) or (inner == PLAIN and isinstance(index, ast.JoinedStr)):
                return SERIES
            return FRAME if inner in (SERIES, LABELS) else None
        if base == SERIES:
            return SERIES if isinstance(index, (ast.Slice, ast.Compare, ast.BinOp)) \
                or self.of(index) == SERIES else None
        return PLAIN if base == PLAIN and not isinstance(index, ast.Tuple) else None

    def attribute(self, node):
        base = self.of(node.value)
        if base == FRAME:
            if node.attr in ("columns", "index"):
                return LABELS
            if node.attr in ("T", "loc", "iloc"):
                return FRAME
            return SERIES if node.attr == "dtypes" else None
        if base == SERIES and node.attr in SERIES_TO_SERIES:
            return SERIES
        return LABELS if base == SERIES and node.attr == "index" else None

    def call(self, node):
        function = node.func
        whole = self.dotted(function)
        if whole and whole.startswith("pandas."):
            name = whole.split(".")[-1]
            if any(word.arg in ("chunksize", "iterator") for word in node.keywords):
                return None
            return FRAME if name in MAKES_FRAME else SERIES if name in MAKES_SERIES else None
        if isinstance(function, ast.Name):
            if function.id in PLAIN_FUNCTIONS and function.id not in self.modules:
                return PLAIN
            if function.id in ("list", "sorted") and node.args:
                return PLAIN if self.of(node.args[0]) in (PLAIN, LABELS) else None
            if function.id in ("sum", "max", "min") and node.args:
                return PLAIN if all(self.of(argument) == PLAIN for argument in node.args) else None
            return None
        if not isinstance(function, ast.Attribute):
            return None
        return self.method(self.of(function.value), function.attr, node)

    def method(self, base, name, node):
        if any(word.arg == "inplace" for word in node.keywords):
            return None
        if base == FRAME:
            if name == "groupby":
                return GROUPS
            if name in FRAME_TO_FRAME:
                return FRAME
            return SERIES if name in FRAME_TO_SERIES else None
        if base == GROUPS:
            return SERIES if name == "size" else FRAME if name in AGGREGATES else None
        if base == COLUMN_GROUPS:
            several = name in ("agg", "aggregate", "describe") and node.args \
                and isinstance(node.args[0], (ast.List, ast.Dict))
            return FRAME if several else SERIES if name in AGGREGATES | {"transform"} else None
        if base == SERIES:
            if name in ("tolist", "to_list"):
                return PLAIN
            if name in NUMBERS or name == "quantile":
                return PLAIN
            if name in ("to_frame", "reset_index", "unstack"):
                return FRAME
            return SERIES if name in SERIES_TO_SERIES else None
        if base == LABELS:
            return PLAIN if name in ("tolist", "to_list") else LABELS
        if base == PLAIN:
            return PLAIN if name in TEXT_METHODS | {"copy", "get", "index"} else None
        return None

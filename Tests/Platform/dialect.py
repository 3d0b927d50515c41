"""Query Service's SQL as a dialect of sqlglot, and its translation to DuckDB. It runs nothing.

Query Service is Spark's SQL with additions. Those that Atelier and the notebooks use are here:
double-quoted names, SNAPSHOT, TIME_BETWEEN_PREVIOUS_MATCH, history_meta. What is not known raises.
"""
from sqlglot import exp, parse
from sqlglot.dialects.spark import Spark

UNITS = {"days": "day", "hours": "hour", "minutes": "minute", "seconds": "second"}


class Snapshot(exp.Expression):
    """`SNAPSHOT SINCE a`, `AS OF b`, `BETWEEN a AND b` behind a table."""

    arg_types = {"start": False, "end": False}


class QueryService(Spark):
    class Tokenizer(Spark.Tokenizer):
        QUOTES = ["'"]
        IDENTIFIERS = ['"', "`"]

    class Parser(Spark.Parser):
        def _parse_table(self, *arguments, **options):
            table = super()._parse_table(*arguments, **options)
            if isinstance(table, exp.Table) and self._match_text_seq("SNAPSHOT"):
                table.set("snapshot", self._parse_bounds())
                alias = self._parse_table_alias()
                if alias:
                    table.set("alias", alias)
            return table

        def _parse_table_alias(self, *arguments, **options):
            if self._curr and self._curr.text.upper() == "SNAPSHOT":
                return None
            return super()._parse_table_alias(*arguments, **options)

        def _parse_bounds(self):
            if self._match_text_seq("SINCE"):
                return Snapshot(start=self._parse_bitwise())
            if self._match_text_seq("AS", "OF"):
                return Snapshot(end=self._parse_bitwise())
            if not self._match_text_seq("BETWEEN"):
                self.raise_error("SNAPSHOT needs SINCE, AS OF or BETWEEN")
            start = self._parse_bitwise()
            if not self._match_text_seq("AND"):
                self.raise_error("SNAPSHOT BETWEEN needs AND")
            return Snapshot(start=start, end=self._parse_bitwise())


def statements(text):
    """The statements of a message, parsed; raises sqlglot's ParseError."""
    return [one for one in parse(text, read=QueryService) if one is not None]


def is_limit_zero(statement):
    """Whether a query ends in LIMIT 0, which lifts the cut; takes it away."""
    limit = statement.args.get("limit") if isinstance(statement, exp.Query) else None
    if limit is None or limit.expression.sql() != "0":
        return False
    statement.set("limit", None)
    return True


def duckdb(statement, resolve):
    """The statement for DuckDB.

    `resolve(name, snapshot)` gives the SQL of a relation: snapshot is None or a pair of literals as the
    text of SQL ('HEAD' with its quotes) or None.
    """
    names = {cte.alias for cte in statement.find_all(exp.CTE)}

    def change(node):
        if isinstance(node, exp.Select):
            history = [
                one for one in node.expressions
                if isinstance(one, exp.Anonymous) and one.name.lower() == "history_meta"
            ]
            if history:
                return exp.select("*").from_(resolve_history(history[0]))
        if isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier):
            return node if node.name in names or node.args.get("db") else relation(node)
        if isinstance(node, exp.Table) and node.this.name.lower() == "range":
            return numbers(node)
        if isinstance(node, exp.Window) and is_match(node.this):
            return since_match(node)
        if is_match(node) and not isinstance(node.parent, exp.Window):
            raise ValueError("TIME_BETWEEN_PREVIOUS_MATCH needs OVER")
        if isinstance(node, exp.JSONFormat):
            return json_text(node)
        if isinstance(node, exp.Anonymous):
            return function(node)
        if isinstance(node, exp.Concat):
            # Spark's is null where an argument is; DuckDB's leaves nulls out.
            return exp.Paren(this=joined(node.expressions))
        return node

    def resolve_history(call):
        return exp.to_table(resolve(call.expressions[0].name, "history"))

    def relation(table):
        bounds = table.args.get("snapshot")
        pair = None
        if bounds is not None:
            pair = tuple(
                bounds.args[side].sql(dialect="spark") if bounds.args.get(side) else None
                for side in ("start", "end")
            )
        query = exp.maybe_parse(resolve(table.name, pair), dialect="duckdb")
        return exp.Subquery(this=query, alias=exp.TableAlias(this=exp.to_identifier(
            table.alias or table.name, quoted=True)))

    return statement.copy().transform(change).sql(dialect="duckdb")


def is_match(node):
    return isinstance(node, exp.Anonymous) and node.name.upper() == "TIME_BETWEEN_PREVIOUS_MATCH"


def since_match(window):
    """Whole units that have passed since the last row that met a condition, the own row included."""
    time, condition, *unit = window.this.expressions
    name = UNITS[unit[0].name] if unit else "second"
    last = window.copy()
    last.set("this", exp.Max(this=exp.Case(ifs=[exp.If(this=condition.copy(), true=time.copy())])))
    return exp.Anonymous(this="date_sub", expressions=[exp.Literal.string(name), last, time.copy()])


def joined(parts):
    whole = parts[0].copy()
    for part in parts[1:]:
        whole = exp.DPipe(this=whole, expression=part.copy())
    return whole


def numbers(table):
    """Spark's table function range has a column id."""
    query = exp.maybe_parse(f"SELECT range AS id FROM {table.this.sql(dialect='duckdb')}", dialect="duckdb")
    return exp.Subquery(this=query, alias=exp.TableAlias(this=exp.to_identifier(table.alias or "range")))


def json_text(call):
    """Spark's to_json leaves members out that are null, unless it is told not to."""
    options = call.args.get("options")
    if options is None or options.sql(dialect="spark") != "MAP('ignoreNullFields', 'false')":
        raise ValueError("to_json needs map('ignoreNullFields', 'false')")
    text = exp.Anonymous(this="to_json", expressions=[call.this])
    return exp.Cast(this=text, to=exp.DataType.build("text"))


RENAMED = {"UNIX_MICROS": "epoch_us", "TIMESTAMP_MICROS": "make_timestamp"}


def function(call):
    name = RENAMED.get(call.name.upper())
    return exp.Anonymous(this=name, expressions=call.expressions) if name else call

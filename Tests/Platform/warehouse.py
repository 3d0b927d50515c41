"""Data sets as tables of DuckDB, with batches, snapshots and Query Service's words for what fails.

A table is given as batches in the order in which they were committed: {"id", "stored", "files"}, where
`stored` is the id of the batch that several were merged into (default: the own id). Each stored batch
is one snapshot. Files are Parquet, JSON (an array or lines) or CSV.
"""
import hashlib
import json
import threading

import duckdb

import dialect


class Refused(Exception):
    """An error as the wire and the API of queries report it."""

    def __init__(self, state, message):
        super().__init__(message)
        self.state, self.message = state, message


STATES = [
    (duckdb.InterruptException, "57014"), (duckdb.ParserException, "42601"),
    (duckdb.BinderException, "42703"), (duckdb.CatalogException, "42P01"),
    (duckdb.ConversionException, "22000"), (duckdb.Error, "XX000"),
]


def warehouse_of(space):
    """The warehouse of a space's data sets; made once."""
    def tables():
        with space.lock:
            return {
                space.table(dataset): [
                    {"id": batch["id"], "stored": batch.get("stored", batch["id"]),
                     "records": batch["recordCount"], "files": space.paths(batch["id"])}
                    for batch in space.batches_of(dataset)]
                for dataset in space.datasets}

    with space.lock:
        if not hasattr(space, "warehouse"):
            space.warehouse = Warehouse(tables)
        return space.warehouse


def snapshot_id(table, batch):
    """A number of 64 bits, which a floating-point number cannot hold."""
    return int(hashlib.md5(f"{table}/{batch}".encode()).hexdigest()[:16], 16) % 2**60 + 2**62


def literal(text):
    return "'" + str(text).replace("'", "''") + "'"


class Warehouse:
    """`tables()` gives {name: [batch, ...]}; `expired` are ids of snapshots that are gone."""

    def __init__(self, tables):
        self.tables = tables
        self.expired = set()
        self.fallback = False
        self.database = duckdb.connect()
        self.database.execute("SET TimeZone = 'UTC'")
        self.loaded = {}
        self.lock = threading.Lock()

    def cursor(self):
        cursor = self.database.cursor()
        cursor.execute("SET TimeZone = 'UTC'")
        return cursor

    def translate(self, statement):
        """The statement as DuckDB runs it, with its tables loaded."""
        try:
            return dialect.duckdb(statement, self.relation)
        except ValueError as error:
            raise Refused("42601", str(error))

    def execute(self, cursor, statement):
        text = self.translate(statement)
        try:
            return cursor.execute(text)
        except duckdb.Error as error:
            raise refused(error)

    def relation(self, name, snapshot):
        batches = self.load(name)
        if snapshot == "history":
            return f'"{name}__history"'
        query = f'SELECT * EXCLUDE (__generation) FROM "{name}__rows"'
        if snapshot is None:
            return query
        start, end = (self.generation(name, batches, bound) for bound in snapshot)
        conditions = []
        if start is not None:
            conditions.append(f"__generation > {start}")
        if end is not None:
            conditions.append(f"__generation <= {end}")
        return query + (" WHERE " + " AND ".join(conditions) if conditions else "")

    def generation(self, name, batches, bound):
        """The number of a snapshot; none for 'HEAD', 'TAIL' and a bound that is not given."""
        if bound is None or bound.upper() in ("'HEAD'", "'TAIL'"):
            return None
        stored = list(dict.fromkeys(one.get("stored", one["id"]) for one in batches))
        for number, batch in enumerate(stored):
            if str(snapshot_id(name, batch)) == bound.strip("'"):
                if bound in self.expired:
                    if self.fallback:
                        return -1
                    break
                return number
        raise Refused("22000", f"snapshot {bound} of {name} does not exist or has expired")

    def load(self, name):
        batches = self.tables().get(name)
        if batches is None:
            raise Refused("42P01", f"Table or view not found: {name}")
        mark = json.dumps(batches, sort_keys=True)
        with self.lock:
            if self.loaded.get(name) != mark:
                self.fill(name, batches)
                self.loaded[name] = mark
        return batches

    def fill(self, name, batches):
        stored = list(dict.fromkeys(one.get("stored", one["id"]) for one in batches))
        parts, history = [], []
        for one in batches:
            batch = one.get("stored", one["id"])
            for path in one["files"]:
                parts.append(
                    # The lake's files may have the platform's own columns already.
                    "SELECT COLUMNS(lambda c: c NOT IN ('_acp_system_metadata', '_ACP_BATCHID')), "
                    f"{{'acp_sourceBatchId': {literal(one['id'])}}} AS _acp_system_metadata, "
                    f"{literal(batch)} AS _ACP_BATCHID, {stored.index(batch)} AS __generation "
                    f"FROM {reader(path)}")
        parent = "NULL"
        for number, batch in enumerate(stored):
            own = snapshot_id(name, batch)
            records = sum(one.get("records", 0) for one in batches if one.get("stored", one["id"]) == batch)
            history.append(
                f"({number}, TIMESTAMP '2026-01-01' + INTERVAL {number} MINUTE, {own}, {parent}, true, "
                f"{'true' if number == len(stored) - 1 else 'false'}, {records}, 1000)")
            parent = str(own)
        rows = " UNION ALL BY NAME ".join(parts) or (
            "SELECT 0 AS __generation, {'acp_sourceBatchId': ''} AS _acp_system_metadata WHERE false")
        names = ("snapshot_generation, made_current_at, snapshot_id, parent_id, is_current_ancestor, "
                 "is_current, output_record_count, output_byte_size")
        cursor = self.cursor()
        try:
            cursor.execute(f'CREATE OR REPLACE TABLE "{name}__rows" AS {rows}')
            values = ", ".join(history) or "(0, NULL, 0, NULL, false, false, 0, 0)"
            cursor.execute(
                f'CREATE OR REPLACE TABLE "{name}__history" AS FROM (VALUES {values}) AS h({names}) '
                f"WHERE snapshot_id <> 0")
        except duckdb.Error as error:
            raise refused(error)


def reader(path):
    if ".parquet" in path:
        return f"read_parquet({literal(path)})"
    if ".csv" in path:
        return f"read_csv({literal(path)}, header = true)"
    return f"read_json({literal(path)})"


def refused(error):
    state = next(state for kind, state in STATES if isinstance(error, kind))
    return Refused(state, str(error).split("\n")[0])

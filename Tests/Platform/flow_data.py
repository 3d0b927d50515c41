"""What the runs of flows do with rows: files of a data set into a bucket, a file of one into a data set."""
import csv
import datetime
import os

import duckdb

import storage


def literal(text):
    return "'" + str(text).replace("'", "''") + "'"


def export(space, flow, things, when):
    """Writes all rows of the flow's data set as Parquet parts; records and files."""
    source = things(space, "sourceConnections")[flow["sourceConnectionIds"][0]]
    target = things(space, "targetConnections")[flow["targetConnectionIds"][0]]["params"]
    dataset = source["params"]["datasets"][0]["dataSetId"]
    paths = [path for batch in space.batches_of(dataset) for path in space.paths(batch["id"])]
    parts, lost = int(space.knobs["export_parts"]), int(space.knobs["run_lost"])
    digits = "%Y%m%d%H%M" if space.knobs["export_digits"] == 12 else "%Y%m%d%H%M%S"
    records = write(space, target, dataset, when.strftime(digits), paths, parts, lost)
    if space.knobs["second_exporter"]:
        # Somebody else's export of other rows, a little later and not whole.
        later = (when + datetime.timedelta(minutes=2)).strftime(digits)
        write(space, target, dataset, later, paths, parts + 1, records // 2)
    return records, parts


def write(space, target, dataset, time, paths, parts, lost):
    database = duckdb.connect()
    rows = "read_parquet([" + ", ".join(map(literal, paths)) + "])"
    whole = database.execute(f"SELECT count(*) FROM {rows}").fetchone()[0] if paths else 0
    records = whole - lost
    for part in range(parts):
        draft = f"{space.folder}/{space.new_id()}.parquet"
        start, end = records * part // parts, records * (part + 1) // parts
        database.execute(
            f"COPY (SELECT * FROM {rows} LIMIT {end - start} OFFSET {start}) "
            f"TO {literal(draft)} (FORMAT parquet, COMPRESSION gzip)")
        prefix = target["path"] + "/" if target["path"] else ""
        storage.put(
            space, target["bucketName"],
            f"{prefix}{dataset}/exportTime={time}/part-{part:05d}-tid-1-c000.gz.parquet", draft)
        os.unlink(draft)
    return records


def load(space, flow, things):
    """Reads the flow's CSV file into a batch of its data set; records and files."""
    source = things(space, "sourceConnections")[flow["sourceConnectionIds"][0]]["params"]
    target = things(space, "targetConnections")[flow["targetConnectionIds"][0]]["params"]
    transformation = (flow["transformations"] or [{"name": ""}])[0]
    if transformation["name"] != "Mapping":
        raise ValueError("the transformation is not named Mapping")
    mapping = space.other.get("mappings", {}).get(transformation["params"]["mappingId"])
    if mapping is None:
        raise ValueError("the mapping set does not exist")
    bucket, _, key = source["path"].strip("/").partition("/")
    path = f"{space.folder}/{space.new_id()}.csv"
    if not storage.get(space, bucket, key, path):
        raise ValueError(f"there is no file {source['path']}")
    with open(path, newline="") as file:
        header = next(csv.reader(file), [])
    columns = {one["source"]: one["destination"] for one in mapping["mappings"]}
    if not set(columns) <= set(header):
        raise ValueError(f"the file has the columns {header}")
    structs = {}
    for name, place in columns.items():
        outer, _, inner = place.partition(".")
        kind = "DOUBLE" if inner == "propensity" else "VARCHAR"
        structs.setdefault(outer, []).append(f"{literal(inner)}: \"{name}\"::{kind}")
    fields = ", ".join(f'{{{", ".join(members)}}} AS "{outer}"' for outer, members in structs.items())
    rows = f"{space.folder}/{space.new_id()}.parquet"
    database = duckdb.connect()
    database.execute(
        f"COPY (SELECT {fields} FROM read_csv({literal(path)}, header = true, all_varchar = true)) "
        f"TO {literal(rows)} (FORMAT parquet)")
    records = database.execute(f"SELECT count(*) FROM read_parquet({literal(rows)})").fetchone()[0]
    batch = space.add_batch(target["dataSetId"], format="parquet")
    space.finish_batch(batch, {"part-00000.parquet": rows}, records)
    return records, 1

"""Reads the data of a feature group with pyarrow, as any other tool would. It judges nothing.

Usage: read_features.py FOLDER

FOLDER is the group's folder `data`. Prints one JSON object: rows as objects, sorted, with the
partition `event_date`.
"""
import json
import sys

import pyarrow
import pyarrow.dataset


def main(folder):
    found = pyarrow.dataset.dataset(folder, format="parquet", partitioning="hive")
    # A dataset has the columns of its first file alone, which may be older than a feature.
    schema = pyarrow.unify_schemas(
        [fragment.physical_schema for fragment in found.get_fragments()] + [found.schema])
    table = found.replace_schema(schema).to_table()
    json.dump({"rows": sorted(table.to_pylist(), key=lambda row: json.dumps(row, sort_keys=True))},
              sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])

-- Some rows in the order of a seeded hash, with the structs as JSON.
-- The hashes are sorted first, so that the wide columns are read for the chosen rows only.
COPY (
  WITH chosen AS (
    SELECT _id, md5(getvariable('seed') || ':' || _id) AS draw
    FROM read_parquet(getvariable('events'))
    ORDER BY draw, _id
    LIMIT getvariable('row_count')
  )
  SELECT
    _id,
    eventType,
    "timestamp",
    producedBy,
    "_<tenant>".cmle_id AS userId,
    to_json(directMarketing) AS directMarketing,
    to_json(web) AS web
  FROM read_parquet(getvariable('events')) JOIN chosen USING (_id)
  ORDER BY draw, _id
) TO (getvariable('output')) (FORMAT csv, HEADER true);

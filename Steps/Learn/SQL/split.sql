-- The rows with their places in one seeded order; the key is unique, so the order is total.
CREATE TEMP TABLE ordered AS
SELECT *, row_number() OVER (
  ORDER BY md5(getvariable('seed')::VARCHAR || <key>::VARCHAR), <key>) AS "atelier place"
FROM read_parquet(getvariable('table'));

-- The rows with their places in one seeded order; the key is unique, so the order is total.
-- Rows of one group lie together and share the place of their first; without groups each has its own.
-- A template: <order> orders groups, <group> tells them apart, <key> orders the rows of one.
CREATE TEMP TABLE ordered AS
SELECT *, min("atelier row") OVER (PARTITION BY <group>) AS "atelier place"
FROM (
  SELECT *, row_number() OVER (ORDER BY <order>, <key>) AS "atelier row"
  FROM read_parquet(getvariable('table')));

-- How many events there are, and of how many users.
COPY (
  SELECT count(*) AS "rows", count(DISTINCT "_<tenant>".cmle_id) AS users
  FROM read_parquet(getvariable('events'))
) TO (getvariable('output')) (FORMAT csv, HEADER true);

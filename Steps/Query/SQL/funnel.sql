-- How many users have an event of a type, and how many events of it there are.
COPY (
  SELECT
    eventType,
    count(DISTINCT "_<tenant>".cmle_id) AS distinctUsers,
    count(DISTINCT _id) AS distinctEvents
  FROM read_parquet(getvariable('events'))
  GROUP BY eventType
  ORDER BY distinctUsers DESC, eventType
) TO (getvariable('output')) (FORMAT csv, HEADER true);

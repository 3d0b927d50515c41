-- Some rows by a seeded hash, with the structs as JSON.
-- The hashes are sorted first, so that the wide columns are read for the chosen rows only.
WITH chosen AS (
  SELECT _id, md5(getvariable('seed') || ':' || _id) AS draw
  FROM events
  ORDER BY draw, _id
  LIMIT getvariable('count')
),
named AS (
  SELECT *, COLUMNS(lambda c: c = '_' || getvariable('tenant')) AS person FROM events
)
SELECT
  _id,
  eventType,
  "timestamp",
  producedBy,
  person.cmle_id AS userId,
  to_json(directMarketing) AS directMarketing,
  to_json(web) AS web
FROM named JOIN chosen USING (_id);

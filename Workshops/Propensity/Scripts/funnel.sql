-- How many users have an event of a type, and how many events of it there are.
WITH named AS (
  SELECT _id, eventType, COLUMNS(lambda c: c = '_' || getvariable('tenant')) AS person FROM events
)
SELECT
  eventType,
  count(DISTINCT person.cmle_id) AS distinctUsers,
  count(DISTINCT _id) AS distinctEvents
FROM named
GROUP BY eventType;

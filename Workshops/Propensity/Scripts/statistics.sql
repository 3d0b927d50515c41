-- How many events there are, and of how many users.
WITH named AS (
  SELECT COLUMNS(lambda c: c = '_' || getvariable('tenant')) AS person FROM events
)
SELECT count(*) AS "rows", count(DISTINCT person.cmle_id) AS users FROM named;

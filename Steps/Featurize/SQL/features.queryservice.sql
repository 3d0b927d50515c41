-- Labels and features of the snapshots between two, one row a user, for Query Service.
-- A template: double braces hold the names of all columns, the column of the user id, the event
-- type that is predicted, the declared features, the seed and the events' table.
-- The platform fills in $from_snapshot_id and $to_snapshot_id.
SELECT
  {{columns}}
FROM (
  SELECT
    {{user}} AS userId,
    eventType,
    timestamp,
    max(CASE WHEN eventType = {{target}} THEN 1 ELSE 0 END)
      OVER (PARTITION BY {{user}}) = 1 AS subscriptionOccurred,
    {{features}},
    row_number() OVER (
      PARTITION BY {{user}} ORDER BY md5(concat({{seed}}, {{user}}, _id)), timestamp, _id
    ) AS random_row_number_for_user,
    row_number() OVER (
      PARTITION BY {{user}}, eventType ORDER BY timestamp, _id
    ) AS row_number_of_type
  FROM {{dataset}} SNAPSHOT BETWEEN $from_snapshot_id AND $to_snapshot_id
  WHERE {{user}} IS NOT NULL
)
WHERE (subscriptionOccurred AND eventType = {{target}} AND row_number_of_type = 1)
  OR (NOT subscriptionOccurred AND random_row_number_for_user = 1)
ORDER BY userId

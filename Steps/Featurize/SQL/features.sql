-- Labels and features of some events, one row a user.
-- A template: double braces hold the column of the user id, how a user's row is chosen, which events
-- count, and the declared features.
-- Relation: events. Variables: seed, target ('web.formFilledOut'), part.
COPY (
  WITH event AS (
    SELECT
      {{user}} AS userId, _id, eventType, timestamp,
      eventType = getvariable('target') AS isTarget,
      md5(getvariable('seed') || {{user}} || _id) AS lot
    FROM events
    WHERE {{user}} IS NOT NULL
  ),
  chosen AS (
    SELECT
      userId,
      bool_or(isTarget) AS subscriptionOccurred,
      {{pick}} AS pick
    FROM event
    GROUP BY userId
  ),
  -- One aggregation over the user's events is much cheaper than windows over every row.
  history AS (
    SELECT
      userId, event.eventType, event.timestamp, pick, subscriptionOccurred,
      {{upToRow}} AS upToRow,
      (event.lot, event.timestamp, event._id) <= (pick.lot, pick.at, pick.id) AS drawnUpToRow
    FROM event JOIN chosen USING (userId)
  )
  SELECT
    userId,
    any_value(pick.type) AS eventType,
    any_value(pick.at) AS timestamp,
    any_value(subscriptionOccurred) AS subscriptionOccurred,
    {{features}},
    count(*) FILTER (drawnUpToRow) AS random_row_number_for_user
  FROM history
  GROUP BY userId
  ORDER BY userId
) TO (getvariable('part')) (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880);

-- Features of all users at one moment, and whether they subscribe within a time after it.
-- A template: double braces hold the column of the user id and the declared features.
-- Relation: events. Variables: target ('web.formFilledOut'), date, days, newest (a file with the time of
-- the newest event of all batches), part.
-- Users who subscribed before are left out, and those without an event before.
CREATE TEMP TABLE span AS
SELECT getvariable('date')::TIMESTAMP AS moment,
  getvariable('date')::TIMESTAMP + to_days(getvariable('days')::INTEGER) AS until;

-- A label that nobody can know yet would be false in silence.
SELECT CASE WHEN newest < until THEN error(
    'the newest event is of ' || newest || ', and the label of a forecast from ' || moment
      || ' is known on ' || until || ' only; choose an earlier forecast_date or fewer forecast_days')
  END
FROM span, read_csv(
  getvariable('newest'), auto_detect = false, header = true, delim = ',',
  columns = {'newest': 'TIMESTAMP'});

COPY (
  WITH history AS (
    SELECT
      {{user}} AS userId, _id, eventType, timestamp, moment,
      timestamp < moment AS upToRow,
      eventType = getvariable('target') AS isTarget,
      timestamp >= moment AND timestamp < until AS isAhead
    FROM events, span
    WHERE {{user}} IS NOT NULL
  )
  SELECT
    userId,
    arg_max(eventType, (timestamp, _id, eventType)) FILTER (upToRow) AS eventType,
    any_value(moment) AS timestamp,
    bool_or(isTarget AND isAhead) AS subscriptionOccurred,
    {{features}},
    count(*) FILTER (upToRow) AS random_row_number_for_user
  FROM history
  GROUP BY userId
  HAVING bool_or(upToRow) AND NOT bool_or(isTarget AND upToRow)
  ORDER BY userId
) TO (getvariable('part')) (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880);

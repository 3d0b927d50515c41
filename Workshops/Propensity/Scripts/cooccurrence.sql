-- Of the users with an event of a first type, how many have one of a later type at that time or
-- after it. Some such pair exists just when the earliest first is not after the latest later, so
-- that no event is joined with another.
CREATE TABLE spans AS
WITH named AS (
  SELECT
    eventType, "timestamp", COLUMNS(lambda c: c = '_' || getvariable('tenant')) AS person
  FROM events
)
SELECT
  person.cmle_id AS userId,
  eventType,
  min("timestamp") AS earliest,
  max("timestamp") AS latest
FROM named
GROUP BY userId, eventType;

WITH pairs AS (
  SELECT
    a.eventType AS eventTypeFirst,
    b.eventType AS eventTypeLater,
    count(*) AS distinctUsers
  FROM spans a JOIN spans b ON a.userId = b.userId AND a.earliest <= b.latest
  GROUP BY eventTypeFirst, eventTypeLater
),
users AS (
  SELECT eventType AS eventTypeFirst, count(*) AS firstUsers FROM spans GROUP BY eventType
)
SELECT
  eventTypeFirst,
  eventTypeLater,
  distinctUsers,
  round(distinctUsers / firstUsers, 12) AS probability
FROM pairs JOIN users USING (eventTypeFirst);

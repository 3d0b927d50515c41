-- Pearson's correlation, over all users, between the number of subscriptions and the number of
-- events of each other type. Sums are of integers, so that their order does not matter; a type
-- whose number is the same for every user has no correlation (null).
CREATE TABLE counts AS
WITH named AS (
  SELECT eventType, COLUMNS(lambda c: c = '_' || getvariable('tenant')) AS person FROM events
)
SELECT person.cmle_id AS userId, eventType, count(*) AS events
FROM named
GROUP BY userId, eventType;

WITH subscriptions AS (
  SELECT userId, events FROM counts WHERE eventType = 'web.formFilledOut'
),
whole AS (
  SELECT
    (SELECT count(DISTINCT userId) FROM counts)::HUGEINT AS users,
    coalesce(sum(events), 0)::HUGEINT AS x,
    coalesce(sum(events * events), 0)::HUGEINT AS xx
  FROM subscriptions
),
sums AS (
  SELECT
    c.eventType,
    sum(c.events)::HUGEINT AS y,
    sum(c.events * c.events)::HUGEINT AS yy,
    coalesce(sum(c.events * s.events), 0)::HUGEINT AS xy
  FROM counts c LEFT JOIN subscriptions s USING (userId)
  WHERE c.eventType <> 'web.formFilledOut'
  GROUP BY c.eventType
)
SELECT
  eventType,
  round(
    (users * xy - x * y)::DOUBLE / nullif(
      sqrt((users * xx - x * x)::DOUBLE * (users * yy - y * y)::DOUBLE), 0),
    12) AS pearsonCorrelation
FROM sums, whole;

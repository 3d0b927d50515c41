WITH counts AS (
  SELECT _acme.cmle_id AS userId, eventType, count(*) AS events
  FROM cmle_events
  WHERE _acp_system_metadata.acp_sourceBatchId IN ('01HA', '01HB')
  GROUP BY _acme.cmle_id, eventType
)
SELECT
  c.eventType AS eventType, p.users AS users, t.x AS x, t.xx AS xx,
  sum(c.events) AS y, sum(c.events * c.events) AS yy,
  coalesce(sum(c.events * s.events), 0) AS xy
FROM counts AS c
LEFT JOIN (
  SELECT userId, events FROM counts WHERE eventType = 'web.formFilledOut'
) AS s ON c.userId = s.userId
CROSS JOIN (SELECT count(DISTINCT userId) AS users FROM counts) AS p
CROSS JOIN (
  SELECT coalesce(sum(events), 0) AS x, coalesce(sum(events * events), 0) AS xx
  FROM counts WHERE eventType = 'web.formFilledOut'
) AS t
WHERE c.eventType <> 'web.formFilledOut'
GROUP BY c.eventType, p.users, t.x, t.xx
ORDER BY eventType

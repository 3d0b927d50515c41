WITH spans AS (
  SELECT
    _acme.cmle_id AS userId, eventType, min(timestamp) AS earliest, max(timestamp) AS latest
  FROM cmle_events
  WHERE _acp_system_metadata.acp_sourceBatchId IN ('01HA', '01HB')
  GROUP BY _acme.cmle_id, eventType
)
SELECT
  pairs.eventTypeFirst AS eventTypeFirst, pairs.eventTypeLater AS eventTypeLater,
  pairs.distinctUsers AS distinctUsers, users.firstUsers AS firstUsers
FROM (
  SELECT
    a.eventType AS eventTypeFirst, b.eventType AS eventTypeLater, count(*) AS distinctUsers
  FROM spans AS a JOIN spans AS b ON a.userId = b.userId AND a.earliest <= b.latest
  GROUP BY a.eventType, b.eventType
) AS pairs
JOIN (
  SELECT eventType, count(*) AS firstUsers FROM spans GROUP BY eventType
) AS users ON pairs.eventTypeFirst = users.eventType
ORDER BY eventTypeFirst, eventTypeLater

SELECT
  eventType,
  count(DISTINCT _acme.cmle_id) AS distinctUsers,
  count(DISTINCT _id) AS distinctEvents
FROM cmle_events
WHERE _acp_system_metadata.acp_sourceBatchId IN ('01HA', '01HB')
GROUP BY eventType
ORDER BY distinctUsers DESC, eventType

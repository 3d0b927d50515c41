SELECT count(*) AS rows, count(DISTINCT _acme.cmle_id) AS users
FROM cmle_events
WHERE _acp_system_metadata.acp_sourceBatchId IN ('01HA', '01HB')

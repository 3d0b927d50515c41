SELECT _acp_system_metadata.acp_sourceBatchId AS batch, count(*) AS records
FROM cmle_events
WHERE _acp_system_metadata.acp_sourceBatchId IN ('01HA', '01HB')
GROUP BY _acp_system_metadata.acp_sourceBatchId
ORDER BY batch

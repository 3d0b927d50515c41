SELECT
  coalesce(sum(CASE WHEN md5(concat('1', ':', _id)) < '0ccccccc' THEN 1 ELSE 0 END), 0)
    AS sampleRows,
  count(*) AS actual
FROM cmle_events
WHERE _acp_system_metadata.acp_sourceBatchId IN ('01HA', '01HB')

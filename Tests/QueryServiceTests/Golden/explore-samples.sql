SELECT _id, eventType, timestamp, producedBy, userId, directMarketing, web
FROM (
  SELECT
    _id, eventType, timestamp, producedBy, _acme.cmle_id AS userId,
    to_json(directMarketing, map('ignoreNullFields', 'false')) AS directMarketing,
    to_json(web, map('ignoreNullFields', 'false')) AS web
  FROM cmle_events
  WHERE _acp_system_metadata.acp_sourceBatchId IN ('01HA', '01HB')
  ORDER BY md5(concat('1', ':', _id)), _id
  LIMIT 10
) AS sample
ORDER BY _id

SELECT
  CAST(snapshot_id AS string) AS snapshot_id, CAST(parent_id AS string) AS parent_id,
  CAST(output_record_count AS string) AS records
FROM (SELECT history_meta('cmle_events')) AS history
WHERE is_current_ancestor = true
ORDER BY snapshot_generation

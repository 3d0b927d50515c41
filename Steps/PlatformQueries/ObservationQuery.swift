// What is asked of the platform about a data set before its rows are believed. It runs nothing.

/// Queries about which rows there are.
public enum ObservationQuery {
  /// How many rows each of the batches has: `batch`, `records`, ordered by batch.
  public static func records(_ events: EventSelection) -> String {
    """
    SELECT _acp_system_metadata.acp_sourceBatchId AS batch, count(*) AS records
    FROM \(events.relation)\(events.filter(""))
    GROUP BY _acp_system_metadata.acp_sourceBatchId
    ORDER BY batch
    """
  }

  /// The snapshots of a table, oldest first: `snapshot_id`, `parent_id`, `records`, all as text.
  ///
  /// The ids have 64 bits: what reads them as a floating-point number rounds them.
  public static func snapshots(of table: String) throws -> String {
    try SQLWord.check(table, "the name of a table")
    return """
      SELECT
        CAST(snapshot_id AS string) AS snapshot_id, CAST(parent_id AS string) AS parent_id,
        CAST(output_record_count AS string) AS records
      FROM (SELECT history_meta('\(table)')) AS history
      WHERE is_current_ancestor = true
      ORDER BY snapshot_generation
      """
  }
}

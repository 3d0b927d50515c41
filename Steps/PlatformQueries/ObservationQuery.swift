// What is asked of the platform about a data set before its rows are believed. It runs nothing.

/// Queries about which rows there are.
public enum ObservationQuery {
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

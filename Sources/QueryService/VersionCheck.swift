// Whether the rows that queries see are those that Catalog counts.
import AdobePlatform

/// A batch whose rows differ between Catalog and Query Service.
package struct DifferingBatch: Error, Hashable, Sendable, CustomStringConvertible {
  package let batch: String
  package let dataset: String
  package let counted: Int64
  package let found: Int64

  package var description: String {
    "batch \(batch) of the data set \(dataset) has \(counted) records in Catalog and \(found) rows in "
      + "Query Service; a query would miss rows, so none is sent: wait until the batch is there, or check "
      + "that acp_sourceBatchId holds Catalog's id"
  }
}

extension QueryClient {
  /// Throws `DifferingBatch` unless the table has, of each batch of a version, as many rows as Catalog
  /// says.
  package func check(_ version: DataSetVersion, table: String) throws {
    let counts = version.batches.filter { $0.records > 0 }
    for batch in version.batches where !PlatformID.isValid(batch.id) {
      throw DifferingBatch(
        batch: batch.id, dataset: version.dataset, counted: batch.records, found: 0)
    }
    var found: [String: Int64] = [:]
    var start = 0
    while start < counts.count {
      let part = counts[start..<min(start + 500, counts.count)]
      let ids = part.map { "'\($0.id)'" }.joined(separator: ", ")
      try select(
        """
        SELECT _acp_system_metadata.acp_sourceBatchId AS batch, count(*) AS records
        FROM \(table)
        WHERE _acp_system_metadata.acp_sourceBatchId IN (\(ids))
        GROUP BY _acp_system_metadata.acp_sourceBatchId
        ORDER BY batch
        """, columns: ["batch", "records"]
      ) { row in
        if let id = row[0], let records = row[1].flatMap({ Int64($0) }) { found[id] = records }
      }
      start += part.count
    }
    for batch in counts where found[batch.id] != batch.records {
      throw DifferingBatch(
        batch: batch.id, dataset: version.dataset, counted: batch.records,
        found: found[batch.id] ?? 0)
    }
  }
}

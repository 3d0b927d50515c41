// The meaning of a feature group in SQL: all records, the latest ones, and the ones as of a time.
// Steps and `atelier features` both read by it, so that there is one meaning.
import AtelierStep
import DuckDB

/// SELECT statements over the files of one feature group, without a semicolon.
///
/// A record holds from its event time on, until the next one of the same identifier. Of two with the
/// same event time the one of the later batch counts, and within a batch the later row.
public struct FeatureSQL: Sendable {
  /// A Parquet file of the group, and the number of the ingestion that it came with.
  public struct File: Hashable, Sendable {
    /// The file's path.
    public let path: String
    /// The number of the batch that wrote it; a later one counts.
    public let batch: Int

    /// A file of a batch.
    public init(path: String, batch: Int) {
      self.path = path
      self.batch = batch
    }
  }

  private let definition: FeatureDefinition
  private let files: [File]

  /// `files` are all files of the group; one path may come with several ingestions.
  public init(_ definition: FeatureDefinition, files: [File]) {
    self.definition = definition
    self.files = files
  }

  private var identifier: String { SQLName.quoted(definition.recordIdentifier) }
  private var time: String { SQLName.quoted(definition.eventTime) }
  private var features: String { SQLName.list(definition.features.map(\.name)) }
  /// The last word between records of one identifier comes first.
  private let order = "batch DESC, batch_row DESC"

  /// Every record: the features, then `batch` and `batch_row`, the place of the row in its file.
  ///
  /// In no order. A record from before a feature was added has null for it.
  public var records: String {
    guard !files.isEmpty else {
      return "SELECT \(features), NULL::BIGINT AS batch, NULL::BIGINT AS batch_row FROM (\(none))"
    }
    let numbers = files.map { "(\(SQLValue.text($0.path).literal), \($0.batch)::BIGINT)" }
    // A file that came twice is read once: the join below gives its rows for each ingestion.
    let paths = Set(files.map(\.path)).sorted().map { SQLValue.text(Self.pattern($0)).literal }
    return """
      SELECT \(features), batch, file_row_number AS batch_row
      FROM (
        FROM (\(none)) UNION ALL BY NAME
        FROM read_parquet([\(paths.joined(separator: ", "))], union_by_name = true,
          filename = true, file_row_number = true, hive_partitioning = false)
      ) JOIN (VALUES \(numbers.joined(separator: ", "))) AS ingestions(filename, batch)
        USING (filename)
      """
  }

  /// No record, with a column for each feature: a group's records may all be from before it.
  private var none: String {
    let columns = definition.features.map {
      "NULL::\($0.type.column) AS \(SQLName.quoted($0.name))"
    }
    return "SELECT \(columns.joined(separator: ", ")) WHERE false"
  }

  /// A pattern of DuckDB's that only this path fits.
  private static func pattern(_ path: String) -> String {
    path.map { "[*?".contains($0) ? "[\($0)]" : String($0) }.joined()
  }

  /// The latest record of each identifier, ordered by it; `moment` is an SQL expression in seconds
  /// since 1970, and later records are as if they were not there.
  public func latest(asOf moment: String? = nil) -> String {
    """
    SELECT \(features) FROM (\(records))
    \(moment.map { "WHERE \(time) <= (\($0))" } ?? "")
    QUALIFY row_number() OVER (PARTITION BY \(identifier) ORDER BY \(time) DESC, \(order)) = 1
    ORDER BY \(identifier)
    """
  }

  /// Rows of the relation `spine` with the features that held at each row's own time, null where
  /// none did: a point-in-time join.
  ///
  /// `key` and `moment` are columns of the spine: the identifier, and seconds since 1970. The result
  /// has the columns of the spine, then `features`. In no order.
  public func joined(
    to spine: String, key: String, moment: String, features: [String]
  ) -> String {
    let columns = features.map { "record.\(SQLName.quoted($0))" }
    return """
      SELECT \((["spine.*"] + columns).joined(separator: ", "))
      FROM \(spine) AS spine ASOF LEFT JOIN (
        FROM (\(records))
        QUALIFY row_number() OVER (PARTITION BY \(identifier), \(time) ORDER BY \(order)) = 1
      ) AS record
      ON spine.\(SQLName.quoted(key)) = record.\(identifier)
        AND spine.\(SQLName.quoted(moment)) >= record.\(time)
      """
  }
}

// The rows of a data set that a query reads, and the texts that may stand in SQL. It runs nothing.
import AtelierStep

/// The events that a query of the platform reads.
public struct EventSelection: Sendable, Hashable {
  /// Which rows of the data set.
  public enum Rows: Sendable, Hashable {
    /// Those of some batches, by Catalog's ids.
    case batches([String])
    /// Those committed after a snapshot up to another one; `nil` is the beginning.
    case snapshots(after: String?, upTo: String)
  }

  /// One of several equal shares of the users.
  public struct Bucket: Sendable, Hashable {
    /// From 0 up.
    public let index: Int
    /// How many buckets there are.
    public let count: Int

    /// A bucket; throws a `StepFailure` unless it is one of `count`.
    public init(_ index: Int, of count: Int) throws {
      guard (1...10_000).contains(count), (0..<count).contains(index) else {
        throw StepFailure("bucket \(index) of \(count): give 0 to one less, of 1 to 10000")
      }
      self.index = index
      self.count = count
    }
  }

  /// The table's name in SQL.
  public let table: String
  /// The tenant, without the underscore of its column.
  public let tenant: String
  /// Which rows.
  public let rows: Rows
  /// The users, if not all.
  public let bucket: Bucket?

  /// A selection; throws a `StepFailure` for a name or id that cannot stand in SQL.
  public init(table: String, tenant: String, rows: Rows, bucket: Bucket? = nil) throws {
    try SQLWord.check(table, "the name of a table")
    try SQLWord.check(tenant, "the name of a tenant")
    switch rows {
    case .batches(let ids):
      guard !ids.isEmpty else { throw StepFailure("there is no batch to read in \(table)") }
      try ids.forEach { try SQLWord.checkID($0, "the id of a batch of \(table)") }
    case .snapshots(let after, let upTo):
      for id in [after, upTo].compactMap({ $0 }) {
        guard !id.isEmpty, id.count <= 20, id.utf8.allSatisfy({ (48...57).contains($0) }) else {
          throw StepFailure("'\(id)' is not the id of a snapshot of \(table): expected digits")
        }
      }
    }
    self.table = table
    self.tenant = tenant
    self.rows = rows
    self.bucket = bucket
  }

  /// The column of the user id.
  var user: String { "_\(tenant).cmle_id" }

  /// The relation behind FROM; a selection of snapshots is part of it.
  ///
  /// The beginning is the word 'HEAD' in quotes: the start of a range is left out, so the first
  /// snapshot's id would lose its rows.
  var relation: String {
    guard case .snapshots(let after, let upTo) = rows else { return table }
    return "\(table) SNAPSHOT BETWEEN \(after ?? "'HEAD'") AND \(upTo)"
  }

  /// The conditions behind WHERE; empty for none.
  ///
  /// Ids are sorted, so that equal selections have equal texts.
  func conditions(withUser: Bool) -> [String] {
    var conditions: [String] = []
    if case .batches(let ids) = rows {
      let list = Set(ids).sorted().map { "'\($0)'" }.joined(separator: ", ")
      conditions.append("_acp_system_metadata.acp_sourceBatchId IN (\(list))")
    }
    if withUser || bucket != nil { conditions.append("\(user) IS NOT NULL") }
    if let bucket { conditions += bucket.conditions(user: user) }
    return conditions
  }

  /// ` WHERE ...` over lines with an indentation; empty without a condition.
  func filter(_ indentation: String, withUser: Bool = false) -> String {
    let conditions = conditions(withUser: withUser)
    guard !conditions.isEmpty else { return "" }
    return "\n\(indentation)WHERE " + conditions.joined(separator: "\n\(indentation)  AND ")
  }
}

extension EventSelection.Bucket {
  /// A share of the values of md5, so that every dialect cuts the same buckets.
  ///
  /// DuckDB's own hash, by which local steps cut theirs, exists nowhere else; a user's rows are the same
  /// in whichever bucket they are computed.
  func conditions(user: String) -> [String] {
    guard count > 1 else { return [] }
    var conditions: [String] = []
    if index > 0 { conditions.append("md5(\(user)) >= '\(bound(index))'") }
    if index < count - 1 { conditions.append("md5(\(user)) < '\(bound(index + 1))'") }
    return conditions
  }

  private func bound(_ index: Int) -> String {
    SQLWord.hexadecimal(UInt64(index) << 32 / UInt64(count))
  }
}

/// Texts that may stand in SQL of any dialect without an escape.
enum SQLWord {
  static func check(_ text: String, _ what: String) throws {
    guard (1...255).contains(text.utf8.count), text.utf8.allSatisfy(isLetterOrDigit) else {
      throw StepFailure("'\(text.prefix(80))' is not \(what): expected letters, digits and '_'")
    }
  }

  static func checkID(_ text: String, _ what: String) throws {
    guard (1...255).contains(text.utf8.count),
      text.utf8.allSatisfy({ isLetterOrDigit($0) || $0 == UInt8(ascii: "-") })
    else {
      throw StepFailure(
        "'\(text.prefix(80))' is not \(what): expected letters, digits, '_' and '-'")
    }
  }

  /// Eight digits or more.
  static func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: max(0, 8 - digits.count)) + digits
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}

// The step that cuts a table into named parts by a seeded order. It knows no column but the key.
import AtelierStep
import DuckDB
import LearningFormats
import LearningTools

/// Puts the rows into the order of md5(seed || key), equal ones by the key itself, and cuts that order.
///
/// With n rows a part ends after floor(n * end) of them. What follows the last end is left out. With a
/// group the order is that of md5(seed || group) first, and all rows of a group are in the part in which
/// its first row would be, so that no part knows rows of another one's groups.
public struct SplitTable: Step {
  /// The table to split.
  public var table: Artifact<DataTable>
  /// A column whose values are unique and not null.
  public var key: String
  /// A column whose equal values keep rows together, such as an identifier that recurs.
  ///
  /// A row without a value is a group of its own. Nil: each row may go anywhere.
  public var group: String?
  /// The parts in the order of their ends.
  public var parts: [TablePart]
  /// Decides the order in which rows or groups are assigned to parts.
  public var seed: Int
  /// A Parquet file per part, its rows in the seeded order.
  public var split = Output<TableParts>()

  /// DuckDB, which sorts and writes the parts.
  public var programs: [Program] { [.duckdb] }
  /// `split.sql`, with placeholders for key and group.
  public var sql: [String: String] { SQLFile.split.named }

  /// Splits the table; fails when a part would be empty.
  public func run(in context: StepContext) throws {
    try PartNames.check(parts.map(\.name))
    let database = try DuckDB(in: context)
    let rows = try count(database, context.path(table))
    let ends = try Self.ends(of: parts, rows: rows)
    let tree = try context.path(split)
    var script = try context.sql(SQLFile.split)
      .replacing("<order>", with: order).replacing("<group>", with: grouping)
      .replacing("<key>", with: SQLName.quoted(key))
    var counts: [String] = []
    var begin = 0
    for (part, end) in zip(parts, ends) {
      script += """
        COPY (
          SELECT * EXCLUDE (\(Self.place), \(Self.row)) FROM ordered
          WHERE \(Self.place) > \(begin) AND \(Self.place) <= \(end) ORDER BY \(Self.row)
        ) TO \(SQLValue.text("\(tree)/\(part.name).parquet").literal) (
          FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880);

        """
      counts.append("count(*) FILTER (\(Self.place) > \(begin) AND \(Self.place) <= \(end))")
      begin = end
    }
    let printed = try database.run(
      script + "SELECT \(counts.joined(separator: ", ")) FROM ordered;",
      with: ["table": .text(try context.path(table)), "seed": .integer(Int64(seed))])
    try JSONReport.write(found(printed), to: "\(tree)/parts.json")
  }

  /// The rows of each part; throws a `StepFailure` where groups leave none for one.
  private func found(_ printed: String) throws -> [String: Int] {
    let counts = printed.split(separator: "\n").last?.split(separator: ",").compactMap { Int($0) }
    guard let counts, counts.count == parts.count else {
      throw StepFailure("DuckDB's answer is not \(parts.count) counts: \(printed)")
    }
    if let empty = zip(parts, counts).first(where: { $0.1 == 0 }) {
      throw StepFailure(
        "the part '\(empty.0.name)' would have no row: the rows of one '\(group ?? key)' stay together, "
          + "and there are too few different ones")
    }
    return Dictionary(uniqueKeysWithValues: zip(parts.map(\.name), counts))
  }

  /// Our own columns in `split.sql`.
  private static let place = #""atelier place""#
  private static let row = #""atelier row""#

  /// What tells groups apart: the key for rows without one.
  private var grouping: String {
    let key = SQLName.quoted(key)
    guard let group = group.map(SQLName.quoted) else { return key }
    return "\(group), CASE WHEN \(group) IS NULL THEN \(key) END"
  }

  /// The seeded order of groups.
  private var order: String {
    let key = SQLName.quoted(key)
    guard let group = group.map(SQLName.quoted) else {
      return "md5(getvariable('seed')::VARCHAR || \(key)::VARCHAR)"
    }
    let text = "coalesce(\(group)::VARCHAR, \(key)::VARCHAR)"
    return "md5(getvariable('seed')::VARCHAR || \(text)), \(grouping)"
  }

  private func count(_ database: DuckDB, _ path: String) throws -> Int {
    let name = SQLName.quoted(key)
    let text = try database.run(
      """
      SELECT count(*), count(\(name)), count(DISTINCT \(name))
      FROM read_parquet(getvariable('table'));
      """, with: ["table": .text(path)])
    let counts = text.split(separator: "\n").last?.split(separator: ",").compactMap { Int($0) }
    guard let counts, counts.count == 3, counts[0] == counts[1], counts[1] == counts[2] else {
      throw StepFailure(
        "the key '\(key)' must be unique and not null; rows, keys, different keys: "
          + (text.split(separator: "\n").last.map(String.init) ?? "none"))
    }
    return counts[0]
  }

  /// After how many rows each part ends; throws a `StepFailure` where one would be empty.
  static func ends(of parts: [TablePart], rows: Int) throws -> [Int] {
    var last = 0
    return try parts.map { part in
      guard part.end > 0, part.end <= 1 else {
        throw StepFailure("the part '\(part.name)' ends at \(part.end): give a share up to 1")
      }
      let end = Int(Double(rows) * part.end)
      guard end > last else {
        throw StepFailure(
          "the part '\(part.name)' would have no row: it goes from \(last) to \(end) of \(rows) rows"
        )
      }
      last = end
      return end
    }
  }
}

// Checks a delivered export and brings it into reach of SQL. It does not know what for.
import AtelierStep
import DuckDB
import PropensityFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The export as an SQL view `export` with the user, the label and the features, in this order, and a
/// view `part` of each user's part, the name of the file without its endings.
struct ExportTable {
  /// The columns of the user and of what is foretold.
  static let user = "userId"
  static let label = "subscriptionOccurred"

  /// The number of users; each has one row.
  let users: Int
  private let database: DuckDB
  private let view: String

  /// Opens an export: a folder of files `part-*.<format>`, with a second ending if compressed.
  ///
  /// `features` are those of the export, all of them in the order of their columns.
  init(
    _ export: Artifact<FeatureExport>, dataFormat: String, features: [String],
    in context: StepContext
  ) throws {
    let format = try Self.format(dataFormat)
    let files = try Self.parts(in: try context.path(export), format: format)
    let relation = FeatureExportReader(format: format, features: features)
      .relation(of: SQLValue.list(files.map(SQLValue.text)).literal)
    database = try DuckDB(in: context)
    let columns = [Self.user, Self.label] + features
    try Self.check(columns, in: database.run("DESCRIBE FROM \(relation);"))
    view = """
      CREATE VIEW export AS SELECT \(SQLName.list(columns)) FROM \(relation);
      CREATE VIEW part AS
      SELECT userId, regexp_extract(filename, '([^/.]*)[^/]*$', 1) AS part FROM \(relation);

      """
    users = try Self.users(in: database, view: view)
  }

  /// Runs a script over the view.
  func run(_ sql: String, with variables: [String: SQLValue] = [:]) throws {
    try database.run(view + sql, with: variables)
  }

  private static func format(_ name: String) throws -> ExportFormat {
    guard let format = ExportFormat(rawValue: name) else {
      let known = ExportFormat.allCases.map(\.rawValue).joined(separator: ", ")
      throw StepFailure("the export's data format is '\(name)'; use one of \(known)")
    }
    return format
  }

  private static func parts(in folder: String, format: ExportFormat) throws -> [String] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    let parts = names.filter { name in
      guard name.hasPrefix("part-") else { return false }
      let endings = name.split(separator: ".").dropFirst()
      return endings.first.map(String.init) == format.rawValue
    }
    guard !parts.isEmpty else {
      throw StepFailure(
        "the export holds no file part-*.\(format.rawValue), only: "
          + (names.isEmpty ? "nothing" : names.sorted().joined(separator: ", "))
          + ". Is [Cloud] data_format the one of the delivery?")
    }
    return parts.sorted().map { "\(folder)/\($0)" }
  }

  private static func check(_ columns: [String], in description: String) throws {
    let present = description.split(separator: "\n").dropFirst()
      .map { $0.prefix { $0 != "," } }.map(String.init)
    let missing = columns.filter { !present.contains($0) }
    guard missing.isEmpty else {
      throw StepFailure(
        "the export lacks the column\(missing.count > 1 ? "s" : "") "
          + "\(missing.joined(separator: ", ")); it has \(present.joined(separator: ", "))")
    }
  }

  private static func users(in database: DuckDB, view: String) throws -> Int {
    let counts = try database.run(
      view + "SELECT count(*), count(userId), count(DISTINCT userId) FROM export;")
    let numbers = counts.split(separator: "\n").last?.split(separator: ",").compactMap { Int($0) }
    guard let numbers, numbers.count == 3 else {
      throw StepFailure("DuckDB's answer is not three counts: \(counts)")
    }
    guard numbers[0] > 0 else { throw StepFailure("the export holds no row") }
    guard numbers[0] == numbers[1], numbers[1] == numbers[2] else {
      throw StepFailure(
        "the export must hold one row a user: \(numbers[0]) rows have \(numbers[1]) user ids, "
          + "\(numbers[2]) of them different")
    }
    return numbers[0]
  }
}

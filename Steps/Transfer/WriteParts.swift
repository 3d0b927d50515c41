// The step that writes parts of a table as CSV files for other programs. It knows no column by name.
import AtelierStep
import DuckDB
import LearningFormats

/// One CSV file to write: which part, which columns, with or without their names.
public struct PartText: Codable, Sendable {
  /// The file's name.
  public var file: String
  /// The part's name.
  public var part: String
  /// The columns in the file's order.
  public var columns: [String]
  public var header: Bool

  public init(file: String, part: String, columns: [String], header: Bool) {
    self.file = file
    self.part = part
    self.columns = columns
    self.header = header
  }
}

/// Writes parts of a table as CSV files, in the order of their rows; null is an empty field.
public struct WriteParts: Step {
  public static let code = CodeFingerprint.module

  public var parts: Artifact<TableParts>
  public var files: [PartText]
  public var texts = Output<TableTexts>()

  public init(parts: Artifact<TableParts>, files: [PartText]) {
    self.parts = parts
    self.files = files
  }

  public var programs: [Program] { [.duckdb] }

  public func run(in context: StepContext) throws {
    let source = try context.path(parts)
    let target = try context.path(texts)
    guard Set(files.map(\.file)).count == files.count,
      !files.contains(where: { $0.file.contains("/") || $0.file.isEmpty || $0.columns.isEmpty })
    else {
      throw StepFailure("each CSV file of the parts needs columns and a plain name of its own")
    }
    let copies = files.map { file in
      """
      COPY (SELECT \(SQLName.list(file.columns))
        FROM read_parquet(\(SQLValue.text("\(source)/\(file.part).parquet").literal)))
      TO \(SQLValue.text("\(target)/\(file.file)").literal) (FORMAT csv, HEADER \(file.header));

      """
    }
    try DuckDB(in: context).run(copies.joined())
  }
}

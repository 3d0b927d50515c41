// The step that writes parts of a table as CSV files for other programs. It knows no column by name.
import AtelierStep
import DuckDB
import LearningFormats

/// Writes parts of a table as CSV files, in the order of their rows; null is an empty field.
public struct WriteParts: Step {
  /// The table in named parts.
  public var parts: Artifact<TableParts>
  /// The files to write.
  public var files: [PartText]
  /// The CSV files by their names.
  public var texts = Output<TableTexts>()

  /// DuckDB, which writes the files.
  public var programs: [Program] { [.duckdb] }

  /// Writes the files; fails for names that are empty, have a slash or occur twice.
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

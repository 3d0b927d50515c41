// The step that writes parts of a table as CSV files for other programs. It knows no column by name.
import AtelierStep
import DuckDB
import LearningFormats

/// Writes parts of a table as CSV files, in the order of their rows; null is an empty field.
public struct WriteParts: Step {
  public var parts: Artifact<TableParts>
  public var files: [PartText]
  public var texts = Output<TableTexts>()

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

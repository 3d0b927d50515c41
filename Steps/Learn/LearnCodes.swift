// The step that numbers the values of a column. It encodes nothing.
import AtelierStep
import DuckDB
import LearningFormats

/// A code for each value of a column: its place in the order of the values' bytes, from 0 up.
///
/// Kept with the model, so that later rows get the codes that it was trained with.
public struct LearnCodes: Step {
  /// The table with the values.
  public var table: Artifact<DataTable>
  /// The column of the values, taken as text.
  public var column: String
  /// The values and their codes from 0 up, in the order of the values' bytes.
  public var codes = Output<CodeTable>()

  /// DuckDB, which sorts the values.
  public var programs: [Program] { [.duckdb] }

  /// Numbers the distinct values of the column; nulls get no code.
  public func run(in context: StepContext) throws {
    try DuckDB(in: context).run(
      """
      COPY (
        SELECT value, row_number() OVER (ORDER BY value) - 1 AS code
        FROM (
          SELECT DISTINCT \(SQLName.quoted(column))::VARCHAR AS value
          FROM read_parquet(getvariable('table'))
        ) WHERE value IS NOT NULL
        ORDER BY code
      ) TO (getvariable('codes')) (FORMAT csv, HEADER, FORCE_QUOTE (value));
      """,
      with: ["table": .text(try context.path(table)), "codes": .text(try context.path(codes))])
  }
}

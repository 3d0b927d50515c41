// The step that invents abalones. It knows the file's forms; abalone.sql knows the animals.
import AtelierStep
import DuckDB
import LearningFormats

/// A CSV file in the form of the Abalone data set, with a row an animal.
///
/// Columns: sex (M, F or I), length, diameter, height, whole_weight, shucked_weight, viscera_weight,
/// shell_weight, rings. With a header, as it is uploaded, `record_id` from 0 up stands before them; without
/// one the file is as UCI publishes it. A row depends on the seed and its number alone.
public struct SimulateAbalone: Step {
  public var rows: Int
  public var seed: Int
  /// Whether the file has a header and `record_id`.
  public var header: Bool = true
  public var abalones = Output<TableFile>()

  /// The columns of a simulated file.
  public static func columns(header: Bool) -> [String] {
    (header ? ["record_id"] : []) + [
      "sex", "length", "diameter", "height", "whole_weight", "shucked_weight", "viscera_weight",
      "shell_weight", "rings",
    ]
  }

  public var programs: [Program] { [.duckdb] }
  public var sql: [String: String] { SQLFile.abalone.named }

  public func run(in context: StepContext) throws {
    guard (1...100_000_000).contains(rows) else {
      throw StepFailure("the number of rows is \(rows): give 1 to 100000000")
    }
    let columns = SQLName.list(Self.columns(header: header))
    try DuckDB(in: context).run(
      try context.sql(SQLFile.abalone)
        + """
        COPY (SELECT \(columns) FROM abalones ORDER BY record_id)
        TO (getvariable('abalones')) (FORMAT csv, HEADER \(header));
        """,
      with: [
        "rows": .integer(Int64(rows)), "seed": .integer(Int64(seed)),
        "abalones": .text(try context.path(abalones)),
      ])
  }
}

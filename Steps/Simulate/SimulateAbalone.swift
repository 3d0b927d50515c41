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
  /// The number of animals: 1 to 100,000,000.
  public var rows: Int
  /// Decides every draw.
  public var seed: Int
  /// Whether the file has a header and `record_id`.
  public var header: Bool = true
  /// The CSV file.
  public var abalones = Output<TableFile>()

  /// The columns of a simulated file.
  public static func columns(header: Bool) -> [String] {
    (header ? ["record_id"] : []) + [
      "sex", "length", "diameter", "height", "whole_weight", "shucked_weight", "viscera_weight",
      "shell_weight", "rings",
    ]
  }

  /// DuckDB, which draws and writes the rows.
  public var programs: [Program] { [.duckdb] }
  /// `abalone.sql`, which draws by seed and row number.
  public var sql: [String: String] { SQLFile.abalone.named }

  /// Writes the file; fails for a number of rows out of range.
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

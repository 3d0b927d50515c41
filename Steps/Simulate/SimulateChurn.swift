// The step that invents customers of a telephone company. It knows the file's form; churn.sql knows
// the customers.
import AtelierStep
import DuckDB
import LearningFormats

/// A CSV file in the form of the customer churn data set: no header, the label first, 69 features.
///
/// With two classes the label says whether the customer leaves; with three or four it says why, too.
/// A row depends on the seed and its number alone.
public struct SimulateChurn: Step {
  /// The number of customers: 1 to 100,000,000.
  public var rows: Int
  /// 2 to 4.
  public var classes: Int
  /// Decides every draw.
  public var seed: Int
  /// The CSV file.
  public var customers = Output<TableFile>()

  /// DuckDB, which draws and writes the rows.
  public var programs: [Program] { [.duckdb] }
  /// `churn.sql`, which draws by seed and row number.
  public var sql: [String: String] { SQLFile.churn.named }

  /// Writes the file; fails for a number of rows or classes out of range.
  public func run(in context: StepContext) throws {
    guard (1...100_000_000).contains(rows) else {
      throw StepFailure("the number of rows is \(rows): give 1 to 100000000")
    }
    guard (2...4).contains(classes) else {
      throw StepFailure("the number of classes is \(classes): give 2 to 4")
    }
    try DuckDB(in: context).run(
      try context.sql(SQLFile.churn),
      with: [
        "rows": .integer(Int64(rows)), "classes": .integer(Int64(classes)),
        "seed": .integer(Int64(seed)), "customers": .text(try context.path(customers)),
      ])
  }
}

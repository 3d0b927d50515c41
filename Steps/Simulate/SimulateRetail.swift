// The step that invents sales of an online shop. It knows the file's form; retail.sql knows the shop.
import AtelierStep
import DuckDB
import LearningFormats

/// A CSV file in the form of the Online Retail data set, with a row a sale.
///
/// Columns: InvoiceNo (a leading C is a cancellation), StockCode, Description, Quantity, InvoiceDate
/// (MM/DD/YYYY HH:MM), UnitPrice, CustomerID (a quarter is empty), Country. A row depends on the seed
/// and its number alone.
public struct SimulateRetail: Step {
  /// The number of sales: 1 to 100,000,000.
  public var rows: Int
  /// Decides every draw.
  public var seed: Int
  /// The CSV file.
  public var sales = Output<TableFile>()

  /// DuckDB, which draws and writes the rows.
  public var programs: [Program] { [.duckdb] }
  /// `retail.sql`, which draws by seed and row number.
  public var sql: [String: String] { SQLFile.retail.named }

  /// Writes the file; fails for a number of rows out of range.
  public func run(in context: StepContext) throws {
    guard (1...100_000_000).contains(rows) else {
      throw StepFailure("the number of rows is \(rows): give 1 to 100000000")
    }
    try DuckDB(in: context).run(
      try context.sql(SQLFile.retail),
      with: [
        "rows": .integer(Int64(rows)), "seed": .integer(Int64(seed)),
        "sales": .text(try context.path(sales)),
      ])
  }
}

// The step that makes one table of another by a query. It knows neither of them.
import AtelierStep
import DuckDB
import LearningFormats

/// The result of a query over a table, which the query calls `input`, ordered by a key of its own.
///
/// The same bytes everywhere are the query's duty: no random(), and no function of the C library's
/// mathematics (ln, exp, pow) unless its result is rounded.
public struct ShapeTable: Step {
  /// The table that the query calls `input`.
  public var table: Artifact<DataTable>
  /// One SELECT statement.
  public var query: String
  /// A column of the result whose values are unique and not null.
  public var key: String
  /// The rows of the query, ordered by `key`.
  public var shaped = Output<DataTable>()

  /// DuckDB, which runs the query.
  public var programs: [Program] { [.duckdb] }

  /// Runs the query; fails when it gives no row, or rows without a `key` of their own.
  public func run(in context: StepContext) throws {
    let name = SQLName.quoted(key)
    let database = try DuckDB(in: context)
    let problem = try database.rows(
      """
      CREATE TEMP VIEW input AS FROM read_parquet(getvariable('table'));
      CREATE TEMP TABLE shaped AS \(query);
      COPY (FROM shaped ORDER BY \(name)) TO (getvariable('shaped')) (
        FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880);
      SELECT format('{} rows have {} values in column ''{}'', {} of them different',
        count(*), count(\(name)), getvariable('key'), count(DISTINCT \(name))) AS problem
      FROM shaped HAVING count(*) = 0 OR count(DISTINCT \(name)) <> count(*);
      """,
      with: [
        "table": .text(try context.path(table)), "shaped": .text(try context.path(shaped)),
        "key": .text(key),
      ])
    if let what = problem.first?["problem"]?.string {
      throw StepFailure("the result needs rows, each with a key of its own: \(what)")
    }
  }
}

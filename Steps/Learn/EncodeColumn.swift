// The step that puts codes for the values of a column. It learns none.
import AtelierStep
import DuckDB
import LearningFormats

/// A table with one column more: the code of another column's value by a table of codes.
///
/// A null has the code -1, as pandas gives it.
public struct EncodeColumn: Step {
  /// The table whose column is encoded.
  public var table: Artifact<DataTable>
  /// The code of each value.
  public var codes: Artifact<CodeTable>
  /// The column of the values.
  public var column: String
  /// The name of the new column.
  public var name: String
  /// What a value without a code means: a failure, or a missing value.
  public var unknown: UnknownCode
  /// A column that orders the rows, unique and not null.
  public var key: String
  /// The table with the column `name` of BIGINT codes added, ordered by `key`.
  public var encoded = Output<DataTable>()

  /// The codes for the values of `column` in a new column; `key` is unique and not null.
  public init(
    table: Artifact<DataTable>, codes: Artifact<CodeTable>, column: String, as name: String,
    unknown: UnknownCode, key: String
  ) {
    self.table = table
    self.codes = codes
    self.column = column
    self.name = name
    self.unknown = unknown
    self.key = key
  }

  /// DuckDB, which joins the codes.
  public var programs: [Program] { [.duckdb] }

  /// Adds the codes; fails for a value without one if `unknown` says so.
  public func run(in context: StepContext) throws {
    let (column, key) = (SQLName.quoted(column), SQLName.quoted(key))
    let printed = try DuckDB(in: context).run(
      """
      CREATE TEMP TABLE "atelier code" AS
      FROM read_csv(
        getvariable('codes'), auto_detect = false, header = true, delim = ',', quote = '"',
        escape = '"', allow_quoted_nulls = false, columns = {'value': 'VARCHAR', 'code': 'BIGINT'});
      CREATE TEMP TABLE encoded AS
      SELECT given.*,
        CASE WHEN given.\(column) IS NULL THEN -1 ELSE known.code END AS \(SQLName.quoted(name))
      FROM read_parquet(getvariable('table')) AS given
        LEFT JOIN "atelier code" AS known ON given.\(column)::VARCHAR = known.value;
      COPY (FROM encoded ORDER BY \(key)) TO (getvariable('encoded')) (
        FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880);
      SELECT 'key ' || min_by(\(key), \(key)) || ': ''' || min_by((\(column)::VARCHAR)[:60], \(key))
        || ''', the first of ' || count(*) AS problem
      FROM encoded WHERE \(SQLName.quoted(name)) IS NULL HAVING count(*) > 0;
      """,
      with: [
        "table": .text(try context.path(table)), "codes": .text(try context.path(codes)),
        "encoded": .text(try context.path(encoded)),
      ])
    guard let line = printed.split(separator: "\n").dropFirst().first else { return }
    let problem = line.filter { $0 != "\"" }
    let what = "values of '\(self.column)' without a code in the code table; \(problem)"
    if unknown == .missing {
      context.log(what + "; they count as missing")
    } else {
      throw StepFailure(
        "there are \(what). Learn the codes from these rows, or let unknown codes be missing")
    }
  }
}

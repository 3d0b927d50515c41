// The step that takes features as the platform gives them into those of this machine. It computes none.
import AtelierStep
import DuckDB
import Featurize
import PropensityFormats

/// Features that were brought from the platform, with their declared types and in their order.
///
/// Equal to what `FeaturizeBatch` writes for the same rows, byte for byte. A value that its column's type
/// does not hold exactly, a column that is missing, or a user with two rows is refused.
public struct ShapeFeatures: Step {
  /// The files from the platform.
  public var files: Artifact<Brought<FeatureTable>>
  /// The features in the order of their columns.
  public var features: [Feature] = Feature.propensity
  /// A row per user, ordered by user id.
  public var part = Output<FeatureTable>()

  /// DuckDB, which reads and writes them.
  public var programs: [Program] { [.duckdb] }

  /// Checks and writes the rows.
  public func run(in context: StepContext) throws {
    let columns = FeatureTable.columns(features: features.map(\.name))
    let typed = columns.map { column -> String in
      let name = SQLName.quoted(column.name)
      return "\(name)::\(column.type) AS \(name)"
    }
    let lost = columns.map { column -> String in
      let name = SQLName.quoted(column.name)
      return "count(*) FILTER (try_cast(\(name) AS \(column.type)) IS DISTINCT FROM \(name))"
        + " AS \(name)"
    }
    let files = try BroughtFiles.paths(in: context.path(self.files))
    let database = try DuckDB(in: context)
    let variables: [String: SQLValue] = [
      "files": .list(files.map { .text($0) }), "part": .text(try context.path(part)),
    ]
    let view = "CREATE TEMP VIEW brought AS FROM read_parquet(getvariable('files'));\n"
    let found = try database.rows(
      view + "SELECT count(*) AS rows, count(DISTINCT userId) AS users FROM brought;\n",
      with: variables
    ).first
    guard let found, found["rows"] == found["users"] else {
      throw StepFailure(
        "the platform's table has \(found?["rows"]?.integer ?? 0) rows of "
          + "\(found?["users"]?.integer ?? 0) users, expected one row a user")
    }
    let losses = try database.rows(
      view + "SELECT \(lost.joined(separator: ", ")) FROM brought;\n", with: variables)
    for column in columns {
      guard let count = losses.first?[column.name]?.integer, count > 0 else { continue }
      throw StepFailure(
        "the platform's column '\(column.name)' has \(count) values that \(column.type) does not hold "
          + "exactly; nothing was taken")
    }
    try database.run(
      view + """
        COPY (SELECT \(typed.joined(separator: ", ")) FROM brought ORDER BY userId)
        TO (getvariable('part')) (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880);
        """, with: variables)
  }
}

// The step that writes scores as the platform takes them in. It sends nothing.
import AtelierStep
import DuckDB
import PropensityFormats

/// Shapes scores for the way that they take.
///
/// A batch is a line of JSON a user, `{"_<tenant>": {"cmle_id": ..., "propensity": ...}}`; a flow maps a CSV file
/// with the header `userId,prediction` by itself.
public struct ShapeScores: Step {
  /// The scores.
  public var scores: Artifact<Scores>
  /// How they get to the platform.
  public var way: ScoreWay
  /// The tenant, without the underscore of its column.
  public var tenant: String
  /// The records, ordered by user.
  public var records = Output<ScoreRecords>()

  /// DuckDB, which writes the file.
  public var programs: [Program] { [.duckdb] }

  /// Writes all scores.
  public func run(in context: StepContext) throws {
    let column = try TenantColumn(tenant).named(in: "\"_<tenant>\"")
    let rows =
      way == .batch
      ? "{'cmle_id': userId, 'propensity': prediction} AS \(column)" : "userId, prediction"
    let format = way == .batch ? "FORMAT json, ARRAY false" : "FORMAT csv, HEADER true"
    try DuckDB(in: context).run(
      """
      COPY (
        SELECT \(rows)
        FROM read_csv(getvariable('scores'), header = true,
          columns = {'userId': 'VARCHAR', 'prediction': 'DOUBLE'})
        ORDER BY userId
      ) TO (getvariable('records')) (\(format));
      """,
      with: [
        "scores": .text(try context.path(scores)), "records": .text(try context.path(records)),
      ])
  }
}

// The step that makes an exploration's table of the platform's answer. It asks nothing.
import AtelierStep
import DuckDB
import PlatformQueries
import PropensityFormats

/// The rest of an exploration's work: types, quotients and order, as the local step has them.
///
/// `Format` says which exploration; the worker knows those that have a type alias here.
public struct FinishAnswer<Format: ArtifactFormat>: Step {
  /// Rows and users.
  public typealias OfStatistics = FinishAnswer<Statistics>
  /// Some rows.
  public typealias OfSamples = FinishAnswer<SampleRows>
  /// A sample and its extrapolation.
  public typealias OfSampling = FinishAnswer<Sampling>
  /// Users and events of each type.
  public typealias OfFunnel = FinishAnswer<Funnel>
  /// Users with one type, then another.
  public typealias OfCooccurrence = FinishAnswer<Cooccurrence>
  /// The correlation with subscriptions.
  public typealias OfCorrelation = FinishAnswer<Correlation>

  /// The name in keys and records, such as `FinishFunnel`.
  public static var stepName: String { "Finish\(Format.self)" }

  /// What the platform answered.
  public var answer: Artifact<PlatformAnswer>
  /// How DuckDB reads the answer: a table function over `getvariable('answer')`.
  public var relation: String
  /// The SELECT over the relation `answer`.
  public var finish: String
  /// The table.
  public var table = Output<Format>()

  /// DuckDB, which computes it.
  public var programs: [Program] { [.duckdb] }
  /// The SELECT.
  public var sql: [String: String] { ["finish.sql": finish] }

  /// Writes the table.
  public func run(in context: StepContext) throws {
    try DuckDB(in: context).run(
      """
      CREATE TEMP VIEW answer AS FROM \(relation);
      COPY (\(try context.sql("finish.sql"))) TO (getvariable('table')) (FORMAT csv, HEADER true);
      """,
      with: [
        "answer": .text(try context.path(answer)), "table": .text(try context.path(table)),
      ])
  }
}

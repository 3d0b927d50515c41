// The step that extrapolates a count from a sample.
import AtelierStep
import DuckDB
import PropensityFormats

/// Samples some percent of the events by a seeded hash and extrapolates their number.
///
/// One row `sampleRows, estimate, actual`.
public struct SampleEstimate: Step {
  public static let code = CodeFingerprint.module

  /// The events of all batches.
  public var events: [Artifact<EventTable>]
  /// The seed of the sample.
  public var seed: Int
  /// The share of the sample, 1 to 99.
  public var percent: Int
  /// The table.
  public var table = Output<Sampling>()

  /// The exploration of some batches.
  public init(events: [Artifact<EventTable>], seed: Int, percent: Int = 5) {
    self.events = events
    self.seed = seed
    self.percent = percent
  }

  public var programs: [Program] { [.duckdb] }
  public var sql: [String: String] { ["sampling.sql": SQLText.sampling] }

  public func run(in context: StepContext) throws {
    guard (1...99).contains(percent) else {
      throw StepFailure("the parameter 'percent' is \(percent): give 1 to 99")
    }
    try Exploration(in: context).run(
      try context.sql("sampling.sql"),
      over: events, into: table,
      with: ["seed": .integer(Int64(seed)), "percent": .integer(Int64(percent))])
  }
}

// Small exports and trained models that the tests of this family share.
import AtelierStep
import AtelierTesting
import DuckDB
import Foundation
import LearningTools
import PropensityFormats
import XGBoost

@testable import Train

/// A delivered export of made-up users, and the steps run on it.
struct Fixture {
  let space: TemporarySpace
  let export: String

  /// Users 0..<count; their labels follow from the features and some noise.
  ///
  /// `change` is SQL that may alter the table `users` before it is written.
  init(
    users count: Int = 1000, format: String = "parquet", parts: Int = 2, change: String = ""
  ) throws {
    space = try TemporarySpace()
    export = space.path + "/export"
    for folder in ["export", "scratch"] {
      try FileManager.default.createDirectory(
        atPath: "\(space.path)/\(folder)", withIntermediateDirectories: true)
    }
    var script = Self.users + change
    for part in 0..<parts {
      let extra = format == "csv" ? ", HEADER" : ""
      script += """

        COPY (SELECT * EXCLUDE (part) FROM users WHERE part % \(parts) = \(part) ORDER BY userId)
        TO '\(export)/part-0000\(part).\(format)' (FORMAT \(format)\(extra));
        """
    }
    let duckdb = TestTools.path(of: "duckdb") ?? ""
    let context = StepContext(
      directory: space.path, inputs: [:], outputs: [:], programs: ["duckdb": duckdb])
    try DuckDB(in: context).run(script, with: ["count": .integer(Int64(count))])
  }

  private static let users = """
    CREATE MACRO draw(i, name, n) AS md5_number_lower(name || i) % n;
    CREATE TABLE users AS
    SELECT lpad((i * 7919 % 99991)::VARCHAR, 38, '1') AS userId,
      'web.formFilledOut' AS eventType, TIMESTAMP '2025-01-01' AS timestamp,
      draw(i, 'clicked', 4) * 2 + draw(i, 'interacts', 3) * 3 + draw(i, 'noise', 4) > 8
        AS subscriptionOccurred,
      draw(i, 'received', 9)::BIGINT AS emailsReceived,
      draw(i, 'opened', 6)::BIGINT AS emailsOpened,
      draw(i, 'clicked', 4)::BIGINT AS emailsClicked,
      draw(i, 'viewed', 4)::BIGINT AS productsViewed,
      draw(i, 'interacts', 3)::BIGINT AS propositionInteracts,
      draw(i, 'dismissed', 3)::BIGINT AS propositionDismissed,
      draw(i, 'links', 5)::BIGINT AS webLinkClicks,
      nullif(draw(i, 'm1', 9000), 0)::BIGINT AS minutes_since_emailSent,
      CASE WHEN draw(i, 'opened', 6) > 0 THEN draw(i, 'm2', 9000) END::BIGINT
        AS minutes_since_emailOpened,
      CASE WHEN draw(i, 'clicked', 4) > 0 THEN draw(i, 'm3', 9000) END::BIGINT
        AS minutes_since_emailClick,
      CASE WHEN draw(i, 'viewed', 4) > 0 THEN draw(i, 'm4', 9000) END::BIGINT
        AS minutes_since_productView,
      CASE WHEN draw(i, 'interacts', 3) > 0 THEN draw(i, 'm5', 9000) END::BIGINT
        AS minutes_since_propositionInteract,
      CASE WHEN draw(i, 'dismissed', 3) > 0 THEN draw(i, 'm6', 9000) END::BIGINT
        AS minutes_since_propositionDismiss,
      CASE WHEN draw(i, 'links', 5) > 0 THEN draw(i, 'm7', 9000) END::BIGINT
        AS minutes_since_linkClick,
      1::BIGINT AS random_row_number_for_user, i AS part
    FROM range(getvariable('count')) AS numbers(i);

    """

  /// The features of the exports, in the order of their columns.
  static let features = [
    "emailsReceived", "emailsOpened", "emailsClicked", "productsViewed", "propositionInteracts",
    "propositionDismissed", "webLinkClicks", "minutes_since_emailSent",
    "minutes_since_emailOpened", "minutes_since_emailClick", "minutes_since_productView",
    "minutes_since_propositionInteract", "minutes_since_propositionDismiss",
    "minutes_since_linkClick",
  ]

  /// Runs `PrepareTraining` on the export.
  func prepare(
    format: String = "parquet", features: [String] = Self.features, sample: Double = 0.5,
    validation: Double = 0.8, probe: Int = 10_000, seed: Int = 1
  ) throws -> StepHarness.Result {
    try StepHarness.run(
      PrepareTraining(
        export: .test, dataFormat: format, features: features, sampleFraction: sample,
        validationFraction: validation, probeRows: probe, seed: seed),
      inputs: ["export": export])
  }

  /// Trains a draw for a short time on prepared data.
  static func probe(_ data: StepHarness.Result, number: Int) throws -> StepHarness.Result {
    try StepHarness.run(
      Probe(data: .test, number: number, seed: 1), inputs: ["data": data.outputs["data"] ?? ""])
  }

  /// Trains a draw in full on prepared data.
  static func trial(_ data: StepHarness.Result, number: Int) throws -> StepHarness.Result {
    let space = try TemporarySpace()
    let draw = "\(space.path)/draw.json"
    try JSONReport.write(SearchSpace.draw(seed: 1, number: number), to: draw)
    return try StepHarness.run(
      Trial(data: .test, draw: .test),
      inputs: ["data": data.outputs["data"] ?? "", "draw": draw])
  }
}

extension PreparedData {
  /// What `PrepareTraining` wrote.
  init(_ result: StepHarness.Result) throws { try self.init(tree: result.outputs["data"] ?? "") }
}

extension StepHarness.Result {
  /// The report in the output `result`.
  func report() throws -> TrialReport {
    try JSONReport.read(TrialReport.self, from: outputs["result"] ?? "", named: "result")
  }

  /// The report of a short training in the output `result`.
  func probeReport() throws -> ProbeReport {
    try JSONReport.read(ProbeReport.self, from: outputs["result"] ?? "", named: "result")
  }
}

/// The library that steps train with.
func library() throws -> XGBoostLibrary {
  try XGBoostLibrary(path: TestTools.path(of: "xgboost") ?? "")
}

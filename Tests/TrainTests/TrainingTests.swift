// The baseline, the trials, the choice among them and its measures, on a small export.
import AtelierTesting
import Content
import Foundation
import LearningTools
import Testing
import XGBoost

@testable import Train

@Suite struct TrainingTests {
  private let data: StepHarness.Result

  init() throws { data = try Fixture().prepare() }

  private var tree: String { data.outputs["data"] ?? "" }

  private func baseline(seed: Int = 1) throws -> StepHarness.Result {
    try StepHarness.run(TrainBaseline(data: .test, seed: seed), inputs: ["data": tree])
  }

  /// Predictions of a model file for the rows of a part, by the wrapper alone.
  private func predictions(
    _ model: [UInt8], nulls: NullHandling, _ part: DataPart = .validation
  ) throws -> [Float] {
    let rows = try PreparedData(data).rows(part)
    let values = rows.features.map { $0.isNaN && nulls == .zero ? 0 : $0 }
    let library = try library()
    return try Booster(library, model: model)
      .predict(DMatrix(library, values: values, columns: rows.width))
  }

  @Test func aTrialDependsOnItsDrawAlone() throws {
    let first = try Fixture.trial(data, number: 3)
    let other = try Fixture.trial(data, number: 4)
    let again = try Fixture.trial(data, number: 3)
    #expect(try first.bytes("model") == again.bytes("model"))
    #expect(try first.bytes("result") == again.bytes("result"))
    #expect(try first.bytes("model") != other.bytes("model"))
    let report = try first.report()
    #expect(report.trial == 3)
    #expect(report.hyperparameters == SearchSpace.draw(seed: 1, number: 3).hyperparameters)
    #expect(report.trainingRows == 100 && report.validationRows == 400)
    #expect(try report.model == Digest.of(first.bytes("model")).description)
  }

  @Test func theReportedMetricsAreThoseOfTheModel() throws {
    let labels = try PreparedData(data).rows(.validation).labels
    for model in try [baseline(), Fixture.trial(data, number: 0), Fixture.trial(data, number: 5)] {
      let report = try model.report()
      let scores = try predictions(
        model.bytes("model"), nulls: report.hyperparameters.nulls)
      let right = zip(scores, labels).filter { ($0 > 0.5) == ($1 == 1) }.count
      #expect(report.accuracy == Double(right) / 400)
      #expect(abs(report.auc - Self.auc(scores, labels)) < 1e-12)
      #expect(report.auc > 0.8, "\(report.trial ?? -1) learned little")
    }
  }

  /// The share of pairs in which the positive row scores higher, pair by pair.
  private static func auc(_ scores: [Float], _ labels: [Float]) -> Double {
    var twice = 0
    for (a, x) in zip(scores, labels) where x == 1 {
      for (b, y) in zip(scores, labels) where y == 0 { twice += a > b ? 2 : a == b ? 1 : 0 }
    }
    let positives = labels.filter { $0 == 1 }.count
    return Double(twice) / Double(2 * positives * (labels.count - positives))
  }

  @Test func aProbeIsAShortTrainingOfItsDraw() throws {
    let data = try Fixture().prepare(probe: 150)
    let probe = try Fixture.probe(data, number: 3)
    #expect(try probe.bytes("result") == Fixture.probe(data, number: 3).bytes("result"))
    #expect(try probe.bytes("result") != Fixture.probe(data, number: 4).bytes("result"))
    let report = try probe.probeReport()
    #expect(report.draw == SearchSpace.draw(seed: 1, number: 3))
    #expect(report.trainingRows == 100 && report.probeRows == 150)
    // What it says of XGBoost's settings gives its AUC again, on the probe's rows alone.
    let prepared = try PreparedData(data)
    let (training, rows) = try (prepared.rows(.training), prepared.rows(.probe))
    let library = try library()
    let booster = try Booster(
      training: DMatrix(
        library, values: training.features, columns: training.width, labels: training.labels),
      rounds: report.xgboost.rounds,
      parameters: report.xgboost.parameters.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    let scores = try booster.predict(
      DMatrix(library, values: rows.features, columns: rows.width))
    #expect(abs(report.auc - Self.auc(scores, rows.labels)) < 1e-12)
    #expect(probe.outputs.keys.sorted() == ["result"])
  }

  @Test func theBaselineIsTenTreesWithNullsAsZero() throws {
    let first = try baseline()
    let report = try first.report()
    #expect(report.trial == nil)
    #expect(report.hyperparameters == .baseline)
    #expect(try first.bytes("model") == baseline().bytes("model"))
    #expect(try first.bytes("model") != baseline(seed: 2).bytes("model"))
    let scores = try predictions(first.bytes("model"), nulls: .zero)
    #expect(scores.allSatisfy { $0 >= -1e-6 && $0 <= 1.000001 })
    #expect(scores.contains { $0 > 0.8 } && scores.contains { $0 < 0.1 })
  }

  #if os(Linux) && arch(x86_64)
    /// The bytes that users keep: they change with the code of this family or XGBoost only.
    @Test func modelsArePinned() throws {
      let digests = try [
        baseline(), Fixture.trial(data, number: 0), Fixture.trial(data, number: 4),
      ].map {
        try Digest.of($0.bytes("model")).short
      }
      #expect(digests == ["fb8823b9edf8", "c3e966d2b91b", "7dfdf33c8265"])
    }
  #endif

  @Test func badTrialsAreNamed() throws {
    #expect(
      stepFailure { try Fixture.probe(data, number: -1) }
        == "a draw's number must be 0 or more, but it is -1")
    let labels = tree + "/train.labels.f32"
    try Data(count: 400).write(to: URL(fileURLWithPath: labels))
    #expect(
      stepFailure { try Fixture.trial(data, number: 0) }?
        .hasPrefix("the train rows hold one class only: 0 of 100 are positive.") == true)
    try Data(count: 40).write(to: URL(fileURLWithPath: labels))
    #expect(
      stepFailure { try baseline() }
        == "the train data hold 1400 values and 10 labels: each row should have 14 features")
    try Data(count: 39).write(to: URL(fileURLWithPath: labels))
    #expect(stepFailure { try baseline() }?.contains("it has 39 bytes") == true)
  }

  @Test func theVersionIsTheBestTrialsModel() throws {
    let baseline = try baseline()
    let trials = try (0..<3).map { try Fixture.trial(data, number: $0) }
    let reports = try trials.map { try $0.report() }
    let selected = try SelectModelTests.select(baseline, trials)
    let best = try #require(reports.indices.max { reports[$0].auc < reports[$1].auc })
    #expect(try selected.bytes("model") == trials[best].bytes("model"))
    let version = try JSONReport.read(
      VersionReport.self, from: selected.outputs["version"] ?? "", named: "version")
    let beaten = try baseline.report()
    #expect(
      version
        == VersionReport(
          modelName: "m", version: String(reports[best].model.dropFirst(7).prefix(12)),
          stage: "Production", model: reports[best].model, trial: best, trials: 20,
          trainedInFull: 3, hyperparameters: reports[best].hyperparameters,
          xgboost: reports[best].xgboost,
          metrics: .init(accuracy: reports[best].accuracy, auc: reports[best].auc),
          baseline: .init(accuracy: beaten.accuracy, auc: beaten.auc)))
    let reversed = try SelectModelTests.select(baseline, trials.reversed())
    #expect(try reversed.bytes("version") == selected.bytes("version"))
  }
}

// The choice among trials: ties, order, and lists that don't fit.
import AtelierTesting
import Content
import Foundation
import LearningTools
import Testing

@testable import Train

@Suite struct SelectModelTests {
  private let space: TemporarySpace

  init() throws { space = try TemporarySpace() }

  /// Runs the step on results of other steps.
  static func select(
    _ baseline: StepHarness.Result, _ trials: [StepHarness.Result]
  ) throws -> StepHarness.Result {
    try select(
      baseline: baseline.outputs["result"] ?? "",
      results: trials.map { $0.outputs["result"] ?? "" },
      models: trials.map { $0.outputs["model"] ?? "" })
  }

  static func select(
    baseline: String, results: [String], models: [String]
  ) throws -> StepHarness.Result {
    var inputs = ["baseline": baseline]
    for (index, path) in results.enumerated() { inputs["trials.\(index)"] = path }
    for (index, path) in models.enumerated() { inputs["models.\(index)"] = path }
    return try StepHarness.run(
      SelectModel(
        baseline: .test, trials: results.map { _ in .test }, models: models.map { _ in .test },
        draws: 20, modelName: "m"),
      inputs: inputs)
  }

  /// Writes a result and its model, and gives their paths.
  private func trial(_ number: Int?, auc: Double) throws -> (result: String, model: String) {
    let name = number.map(String.init) ?? "baseline"
    let text = "model of \(name)"
    let report = TrialReport(
      trial: number, hyperparameters: .baseline,
      xgboost: XGBoostSettings(.baseline, seed: 0), accuracy: 0.75, auc: auc, trainingRows: 1,
      validationRows: 1, model: try Digest.of(text).description)
    let result = "\(space.path)/\(name).json"
    try JSONReport.write(report, to: result)
    return (result, try space.write("\(name).ubj", text))
  }

  private func chosen(_ trials: [(Int, Double)]) throws -> String {
    let files = try trials.map { try trial($0.0, auc: $0.1) }
    return try Self.select(
      baseline: trial(nil, auc: 0.99).result, results: files.map(\.result),
      models: files.map(\.model)
    ).text("model")
  }

  @Test func tiesGoToTheLowestNumber() throws {
    #expect(try chosen([(0, 0.7), (1, 0.8), (2, 0.8)]) == "model of 1")
    #expect(try chosen([(11, 0.8), (9, 0.8), (10, 0.8)]) == "model of 9")
    #expect(try chosen([(3, 0.8), (2, 0.8000000001)]) == "model of 2")
    #expect(try chosen([(5, 0.1)]) == "model of 5")
  }

  @Test func listsMustFit() throws {
    let baseline = try trial(nil, auc: 0.5)
    let (one, two) = (try trial(1, auc: 0.6), try trial(2, auc: 0.7))
    func said(_ results: [String], _ models: [String]) -> String? {
      stepFailure { try Self.select(baseline: baseline.result, results: results, models: models) }
    }
    #expect(said([one.result], [])?.contains("1 results and 0 models are given") == true)
    #expect(said([], [])?.contains("0 results and 0 models are given") == true)
    #expect(
      said([one.result, two.result], [two.model, one.model])?
        .hasSuffix("results and models must be in the same order") == true)
    #expect(
      said([one.result, one.result], [one.model, one.model])
        == "a trial's result is given twice: [1, 1]")
    #expect(
      said([baseline.result], [baseline.model]) == "result 0 of the trials has no trial number")
    #expect(
      said([one.model], [one.model])?.hasPrefix("result 0 of the trials is not a TrialReport")
        == true)
  }
}

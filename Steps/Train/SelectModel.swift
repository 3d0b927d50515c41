// The step that makes the best trial the new version of a model. It trains nothing.
import AtelierStep
import Content
import LearningTools
import PropensityFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The trial with the highest AUC, as a version in stage Production.
///
/// The metrics of the version are those on the validation rows, on which the choice was made, so they
/// are a little too good: the best of many draws. `EvaluateModel` measures on rows that had no say.
/// Equal AUCs go to the lowest number of a draw. The order in which the trials are given does not matter.
public struct SelectModel: Step {
  /// The result to compare with.
  public var baseline: Artifact<TrialResult>
  /// The trials' results.
  public var trials: [Artifact<TrialResult>]
  /// The trials' models, in the order of the results.
  public var models: [Artifact<PropensityModel>]
  /// How many draws the search had, for the version.
  public var draws: Int
  /// The name under which the version is registered.
  public var modelName: String
  /// The chosen trial's model.
  public var model = Output<PropensityModel>()
  /// The version: its name, stage, metrics and hyperparameters.
  public var version = Output<ModelVersion>()

  /// Selects the model; fails when a result and its model do not belong together.
  public func run(in context: StepContext) throws {
    let baseline = try JSONReport.read(
      TrialReport.self, from: context.path(baseline), named: "the baseline's result")
    let candidates = try candidates(in: context)
    let index = try Self.best(of: candidates)
    let (number, report) = candidates[index]
    let bytes = try Data(contentsOf: URL(fileURLWithPath: context.path(models[index])))
    let digest = try Digest.of(bytes)
    guard digest.description == report.model else {
      throw StepFailure(
        "trial \(number) reports the model \(report.model) but was given \(digest): "
          + "results and models must be in the same order")
    }
    try bytes.write(to: URL(fileURLWithPath: context.path(model)))
    try JSONReport.write(
      VersionReport(
        modelName: modelName, version: digest.short, stage: "Production",
        model: digest.description, trial: number, trials: draws,
        trainedInFull: candidates.count, hyperparameters: report.hyperparameters,
        xgboost: report.xgboost,
        metrics: .init(accuracy: report.accuracy, auc: report.auc),
        baseline: .init(accuracy: baseline.accuracy, auc: baseline.auc)),
      to: context.path(version))
  }

  private func candidates(in context: StepContext) throws -> [(number: Int, report: TrialReport)] {
    guard !trials.isEmpty, trials.count == models.count else {
      throw StepFailure(
        "a model is selected among trials with one model each, but \(trials.count) results and "
          + "\(models.count) models are given")
    }
    return try trials.enumerated().map { index, trial in
      let name = "result \(index) of the trials"
      let report = try JSONReport.read(TrialReport.self, from: context.path(trial), named: name)
      guard let number = report.trial else { throw StepFailure("\(name) has no trial number") }
      return (number, report)
    }
  }

  /// The index of the highest AUC and, among equals, of the lowest number.
  static func best(of candidates: [(number: Int, report: TrialReport)]) throws -> Int {
    let numbers = candidates.map(\.number)
    guard Set(numbers).count == numbers.count else {
      throw StepFailure("a trial's result is given twice: \(numbers.sorted())")
    }
    let best = candidates.indices.min { a, b in
      let (a, b) = (candidates[a], candidates[b])
      return a.report.auc != b.report.auc ? a.report.auc > b.report.auc : a.number < b.number
    }
    guard let best else { throw StepFailure("there is no trial to select from") }
    return best
  }
}

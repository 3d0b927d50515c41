// The step that tries one draw for a short time. It knows nothing of the other draws.
import AtelierStep
import LearningTools
import PropensityFormats

/// A short training of one draw of the search, by which it is compared with the other draws.
///
/// It has a quarter of the draw's trees and four times its learning rate, is measured on the part probe,
/// and leaves no model. How many draws there are and what they gave does not matter to it, so probes run
/// side by side, and raising their number trains the new ones only. The search space is part of the code.
public struct Probe: Step {
  /// The rows; it trains on the part train and is measured on the part probe.
  public var data: Artifact<PropensityData>
  /// The number of the draw, from 0 up.
  public var number: Int
  /// Decides, with the number, the hyperparameters and all samples.
  public var seed: Int
  /// The draw and its metrics.
  public var result = Output<ProbeResult>()

  /// XGBoost and its OpenMP library, which train.
  public var programs: [Program] { [.xgboost, .libgomp] }

  /// Draws the hyperparameters, trains on one thread and measures; fails for a negative number.
  public func run(in context: StepContext) throws {
    guard number >= 0 else {
      throw StepFailure("a draw's number must be 0 or more, but it is \(number)")
    }
    let draw = SearchSpace.draw(seed: seed, number: number)
    let settings = draw.hyperparameters.shortened
    let training = try Training(
      PreparedData(data, in: context), settings, seed: draw.sampleSeed, measuredOn: .probe,
      in: context)
    try JSONReport.write(
      ProbeReport(
        draw: draw, xgboost: XGBoostSettings(settings, seed: draw.sampleSeed),
        accuracy: training.accuracy, auc: training.auc, trainingRows: training.trainingRows,
        probeRows: training.measuredRows),
      to: context.path(result))
    context.log("AUC \(training.auc) after \(settings.trees) trees")
  }
}

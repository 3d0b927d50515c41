// The step that tries one set of hyperparameters. It knows nothing of the other trials.
import AtelierStep
import PropensityFormats

/// One training of the search, drawn from the seed and the trial's number alone.
///
/// How many trials there are and what they gave does not matter to it, so trials run side by side,
/// and raising their number trains the new ones only. The search space is part of the code.
public struct Trial: Step {
  /// The rows; it trains on the part train and is measured on the part validation.
  public var data: Artifact<PropensityData>
  /// The number of the trial, from 0 up.
  public var number: Int
  /// Decides, with the number, the hyperparameters and all samples.
  public var seed: Int
  /// The trained model.
  public var model = Output<PropensityModel>()
  /// Its metrics and hyperparameters.
  public var result = Output<TrialResult>()

  /// XGBoost and its OpenMP library, which train.
  public var programs: [Program] { [.xgboost, .libgomp] }

  /// Draws the hyperparameters, trains on one thread and measures; fails for a negative number.
  public func run(in context: StepContext) throws {
    guard number >= 0 else {
      throw StepFailure("a trial's number must be 0 or more, but it is \(number)")
    }
    let training = Training(
      data: data, trial: number, settings: SearchSpace.draw(seed: seed, number: number),
      seed: SearchSpace.sampleSeed(seed: seed, number: number))
    try training.run(model: model, result: result, in: context)
  }
}

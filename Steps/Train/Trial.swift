// The step that tries one set of hyperparameters. It knows nothing of the other trials.
import AtelierStep
import PropensityFormats

/// One training of the search, drawn from the seed and the trial's number alone.
///
/// How many trials there are and what they gave does not matter to it, so trials run side by side,
/// and raising their number trains the new ones only. The search space is part of the code.
public struct Trial: Step {
  public var data: Artifact<PropensityData>
  /// The number of the trial, from 0 up.
  public var number: Int
  public var seed: Int
  public var model = Output<PropensityModel>()
  public var result = Output<TrialResult>()

  public var programs: [Program] { [.xgboost, .libgomp] }

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

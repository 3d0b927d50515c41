// The step that trains what the trials have to beat. It selects nothing.
import AtelierStep
import PropensityFormats

/// A random forest of ten trees with nulls as 0, measured on the validation rows.
public struct TrainBaseline: Step {
  public var data: Artifact<PropensityData>
  public var seed: Int
  public var model = Output<PropensityModel>()
  public var result = Output<TrialResult>()

  public var programs: [Program] { [.xgboost, .libgomp] }

  public func run(in context: StepContext) throws {
    // Trials are numbered from 0, so -1 names samples that no trial draws.
    let training = Training(
      data: data, trial: nil, settings: .baseline,
      seed: SearchSpace.sampleSeed(seed: seed, number: -1))
    try training.run(model: model, result: result, in: context)
  }
}

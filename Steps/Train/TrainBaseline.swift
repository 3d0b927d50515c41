// The step that trains what the search has to beat. It selects nothing.
import AtelierStep
import PropensityFormats

/// A random forest of ten trees with nulls as 0, measured on the validation rows.
public struct TrainBaseline: Step {
  /// The rows; it trains on the part train and is measured on the part validation.
  public var data: Artifact<PropensityData>
  /// Decides the samples of rows and columns.
  public var seed: Int
  /// The forest.
  public var model = Output<PropensityModel>()
  /// Its metrics and settings.
  public var result = Output<TrialResult>()

  /// XGBoost and its OpenMP library, which train.
  public var programs: [Program] { [.xgboost, .libgomp] }

  /// Trains the forest on one thread and measures it.
  public func run(in context: StepContext) throws {
    // Draws are numbered from 0, so -1 names samples that none has.
    let training = try Training(
      PreparedData(data, in: context), .baseline,
      seed: SearchSpace.sampleSeed(seed: seed, number: -1), measuredOn: .validation, in: context)
    try training.write(trial: nil, model: model, result: result, in: context)
  }
}

// The step that trains one draw in full. It knows nothing of the other draws.
import AtelierStep
import LearningTools
import PropensityFormats

/// The training of one draw of the short list.
///
/// Its place in the list does not matter, so a draw that moves to another place is not trained again.
public struct Trial: Step {
  /// The rows; it trains on the part train and is measured on the part validation.
  public var data: Artifact<PropensityData>
  /// The hyperparameters and the seed of all samples.
  public var draw: Artifact<TrialDraw>
  /// The trained model.
  public var model = Output<PropensityModel>()
  /// Its metrics and hyperparameters.
  public var result = Output<TrialResult>()

  /// XGBoost and its OpenMP library, which train.
  public var programs: [Program] { [.xgboost, .libgomp] }

  /// Trains on one thread and measures.
  public func run(in context: StepContext) throws {
    let draw = try JSONReport.read(Draw.self, from: context.path(draw), named: "the draw")
    let training = try Training(
      PreparedData(data, in: context), draw.hyperparameters, seed: draw.sampleSeed,
      measuredOn: .validation, in: context)
    try training.write(trial: draw.number, model: model, result: result, in: context)
  }
}

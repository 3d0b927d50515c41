// A propensity model inside a step: trained or read, with its columns and what it takes a null for.
import AtelierStep
import LearningTools
import PropensityFormats
import XGBoost

/// A trained model of the propensity to subscribe.
struct PropensityBooster {
  /// The columns that it was trained with, in their order.
  let features: [String]
  private let model: TrainedModel

  /// Trains a model on the training part.
  init(
    training data: PreparedData, _ settings: Hyperparameters, seed: UInt32, in context: StepContext
  ) throws {
    features = data.meta.features
    model = try TrainedModel(
      training: data.rows(.training), rounds: settings.rounds,
      parameters: settings.parameters(seed: seed),
      // A mean of shares may leave the interval by a rounding.
      rules: ModelRules(missing: settings.nulls == .zero ? 0 : nil, range: 0...1),
      attributes: [(TrainedModel.featuresAttribute, features.joined(separator: ","))], in: context)
  }

  /// Reads a model; throws a `StepFailure` where it was trained with other columns than `expected`.
  init(
    reading model: Artifact<PropensityModel>, expecting expected: [String], in context: StepContext
  ) throws {
    self.model = try TrainedModel(reading: context.path(model), in: context)
    features = try self.model.features()
    guard features == expected else {
      throw StepFailure(
        "the model was trained with other columns: \(features.joined(separator: ",")). Expected "
          + expected.joined(separator: ","))
    }
  }

  /// The model's bytes.
  func bytes() throws -> [UInt8] { try model.bytes() }

  /// A propensity between 0 and 1 for each row of features.
  func predict(_ values: [Float]) throws -> [Float] {
    try model.predict(values, width: features.count).values
  }

  /// How much each feature moves each row's prediction, and the bias, row by row.
  func contributions(_ values: [Float]) throws -> [Float] {
    try model.contributions(values, width: features.count)
  }

  /// The gain of each feature over all splits, by its place.
  func gains() throws -> [Int: Float] { try model.gains(isLinear: false) }
}

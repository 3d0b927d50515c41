// A model with what it must know to be used: its columns and what it takes a null for.
import AtelierStep
import LearningFormats
import LearningTools

/// A trained model of the propensity to subscribe.
struct PropensityModel {
  private static let nullsAttribute = "atelier.nulls"

  private let model: TrainedModel
  private let nulls: NullHandling

  /// Trains a model on rows of both classes.
  init(
    training rows: LabelledRows, _ settings: Hyperparameters, seed: UInt32, in context: StepContext
  ) throws {
    try rows.checkClasses(of: .training)
    nulls = settings.nulls
    var rows = rows
    rows.features = Self.values(rows.features, nulls)
    model = try TrainedModel(
      training: rows, rounds: settings.rounds, parameters: settings.parameters(seed: seed),
      attributes: [
        (Self.nullsAttribute, nulls.rawValue),
        (TrainedModel.featuresAttribute, TrainColumns.features.joined(separator: ",")),
      ], in: context)
  }

  /// Reads a model that a step of this family wrote; throws a `StepFailure` for any other file.
  init(reading model: Artifact<Model>, in context: StepContext) throws {
    let trained = try TrainedModel(reading: model, in: context)
    guard let nulls = try trained.attribute(Self.nullsAttribute).flatMap(NullHandling.init),
      let features = try trained.attribute(TrainedModel.featuresAttribute)
    else {
      throw StepFailure(
        "the model does not say what it takes a null for and which columns it was trained with "
          + "(attributes \(Self.nullsAttribute) and \(TrainedModel.featuresAttribute)); train it here"
      )
    }
    guard features == TrainColumns.features.joined(separator: ",") else {
      throw StepFailure(
        "the model was trained with other columns: \(features). Expected "
          + TrainColumns.features.joined(separator: ","))
    }
    self.model = trained
    self.nulls = nulls
  }

  /// The model's bytes.
  func bytes() throws -> [UInt8] { try model.bytes() }

  /// A propensity between 0 and 1 for each row of features.
  func predict(_ features: [Float]) throws -> [Float] {
    try model.predict(Self.values(features, nulls), width: TrainColumns.features.count).values
      .map { prediction in
        // A mean of shares may leave the interval by a rounding.
        min(max(prediction, 0), 1)
      }
  }

  private static func values(_ features: [Float], _ nulls: NullHandling) -> [Float] {
    nulls == .missing ? features : features.map { $0.isNaN ? 0 : $0 }
  }
}

// Labelled rows with what a model says of them. It measures nothing itself.
import AtelierStep
import LearningFormats
import LearningTools
import XGBoost

/// Parts of training data with a model's predictions.
struct MeasuredRows {
  let rows: LabelledRows
  let predictions: BoosterPredictions
  let card: ModelCard
  let model: TrainedModel
  let features: [String]

  /// Throws a `StepFailure` where the model was trained with other columns.
  init(
    _ data: Artifact<TrainingData>, _ model: Artifact<Model>, _ parts: [String],
    in context: StepContext
  ) throws {
    let tree = try context.path(data)
    let meta = try TrainingMeta(in: tree)
    self.model = try TrainedModel(reading: context.path(model), in: context)
    features = try self.model.features()
    guard features == meta.features else {
      throw StepFailure(
        "the model was trained with \(features.joined(separator: ",")), the data hold "
          + meta.features.joined(separator: ","))
    }
    card = try ModelCard(of: self.model)
    rows = try meta.rows(of: parts, in: tree)
    try card.settings.check(labels: rows.labels, of: parts.joined(separator: "+"))
    predictions = try self.model.predict(rows.features, width: rows.width)
  }
}

// The work that the baseline, the probes and the trials share: train and measure.
import AtelierStep
import Content
import LearningTools
import PropensityFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A model trained on the part train and measured on another part.
struct Training {
  let booster: PropensityBooster
  let settings: Hyperparameters
  let seed: UInt32
  /// The share of right answers at a threshold of 0.5, to 12 digits.
  let accuracy: Double
  /// The area under the ROC curve, to 12 digits.
  let auc: Double
  let trainingRows: Int
  let measuredRows: Int

  init(
    _ data: PreparedData, _ settings: Hyperparameters, seed: UInt32, measuredOn part: DataPart,
    in context: StepContext
  ) throws {
    let rows = try data.rows(part)
    booster = try PropensityBooster(training: data, settings, seed: seed, in: context)
    self.settings = settings
    self.seed = seed
    let ranking = try Ranking(scores: booster.predict(rows.features), labels: rows.labels)
    accuracy = ranking.confusion(threshold: 0.5).accuracy.rounded
    auc = ranking.auc.rounded
    trainingRows = data.meta.parts[DataPart.training.rawValue]?.rows ?? 0
    measuredRows = rows.labels.count
  }

  /// Writes the model and its report; `trial` is the number of the draw, nil for the baseline.
  func write(
    trial: Int?, model: Output<PropensityModel>, result: Output<TrialResult>,
    in context: StepContext
  ) throws {
    let bytes = try booster.bytes()
    try Data(bytes).write(to: URL(fileURLWithPath: context.path(model)))
    try JSONReport.write(
      TrialReport(
        trial: trial, hyperparameters: settings, xgboost: XGBoostSettings(settings, seed: seed),
        accuracy: accuracy, auc: auc, trainingRows: trainingRows, validationRows: measuredRows,
        model: try Digest.of(bytes).description),
      to: context.path(result))
    context.log("accuracy \(accuracy), AUC \(auc)")
  }
}

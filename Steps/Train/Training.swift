// The work that the baseline and the trials share: train, measure on the validation rows, write.
import AtelierStep
import Content
import LearningTools
import PropensityFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// One training on the prepared data.
struct Training {
  let data: Artifact<PropensityData>
  /// The number of the trial; nil for the baseline.
  let trial: Int?
  let settings: Hyperparameters
  let seed: UInt32

  /// Trains, writes the model, and measures it on the validation rows.
  func run(
    model: Output<PropensityModel>, result: Output<TrialResult>, in context: StepContext
  ) throws {
    let data = try PreparedData(data, in: context)
    let validation = try data.rows(.validation)
    let trained = try PropensityBooster(training: data, settings, seed: seed, in: context)
    let bytes = try trained.bytes()
    try Data(bytes).write(to: URL(fileURLWithPath: context.path(model)))
    let ranking = try Ranking(
      scores: trained.predict(validation.features), labels: validation.labels)
    let report = TrialReport(
      trial: trial, hyperparameters: settings,
      xgboost: XGBoostSettings(settings, seed: seed),
      accuracy: ranking.confusion(threshold: 0.5).accuracy.rounded, auc: ranking.auc.rounded,
      trainingRows: data.meta.parts[DataPart.training.rawValue]?.rows ?? 0,
      validationRows: validation.labels.count, model: try Digest.of(bytes).description)
    try JSONReport.write(report, to: context.path(result))
    context.log("accuracy \(report.accuracy), AUC \(report.auc)")
  }
}

// The work that the baseline and the trials share: train, measure on held-out rows, write.
import AtelierStep
import Content
import LearningFormats
import LearningTools
import PropensityFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// One training on the prepared data.
struct Training {
  let data: Artifact<TrainingData>
  /// The number of the trial; nil for the baseline.
  let trial: Int?
  let settings: Hyperparameters
  let seed: UInt32

  /// Trains, writes the model, and measures it on the held-out rows.
  func run(
    model: Output<Model>, result: Output<TrialResult>, in context: StepContext
  ) throws {
    let tree = try context.path(data)
    let training = try LabelledRows(.training, in: tree)
    let heldOut = try LabelledRows(.heldOut, in: tree)
    let trained = try PropensityModel(training: training, settings, seed: seed, in: context)
    let bytes = try trained.bytes()
    try Data(bytes).write(to: URL(fileURLWithPath: context.path(model)))
    let ranking = try Ranking(
      scores: trained.predict(heldOut.features), labels: heldOut.labels)
    let report = TrialReport(
      trial: trial, hyperparameters: settings,
      accuracy: ranking.confusion(threshold: 0.5).accuracy.rounded, auc: ranking.auc.rounded,
      trainingRows: training.labels.count, heldOutRows: heldOut.labels.count,
      model: try Digest.of(bytes).description)
    try JSONReport.write(report, to: context.path(result))
    context.log("accuracy \(report.accuracy), AUC \(report.auc)")
  }
}

// The step that measures the selected model on the held-out rows. It changes no model.
import AtelierStep
import LearningFormats
import LearningTools
import PropensityFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Accuracy, AUC, confusion matrix and ROC curve of a model, beside the baseline's.
///
/// A row is called positive when it scores at least 0.5. All numbers come from counts, so they are
/// exact up to the rounding to 12 decimals.
public struct EvaluateModel: Step {
  public static let code = CodeFingerprint.module

  public var data: Artifact<TrainingData>
  public var model: Artifact<Model>
  /// The baseline's result.
  public var baseline: Artifact<TrialResult>
  public var metrics = Output<Metrics>()
  /// At most 200 points.
  public var roc = Output<ROCCurve>()

  public init(
    data: Artifact<TrainingData>, model: Artifact<Model>, baseline: Artifact<TrialResult>
  ) {
    self.data = data
    self.model = model
    self.baseline = baseline
  }

  public var programs: [Program] { [.xgboost, .libgomp] }

  public func run(in context: StepContext) throws {
    let baseline = try JSONReport.read(
      TrialReport.self, from: context.path(baseline), named: "the baseline's result")
    let rows = try LabelledRows(.heldOut, in: context.path(data))
    let ranking = try Ranking(
      scores: PropensityModel(reading: model, in: context).predict(rows.features),
      labels: rows.labels)
    try write(Self.table(ranking, baseline: baseline), to: context.path(metrics))
    let points = ranking.curve(limit: 200).map {
      [$0.falsePositiveRate.text, $0.truePositiveRate.text, $0.threshold]
    }
    try write(
      [["falsePositiveRate", "truePositiveRate", "threshold"]] + points, to: context.path(roc))
  }

  private static func table(_ ranking: Ranking, baseline: TrialReport) -> [[String]] {
    let counts = ranking.confusion(threshold: 0.5)
    let columns = [
      ("accuracy", counts.accuracy.text),
      ("auc", ranking.auc.text),
      ("baselineAccuracy", Decimals.text(baseline.accuracy)),
      ("baselineAuc", Decimals.text(baseline.auc)),
      ("trueNegatives", String(counts.trueNegatives)),
      ("falsePositives", String(counts.falsePositives)),
      ("falseNegatives", String(counts.falseNegatives)),
      ("truePositives", String(counts.truePositives)),
    ]
    return [columns.map(\.0), columns.map(\.1)]
  }

  private func write(_ rows: [[String]], to path: String) throws {
    let text = rows.map { $0.joined(separator: ",") + "\n" }.joined()
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }
}

// The step that says which features a model goes by. It judges none of them.
import AtelierStep
import LearningTools
import PropensityFormats

/// How much each feature moves the predictions of test rows, by XGBoost's own SHAP values.
///
/// The mean over at most 1,000 rows, evenly taken, of the sizes of the contributions to the score before
/// it becomes a probability; beside it the gain over all splits in training.
public struct ExplainModel: Step {
  /// The rows, of which the test part is explained.
  public var data: Artifact<PropensityData>
  /// The model to explain.
  public var model: Artifact<PropensityModel>
  /// A row per feature: mean absolute SHAP value and gain, greatest first.
  public var importances = Output<FeatureImportances>()

  private static let sampleRows = 1000

  /// XGBoost and its OpenMP library, which compute SHAP values.
  public var programs: [Program] { [.xgboost, .libgomp] }

  /// Computes the contributions of each feature and writes their means.
  public func run(in context: StepContext) throws {
    let data = try PreparedData(data, in: context)
    let trained = try PropensityBooster(
      reading: model, expecting: data.meta.features, in: context)
    let rows = try data.rows(.test)
    let (width, count) = (rows.width, min(Self.sampleRows, rows.labels.count))
    let sample = (0..<count).flatMap { index in
      let start = index * rows.labels.count / count * width
      return rows.features[start..<start + width]
    }
    let contributions = try trained.contributions(Array(sample))
    let gains = try trained.gains()
    let means = (0..<width).map { feature in
      let sum = (0..<count).reduce(0.0) { sum, row in
        sum + Double(abs(contributions[row * (width + 1) + feature]))
      }
      // The sixth decimal is far beyond what such a sample can tell.
      return (sum / Double(count) * 1e6).rounded() / 1e6
    }
    let ranked = (0..<width).sorted { means[$0] != means[$1] ? means[$0] > means[$1] : $0 < $1 }
    try CSVText.write(
      ["feature", "meanAbsoluteShap", "gain"],
      ranked.map { [trained.features[$0], Decimals.text(means[$0]), "\(gains[$0] ?? 0)"] },
      to: context.path(importances))
  }
}

// A metric of a model as a key number of a workshop: its name, its unit, which way it improves.
import Atelier
import AtelierStep
import Learn
import LearningFormats

extension PipelineBuilder {
  /// Declares a measured metric as a key number, beside that of the best constant prediction.
  ///
  /// - Parameters:
  ///   - metric: what was measured.
  ///   - measured: the metrics of one model.
  ///   - part: what it was measured on, where a workshop has several: `test part`.
  ///   - target: what it should reach, in the metric's own unit.
  public mutating func keyNumber(
    _ metric: Metric, in measured: Artifact<ModelMetrics>, of part: String? = nil,
    target: Double? = nil
  ) {
    let isShare = [Metric.error, .merror].contains(metric)
    keyNumber(
      metric.title + (part.map { " of the \($0)" } ?? ""), in: measured,
      .member("metrics", metric.rawValue), unit: isShare ? .share : .none,
      better: metric == .auc ? .higher : .lower, target: target,
      beside: .init("a constant's", .member("constant", metric.rawValue)))
  }
}

extension Metric {
  /// The metric as people write it.
  fileprivate var title: String {
    switch self {
    case .rmse: "RMSE"
    case .mae: "MAE"
    case .auc: "AUC"
    case .error, .merror: "error rate"
    case .logloss, .mlogloss: "log loss"
    }
  }
}

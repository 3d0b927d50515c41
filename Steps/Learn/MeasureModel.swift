// The step that measures a model on one part. It decides nothing.
import AtelierStep
import LearningFormats
import LearningTools

/// Metrics of a model on parts of the data that it was made for, in our own arithmetic, beside those of
/// the best constant prediction for the same rows.
public struct MeasureModel: Step {
  /// The matrices that the model was made for.
  public var data: Artifact<TrainingData>
  /// The model to measure.
  public var model: Artifact<Model>
  /// The parts to measure on, together.
  public var parts: [String]
  /// The metrics; empty for all that fit the model's objective.
  public var metrics: [Metric] = []
  /// The metrics of the model, and of the best constant prediction.
  public var measured = Output<ModelMetrics>()

  /// XGBoost and its OpenMP library, which predict.
  public var programs: [Program] { [.xgboost, .libgomp] }

  /// Predicts the rows of the parts and measures; fails for a metric of another objective.
  public func run(in context: StepContext) throws {
    let measured = try MeasuredRows(data, model, parts, in: context)
    let known = measured.card.settings.metrics
    if let metric = metrics.first(where: { !known.contains($0) }) {
      throw StepFailure(
        "\(metric.rawValue) does not fit the objective \(measured.card.settings.objective); use "
          + known.map(\.rawValue).joined(separator: ", "))
    }
    let labels = measured.rows.labels
    var report = MetricReport(parts: parts, rows: labels.count)
    for metric in metrics.isEmpty ? known : metrics {
      let value = try metric.value(measured.predictions, labels: labels)
      let constant = metric.constant(labels: labels)
      report.metrics[metric.rawValue] = value
      report.constant[metric.rawValue] = constant
      context.log("\(metric.rawValue): \(value); the best constant prediction: \(constant)")
    }
    try JSONReport.write(report, to: context.path(self.measured))
  }
}

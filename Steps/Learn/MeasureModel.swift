// The step that measures a model on one part. It decides nothing.
import AtelierStep
import LearningFormats
import LearningTools

/// Metrics of a model on parts of the data that it was made for, in our own arithmetic.
public struct MeasureModel: Step {
  public static let code = CodeFingerprint.module

  public var data: Artifact<TrainingData>
  public var model: Artifact<Model>
  /// The parts to measure on, together.
  public var parts: [String]
  /// The metrics; empty for all that fit the model's objective.
  public var metrics: [Metric]
  public var measured = Output<ModelMetrics>()

  public init(
    data: Artifact<TrainingData>, model: Artifact<Model>, parts: [String], metrics: [Metric] = []
  ) {
    self.data = data
    self.model = model
    self.parts = parts
    self.metrics = metrics
  }

  public var programs: [Program] { [.xgboost, .libgomp] }

  public func run(in context: StepContext) throws {
    let measured = try MeasuredRows(data, model, parts, in: context)
    let known = measured.card.settings.metrics
    if let metric = metrics.first(where: { !known.contains($0) }) {
      throw StepFailure(
        "\(metric.rawValue) does not fit the objective \(measured.card.settings.objective); use "
          + known.map(\.rawValue).joined(separator: ", "))
    }
    var values: [String: Double] = [:]
    for metric in metrics.isEmpty ? known : metrics {
      // One class alone has no AUC, which is an error only where it was asked for.
      if metrics.isEmpty, metric == .auc, Set(measured.rows.labels).count < 2 { continue }
      values[metric.rawValue] = try metric.value(
        measured.predictions, labels: measured.rows.labels)
    }
    try JSONReport.write(
      MetricReport(parts: parts, rows: measured.rows.labels.count, metrics: values),
      to: context.path(self.measured))
    for (name, value) in values.sorted(by: { $0.key < $1.key }) { context.log("\(name): \(value)") }
  }
}

/// The content of a `ModelMetrics`.
struct MetricReport: Codable {
  let parts: [String]
  let rows: Int
  let metrics: [String: Double]
}

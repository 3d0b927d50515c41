// The step that decides by one number whether a model is good enough. It measures nothing.
import AtelierStep
import LearningFormats
import LearningTools

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A choice by a metric, with what it was based on: metric, value, comparison, threshold, and what the
/// best constant prediction for the same rows gives.
///
/// True where the value lies on the right side of the threshold and is better than that constant: a
/// threshold that knowing nothing passes, too, says nothing of a model. Both are in the document
/// (`passesThreshold`, `beatsConstant`). Numbers are compared as numbers. A metric that is not there, or is no finite number, is an error
/// and no decision.
public struct DecideByMetric: Step {
  /// The metrics of the model, and of the best constant prediction.
  public var measured: Artifact<ModelMetrics>
  /// The metric that decides.
  public var metric: Metric
  /// On which side of the threshold the value must be.
  public var comparison: MetricComparison = .below
  /// The threshold, in the metric's own unit.
  public var threshold: Double
  /// The decision, with the numbers behind it.
  public var choice = Output<Choice>()

  /// Decides; fails when the metric was not measured or is no finite number.
  public func run(in context: StepContext) throws {
    let report = try JSONReport.read(
      MetricReport.self, from: context.path(measured), named: "the model's metrics")
    guard let value = report.metrics[metric.rawValue] else {
      throw StepFailure(
        "the metric \(metric.rawValue) was not measured; there are "
          + report.metrics.keys.sorted().joined(separator: ", "))
    }
    guard let constant = report.constant[metric.rawValue] else {
      throw StepFailure(
        "the metrics do not say what the best constant prediction gives for \(metric.rawValue); "
          + "measure by MeasureModel")
    }
    guard value.isFinite, threshold.isFinite else {
      throw StepFailure("\(metric.rawValue) is \(value), the threshold \(threshold): no decision")
    }
    let (passes, beats) = (
      comparison.holds(value, threshold), metric.isBetter(value, than: constant)
    )
    context.log(
      "\(metric.rawValue) is \(value): \(passes ? "" : "not ")\(comparison.rawValue) \(threshold), "
        + "\(beats ? "" : "not ")better than the \(constant) of the best constant prediction")
    let bytes = try Choice.bytes(
      passes && beats,
      because: [
        "constant": .number(constant), "passesThreshold": .bool(passes),
        "beatsConstant": .bool(beats),
        "metric": .string(metric.rawValue), "value": .number(value),
        "comparison": .string(comparison.rawValue), "threshold": .number(threshold),
      ])
    try Data(bytes).write(to: URL(fileURLWithPath: context.path(choice)))
  }
}

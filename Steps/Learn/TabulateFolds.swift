// The step that puts the metrics of all folds into one table, and their means into one document.
import AtelierStep
import LearningFormats
import LearningTools

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The metrics of models that were each measured on the part that they had not seen.
public struct TabulateFolds: Step {
  /// What was measured, in the order of the folds.
  public var folds: [Artifact<ModelMetrics>]
  /// A row per fold: its number, its rows, its metrics.
  public var table = Output<FoldTable>()
  /// All parts, all rows, and of each metric, and of the constant beside it, the mean over the folds,
  /// whatever their sizes.
  public var measured = Output<ModelMetrics>()

  /// Writes the table and the means; fails when the folds have different metrics.
  public func run(in context: StepContext) throws {
    let reports = try folds.enumerated().map { index, fold in
      try JSONReport.read(
        MetricReport.self, from: context.path(fold), named: "the metrics of fold \(index)")
    }
    guard let names = reports.first?.metrics.keys.sorted(), !names.isEmpty else {
      throw StepFailure("no fold is given, or nothing was measured on it")
    }
    var lines = [["fold", "rows"] + names]
    for (index, report) in reports.enumerated() {
      let values = names.compactMap { report.metrics[$0] }
      guard values.count == names.count, report.metrics.count == names.count else {
        throw StepFailure(
          "fold \(index) has the metrics \(report.metrics.keys.sorted().joined(separator: ", ")), and "
            + "fold 0 \(names.joined(separator: ", "))")
      }
      lines.append(["\(index)", "\(report.rows)"] + values.map { "\($0)" })
    }
    let text = lines.map { $0.joined(separator: ",") + "\n" }.joined()
    try Data(text.utf8).write(to: URL(fileURLWithPath: context.path(table)))
    var report = MetricReport(
      parts: reports.flatMap(\.parts), rows: reports.reduce(0) { $0 + $1.rows })
    for name in names {
      let mean = Self.mean(reports.compactMap { $0.metrics[name] })
      report.metrics[name] = mean
      report.constant[name] = Self.mean(reports.compactMap { $0.constant[name] })
      context.log("mean \(name): \(mean)")
    }
    try JSONReport.write(report, to: context.path(measured))
  }

  private static func mean(_ values: [Double]) -> Double {
    Metric.rounded(values.reduce(0, +) / Double(values.count))
  }
}

// The step that puts all trials into one table. It ranks none.
import AtelierStep
import LearningFormats
import LearningTools
import PropensityFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The trials with their hyperparameters and metrics, by number, and which of them was chosen.
public struct TabulateTrials: Step {
  /// The trials' results, in any order.
  public var trials: [Artifact<TrialResult>]
  /// The version that was selected among them.
  public var version: Artifact<ModelVersion>
  /// A row per trial, by number.
  public var table = Output<TrialTable>()

  /// Writes the table; fails when the selected trial is not among those given.
  public func run(in context: StepContext) throws {
    let version = try JSONReport.read(
      VersionReport.self, from: context.path(version), named: "the selected version")
    let rows = try trials.enumerated().map { index, trial in
      let name = "result \(index) of the trials"
      let report = try JSONReport.read(TrialReport.self, from: context.path(trial), named: name)
      guard let number = report.trial else { throw StepFailure("\(name) has no trial number") }
      return (number: number, report: report)
    }.sorted { $0.number < $1.number }
    guard rows.contains(where: { $0.number == version.trial }) else {
      throw StepFailure(
        "the selected version is of trial \(version.trial), which is not among those given")
    }
    let lines = rows.map { row in
      Self.fields(row.report, number: row.number, isChosen: row.number == version.trial)
    }
    let text = ([Self.header] + lines).map { $0.joined(separator: ",") + "\n" }.joined()
    try Data(text.utf8).write(to: URL(fileURLWithPath: context.path(table)))
  }

  private static let header = [
    "trial", "family", "trees", "maxDepth", "minChildWeight", "learningRate", "rowSample",
    "columnSample", "nulls", "accuracy", "auc", "chosen",
  ]

  private static func fields(_ report: TrialReport, number: Int, isChosen: Bool) -> [String] {
    let settings = report.hyperparameters
    return [
      "\(number)", settings.family.rawValue, "\(settings.trees)", "\(settings.maxDepth)",
      "\(settings.minChildWeight)", Decimals.text(settings.learningRate),
      Decimals.text(settings.rowSample), Decimals.text(settings.columnSample),
      settings.nulls.rawValue, Decimals.text(report.accuracy), Decimals.text(report.auc),
      isChosen ? "true" : "false",
    ]
  }
}

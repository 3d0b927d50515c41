// The step that puts all draws of the search into one table. It ranks none.
import AtelierStep
import LearningFormats
import LearningTools
import PropensityFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The draws with their hyperparameters and metrics, by number, which of them were trained in full, and
/// which was chosen.
public struct TabulateTrials: Step {
  /// The probes' results, in any order.
  public var probes: [Artifact<ProbeResult>]
  /// The results of those trained in full, in any order.
  public var trials: [Artifact<TrialResult>]
  /// The version that was selected among them.
  public var version: Artifact<ModelVersion>
  /// A row a draw, by number.
  public var table = Output<TrialTable>()

  /// Writes the table; fails when a trial is of no draw, or the selected one is of no trial.
  public func run(in context: StepContext) throws {
    let version = try JSONReport.read(
      VersionReport.self, from: context.path(version), named: "the selected version")
    var trained: [Int: TrialReport] = [:]
    for (index, trial) in trials.enumerated() {
      let name = "result \(index) of the trials"
      let report = try JSONReport.read(TrialReport.self, from: context.path(trial), named: name)
      guard let number = report.trial else { throw StepFailure("\(name) has no trial number") }
      trained[number] = report
    }
    guard trained[version.trial] != nil else {
      throw StepFailure(
        "the selected version is of trial \(version.trial), which is not among those given")
    }
    let probes = try probes.enumerated().map { index, probe in
      try JSONReport.read(
        ProbeReport.self, from: context.path(probe), named: "result \(index) of the probes")
    }.sorted { $0.draw.number < $1.draw.number }
    if let lacking = trained.keys.filter({ n in !probes.contains { $0.draw.number == n } }).min() {
      throw StepFailure("trial \(lacking) has no probe among those given")
    }
    let lines = probes.map { probe in
      Self.fields(
        probe, trained[probe.draw.number], isChosen: probe.draw.number == version.trial)
    }
    let text = ([Self.header] + lines).map { $0.joined(separator: ",") + "\n" }.joined()
    try Data(text.utf8).write(to: URL(fileURLWithPath: context.path(table)))
  }

  private static let header = [
    "trial", "trees", "maxDepth", "minChildWeight", "learningRate", "rowSample", "columnSample",
    "probeAuc", "accuracy", "auc", "chosen",
  ]

  private static func fields(
    _ probe: ProbeReport, _ trial: TrialReport?, isChosen: Bool
  ) -> [String] {
    let settings = probe.draw.hyperparameters
    return [
      "\(probe.draw.number)", "\(settings.trees)", "\(settings.maxDepth)",
      "\(settings.minChildWeight)", Decimals.text(settings.learningRate),
      Decimals.text(settings.rowSample), Decimals.text(settings.columnSample),
      Decimals.text(probe.auc), trial.map { Decimals.text($0.accuracy) } ?? "",
      trial.map { Decimals.text($0.auc) } ?? "", isChosen ? "true" : "false",
    ]
  }
}

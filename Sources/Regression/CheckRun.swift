// The run behind a check: every step, nothing published, the outputs collected.
import Atelier
import Baselines
import Content
import Execution
import Planning
import Project
import RunDisplay
import Scheduling
import Terminal

/// A run of all steps whose outputs are collected; nothing is delivered.
package struct CheckRun {
  package let summary: RunSummary
  /// The outputs of steps, by `step.output`.
  package let outputs: [String: OutputRecord]
  /// What failed steps said.
  package let failures: [(step: String, message: String)]

  package init(
    _ file: CheckFile, _ graph: Graph, _ selection: Selection, _ environment: EngineEnvironment,
    jobs: Int,
    cache: RunOptions.CacheMode, _ signals: Signals, _ output: Console, verbose: Bool
  ) throws {
    let renderer = PlainRunRenderer(output, verbose: verbose, workshop: graph.workshop)
    var reports: [String: NodeReport] = [:]
    let scheduler = try Scheduler(
      graph: graph, selection: selection, environment: environment,
      options: RunOptions(jobs: jobs, cache: cache, series: "check \(file.name)", delivers: false),
      token: signals.token,
      report: { event in
        if case .finished(let report) = event, report.eventName == "step" {
          // The last report of a node counts.
          reports[report.name] = report
        }
        renderer.show(event)
      })
    summary = try scheduler.run()
    var outputs: [String: OutputRecord] = [:]
    for report in reports.values {
      for (output, record) in report.outputs { outputs["\(report.name).\(output)"] = record }
    }
    self.outputs = outputs
    failures = reports.values.filter { $0.status == .failed }.sorted { $0.name < $1.name }
      .map { ($0.name, $0.message ?? "failed") }
  }
}

extension OutputRecord {
  /// The record as a baseline keeps it.
  package var bytes: Bytes {
    Bytes(digest: digest, size: size, mediaType: mediaType, isTree: kind == .tree)
  }
}

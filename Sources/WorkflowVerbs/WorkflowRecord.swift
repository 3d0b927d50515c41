// The run record of an execution: its results, found in the bucket by the keys that a run here has.
import Atelier
import AtelierStep
import Content
import Engines
import Execution
import Planning
import Plans
import Project
import RemoteCache
import Scheduling
import Subprocess
import Terminal
import Workflows

/// Records what an execution made, so that verbs about runs work here without a network.
struct WorkflowRecord {
  let compilation: WorkflowCompilation
  let execution: WorkflowExecution
  let token: CancellationToken

  /// What was found.
  struct Report {
    /// The id of the run record: the one written now, else an earlier one with the same results.
    var run: String?
    /// Whether it was written now.
    var isNew = true
    var found = 0
    /// The steps whose results are not in the bucket, with why.
    var missing: [String] = []
    /// Blobs that were fetched.
    var blobs = 0
  }

  /// What was recorded of the execution before; nil where nothing was.
  private func known(_ session: Session) throws -> Report? {
    guard let store = try? session.store(readOnly: true) else { return nil }
    let ids = try store.runs.list().sorted(by: >).prefix(Self.remembered)
    for id in ids {
      guard let record = try store.runs.read(id),
        record["execution"]?["arn"]?.string == execution.arn
      else { continue }
      var report = Report(run: id.description, isNew: false)
      for (name, step) in record["steps"]?.object ?? [:] {
        if step["status"]?.string == NodeStatus.hit.rawValue { report.found += 1 }
        if step["status"]?.string == NodeStatus.failed.rawValue { report.missing.append(name) }
      }
      report.missing.sort()
      // What could not be found then may be there by now.
      return report.missing.isEmpty && report.found > 0 ? report : nil
    }
    return nil
  }

  /// Run records among which that of an execution is looked for.
  private static let remembered = 200

  /// Resolves the nodes of the plan against the bucket as a run does, but runs no step.
  ///
  /// A step whose result is not there is recorded as failed, with the execution's own reason.
  func write(fetches: Bool) throws -> Report {
    let session = compilation.session
    if let known = try known(session) { return known }
    let graph = try session.graph()
    let selection = try session.selection(graph)
    guard try isPlanned(graph, selection) else {
      throw WorkflowFailure.usage(
        "the workshop was changed while the execution ran, so nothing is recorded; go back to what was "
          + "started, and type: atelier workflow progress")
    }
    let environment = try session.environment(
      graph, selection, readOnly: false,
      use: RemoteUse(
        cache: .ro, isRequired: true, isAskedFor: true,
        isCancelled: { [token] in token.isCancelled }))
    defer { try? environment.store.close() }
    var options = RunOptions(jobs: 4, keepGoing: true, cache: .ro)
    options.execution = [
      "name": .string(execution.name), "arn": .string(execution.arn),
      "workflow": .string(compilation.document.name),
      "as": .string(compilation.document.kind.rawValue),
      "status": .string(execution.status.rawValue),
    ]
    let ending = execution.reason.map { ": \($0)" } ?? ""
    let engine = AbsentEngine(
      reason: "no job has stored its result; the execution \(execution.name) "
        + "\(execution.status.words)\(ending)")
    var reports: [NodeReport] = []
    let scheduler = try Scheduler(
      graph: graph, selection: selection, environment: environment, options: options, token: token,
      engine: { _, _ in engine },
      report: { event in if case .finished(let report) = event { reports.append(report) } })
    let summary = try scheduler.run()
    var report = Report()
    let ids = try environment.store.runs.list()
    if ids.contains(where: { $0.description == summary.id }) {
      report.run = summary.id
    } else {
      // A run that would repeat the newest record of the workshop is not written.
      report.isNew = false
      report.run = try ids.sorted(by: >).first { id in
        try environment.store.runs.read(id)?["workshop"]?.string == graph.workshop
      }?.description
    }
    report.found = reports.count { $0.status == .hit }
    report.missing = reports.filter { $0.status == .failed }.map(\.name)
    if fetches, let shared = environment.shared {
      let results = try reports.filter { $0.status == .hit }
        .compactMap { try $0.key.flatMap { try environment.store.actions.lookup($0) } }
      report.blobs = try shared.pull(results).blobs
    }
    return report
  }

  /// Whether a graph is still the plan's.
  private func isPlanned(_ graph: Graph, _ selection: Selection) throws -> Bool {
    let plan = compilation.plan
    let sources = Dictionary(
      plan.nodes.compactMap { node in node.source.map { (node.name, $0) } },
      uniquingKeysWith: { $1 })
    var records: [Int: OutputRecord] = [:]
    for index in selection.nodes { records[index] = sources[graph.nodes[index].name] }
    do {
      let own = try Plan(
        graph, nodes: selection.nodes, settings: plan.settings, sources: records,
        projectRoot: compilation.session.projectRoot)
      return own.digest == plan.digest
    } catch is Plan.UnknownSource {
      return false
    }
  }
}

/// Stands for jobs that have ended: what they did not store is not to be had.
private struct AbsentEngine: StepEngine {
  let reason: String

  var name: String { "workflow" }

  var width: Int? { nil }

  var fault: EngineFault? { nil }

  func accepts(_ action: Action) -> Bool { true }

  func start(_ action: Action, done: @escaping @Sendable (EndedStep) -> Void) {
    done(EndedStep(.failed(reason, warnings: [])))
  }

  func flush() {}

  func drop() {}
}

extension ExecutionStatus {
  /// What became of an execution, as the end of a sentence.
  var words: String {
    switch self {
    case .running: "is running"
    case .succeeded: "succeeded"
    case .failed: "failed"
    case .timedOut: "timed out"
    case .stopped: "was stopped"
    }
  }
}

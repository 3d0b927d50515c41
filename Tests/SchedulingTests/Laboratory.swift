// A store in a temporary folder and runs over it, with everything that they reported.
import Atelier
import AtelierStep
import AtelierTesting
import Content
import Execution
import Foundation
import LocalStores
import Planning
import Programs
import Scheduling
import Subprocess
import Synchronization
import Workers

/// What one run reported.
struct RunOutcome {
  let summary: RunSummary
  let events: [RunEvent]

  var reports: [NodeReport] {
    events.compactMap { if case .finished(let report) = $0 { report } else { nil } }
  }
  /// The status of each node.
  var statuses: [String: NodeStatus] {
    Dictionary(uniqueKeysWithValues: reports.map { ($0.name, $0.status) })
  }
  var explanations: [String: Explanation] {
    Dictionary(
      uniqueKeysWithValues: events.compactMap {
        if case .started(let name, _, let explanation) = $0 { (name, explanation) } else { nil }
      })
  }
  var notices: [String] {
    events.compactMap { if case .notice(let text) = $0 { text } else { nil } }
  }

  func report(_ name: String) -> NodeReport? { reports.first { $0.name == name } }
  func names(_ status: NodeStatus) -> Set<String> {
    Set(reports.filter { $0.status == status }.map(\.name))
  }
}

/// Runs graphs of test steps over one store.
final class Laboratory: Sendable {
  let space: TemporarySpace
  let journal: Journal
  /// The folder of published exports, and of the store.
  let root: String
  private let ticks = Mutex(1_700_000_000.0)

  init() throws {
    space = try TemporarySpace()
    root = space.path + "/store"
    journal = Journal(path: try space.write("journal", ""))
  }

  /// The lines that executed steps wrote, and forgets them.
  func executions() throws -> [String] {
    let lines = try space.read("journal").split(separator: "\n").map(String.init)
    try space.write("journal", "")
    return lines
  }

  func graph(_ wire: (inout PipelineBuilder) throws -> Void) throws -> Graph {
    var p = PipelineBuilder(
      workshop: "lab", stages: [Stage("a", "first"), Stage("b", "second")])
    try wire(&p)
    return try p.finish()
  }

  /// Does something with an open store; the clock goes on by a second with each look.
  func with<T>(
    epoch: Double? = nil, readOnly: Bool = false, _ body: (EngineEnvironment) throws -> T
  ) throws -> T {
    let store = try LocalStore.open(root: root, readOnly: readOnly)
    let environment = EngineEnvironment(
      store: store,
      programs: ProgramTable(
        locate: { throw MissingProgram(name: $0.name, looked: [], advice: "") },
        digest: { try store.memo.digest(ofFile: $0) },
        loads: ProgramLoads(index: store.index)),
      projectRoot: space.path, workerPath: "/bin/sh", catalogue: StepCatalogue(testSteps),
      host: "tester@lab",
      clock: {
        self.ticks.withLock {
          $0 += 1
          return $0
        }
      }, sourceDateEpoch: epoch)
    let result = Result { try body(environment) }
    try store.close()
    return try result.get()
  }

  @discardableResult
  func run(
    _ graph: Graph, _ targets: [String] = [], epoch: Double? = nil,
    options: RunOptions = RunOptions(jobs: 2)
  ) throws -> RunOutcome {
    try with(epoch: epoch) { environment in
      var events: [RunEvent] = []
      let scheduler = try Scheduler(
        graph: graph, selection: Selection(targets, in: graph), environment: environment,
        options: options, token: CancellationToken(), report: { events.append($0) })
      let summary = try scheduler.run()
      return RunOutcome(summary: summary, events: events)
    }
  }

  func status(_ graph: Graph, against: String? = nil) throws -> [String: PlannedNode] {
    try with(readOnly: true) { environment in
      let planner = try Planner(
        graph, environment: environment, against: against, foreseesEffects: true)
      let states = planner.plan(try Selection([], in: graph))
      return Dictionary(uniqueKeysWithValues: states.map { ($0.name, $0) })
    }
  }

  /// The bytes of an output of a run, as text.
  func text(_ outcome: RunOutcome, _ name: String, _ output: String = "out") throws -> String? {
    guard let record = outcome.report(name)?.outputs[output] else { return nil }
    return try with(readOnly: true) {
      String(decoding: try $0.store.objects.bytes(of: record.digest), as: UTF8.self)
    }
  }
}

extension PlannedState {
  /// The case's name, for comparison of whole walks.
  var word: String {
    switch self {
    case .upToDate: "current"
    case .stale(let explanation): "will run: \(explanation.cause.rawValue)"
    case .blocked(let names): "waits for \(names.joined(separator: ", "))"
    case .source: "source"
    case .notTaken: "not taken"
    case .due(let effect): "will \(effect.kind.rawValue)"
    case .derived: "follows"
    case .unresolvable: "broken"
    }
  }
}

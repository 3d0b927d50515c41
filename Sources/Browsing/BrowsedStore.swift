// The store that a page shows, and the runs in it. It writes nothing and knows no page.
import Atelier
import CommandLine
import Content
import Execution
import LiveRuns
import LocalStores
import Planning
import Project
import Synchronization

/// A store opened for reading, and the workshops whose runs lie in it.
package struct BrowsedStore: Sendable {
  package let store: LocalStore
  package let call: Call
  package let context: VerbContext
  private let runs = RunMemory()

  /// The store of the session's workshop, which holds the runs of all workshops that keep theirs there.
  package init(_ call: Call, _ context: VerbContext) throws {
    self.call = call
    self.context = context
    store = try Session(call, context).store(readOnly: true)
  }

  /// Whether runs of a workshop are shown: of all, or of the one that `--workshop` names.
  func shows(_ workshop: String) -> Bool { call.workshop == nil || call.workshop == workshop }

  /// The session of a workshop.
  ///
  /// - Throws: `UsageError` where this program has no such workshop.
  package func session(of workshop: String) throws -> Session {
    try Session(call, targets: [workshop], context)
  }

  /// Finds runs of this store alone, without requests.
  package func catalogue(of workshop: String) -> RunCatalogue {
    RunCatalogue(store: store, shared: nil, workshop: workshop)
  }

  /// A run with its wiring, recorded or going on; nil where there is none.
  package func run(_ id: RunID) throws -> BrowsedRun? {
    if let known = runs.run(id) { return known }
    if let record = try store.runs.read(id).flatMap(RunRecord.init) {
      let run = BrowsedRun(record: record, graph: graph(of: record), isLive: false)
      runs.keep(run, id)
      return run
    }
    guard var live = LiveRun(id, store.layout) else { return nil }
    _ = live.update()
    return live.state.record.map { BrowsedRun(record: $0, graph: graph(of: $0), isLive: true) }
  }

  /// The wiring by the run's own settings, else by those of now; nil where neither can be wired.
  private func graph(of record: RunRecord) -> Graph? {
    guard let session = try? session(of: record.workshop) else { return nil }
    return (try? session.asRecorded(record, call).graph()) ?? (try? session.graph())
  }
}

/// A run, and how its steps are wired.
package struct BrowsedRun: Sendable {
  package let record: RunRecord
  /// nil where this program cannot wire the run's workshop.
  package let graph: Graph?
  package let isLive: Bool
}

/// The recorded runs that were shown last: wiring takes time, and a record never changes.
private final class RunMemory: Sendable {
  private static let most = 4

  private let runs = Mutex<[(id: RunID, run: BrowsedRun)]>([])

  func run(_ id: RunID) -> BrowsedRun? { runs.withLock { $0.first { $0.id == id }?.run } }

  func keep(_ run: BrowsedRun, _ id: RunID) {
    runs.withLock { runs in
      runs.removeAll { $0.id == id }
      runs.append((id, run))
      if runs.count > Self.most { runs.removeFirst() }
    }
  }
}

extension LiveRunState {
  /// The run's record as far as there is one: nodes that have not ended are `waiting` or `running`.
  package var record: RunRecord? {
    guard var fields = head?.object else { return nil }
    var steps: [String: JSONValue] = [:]
    for node in nodes {
      steps[node.name] = reports[node.name] ?? ["status": .string(node.status)]
    }
    fields["event"] = nil
    fields["nodes"] = nil
    fields["status"] = "running"
    fields["steps"] = .object(steps)
    return RunRecord(json: .object(fields))
  }
}

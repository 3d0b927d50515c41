// Looks at a store several times a second: new records, and how the runs that go on get along.
import Content
import FileTools
import LiveRuns
import LocalStores
import Synchronization

/// What a page is told of a store while it is open.
package final class StoreWatch: Sendable {
  /// What there is at a moment.
  package struct Sight: Hashable, Sendable {
    /// Rows of the table of runs.
    package var rows = 0
    /// For each run that goes on: id, series, start, nodes, ended ones, running ones, failed ones.
    package var live: [JSONValue] = []
  }

  /// One run that goes on, read as its journal grows.
  private final class Followed {
    var run: LiveRun
    init(_ run: consuming LiveRun) { self.run = run }

    func summary(_ browsed: BrowsedStore) -> JSONValue? {
      _ = run.update()
      guard let head = run.state.head, browsed.shows(head["workshop"]?.string ?? "") else {
        return nil
      }
      let nodes = run.state.nodes
      func count(_ isMeant: (String) -> Bool) -> JSONValue {
        .integer(Int64(nodes.count { isMeant($0.status) }))
      }
      let workshop = head["workshop"]?.string ?? ""
      return [
        .string(run.id.description),
        .string(head["series"]?.string.map { "\(workshop) \($0)" } ?? workshop),
        .string(head["startedAt"]?.string ?? ""), .integer(Int64(nodes.count)),
        count { $0 != "waiting" && $0 != "running" }, count { $0 == "running" },
        count { $0 == "failed" },
      ]
    }
  }

  private static let milliseconds = 250

  private let browsed: BrowsedStore
  private let index: RunIndex
  private let sight = Mutex(Sight())
  private let isEnding = Atomic<Bool>(false)

  package init(_ browsed: BrowsedStore, _ index: RunIndex) {
    self.browsed = browsed
    self.index = index
  }

  /// What was seen last.
  package var now: Sight { sight.withLock { $0 } }

  /// Looks on threads of its own until `end`.
  package func start() throws {
    try startThread { [self] in
      while !isEnding.load(ordering: .relaxed) {
        // A store that cannot be read now may be read later; what was read stays.
        try? index.refresh { isEnding.load(ordering: .relaxed) }
        Disk.pause(milliseconds: Self.milliseconds)
      }
    }
    try startThread { [self] in
      var followed: [RunID: Followed] = [:]
      while !isEnding.load(ordering: .relaxed) {
        let names = (try? LiveRuns.names(browsed.store.layout)) ?? []
        followed = followed.filter { names.contains($0.key) }
        for id in names where followed[id] == nil {
          if let run = LiveRun(id, browsed.store.layout) { followed[id] = Followed(run) }
        }
        let live = names.compactMap { followed[$0]?.summary(browsed) }
        let rows = index.progress.rows
        sight.withLock { $0 = Sight(rows: rows, live: live) }
        Disk.pause(milliseconds: Self.milliseconds)
      }
    }
  }

  /// Ends the threads soon.
  package func end() { isEnding.store(true, ordering: .relaxed) }
}

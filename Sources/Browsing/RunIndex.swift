// The table of runs: a short row for each record, read newest first in the background.
import CSystem
import CommandLine
import Content
import FileTools
import LiveRuns
import LocalStores
import Planning
import Project
import Synchronization

/// Rows of all recorded runs of a store, in the order in which they were read.
///
/// A row is an array: id, series, status, start, seconds, steps, steps that ran, steps that failed, host,
/// settings that are not those of its workshop's `base`, numbers by name. So ten thousand runs are a few
/// megabytes, and a page can begin with the newest before all are read.
package final class RunIndex: Sendable {
  private struct State {
    var rows: [[UInt8]] = []
    var known: Set<RunID> = []
    var isComplete = false
    /// The settings of each workshop's first row.
    var bases: [String: [String: JSONValue]] = [:]
    var numbers: [String: RunNumbers?] = [:]
    /// What the folder's time was when its names were read.
    var listed: FileIdentity?
  }

  private static let chunk = 64
  private static let mostRows = 2000
  /// Nanoseconds within which two changes of a folder may show the same time.
  private static let grain: Int64 = 3_000_000_000

  private let browsed: BrowsedStore
  private let state = Monitor(State())

  package init(_ browsed: BrowsedStore) { self.browsed = browsed }

  /// How many rows there are, and whether they are all.
  package var progress: (rows: Int, isComplete: Bool) {
    state.withLock(waking: { _ in false }) { ($0.rows.count, $0.isComplete) }
  }

  /// Reads the records that it does not know yet; `isEnding` ends it early.
  package func refresh(isEnding: () -> Bool) throws {
    let folder = browsed.store.layout.runs
    let identity = try FileStatus(folder, followingLinks: true)?.identity
    let known = state.withLock(waking: { _ in false }) { state -> Set<RunID>? in
      let isListed = identity == nil || state.listed == identity
      return state.isComplete && isListed ? nil : state.known
    }
    guard let known else { return }
    let new = try browsed.store.runs.list().filter { !known.contains($0) }
    for start in stride(from: 0, to: new.count, by: Self.chunk) {
      if isEnding() { return }
      let ids = Array(new[start..<min(start + Self.chunk, new.count)])
      let records = try Parallel.map(ids.count, chunk: 8) { [browsed] in
        try browsed.store.runs.read(ids[$0]).flatMap(RunRecord.init)
      }
      let rows = records.compactMap { record in record.flatMap(row) }
      state.withLock { state in
        state.known.formUnion(ids)
        state.rows += rows
      }
    }
    state.withLock { state in
      state.isComplete = true
      // A record that comes within the same tick of the file system's clock leaves the time as it is.
      let age = cs_wall_clock() - (identity?.mtime ?? 0)
      state.listed = age > Self.grain ? identity : nil
    }
  }

  /// Some rows from a position on; waits up to a second for the first of them.
  package func page(from start: Int) throws -> [UInt8] {
    let deadline = ContinuousClock.now + .seconds(1)
    let (rows, bases, total, isComplete) = state.wait { state, milliseconds in
      let start = min(max(0, start), state.rows.count)
      if start == state.rows.count, !state.isComplete, ContinuousClock.now < deadline {
        milliseconds = 50
        return nil as ([[UInt8]], [String: [String: JSONValue]], Int, Bool)?
      }
      let rows = Array(state.rows[start...].prefix(Self.mostRows))
      return (rows, state.bases, state.rows.count, state.isComplete)
    }
    let next = min(max(0, start), total) + rows.count
    let head: JSONValue = [
      "v": 1, "next": .integer(Int64(next)), "isComplete": .bool(isComplete && next >= total),
      "bases": .object(bases.mapValues(JSONValue.object)),
    ]
    // The rows are JSON already.
    var bytes = try head.canonicalBytes().dropLast() + Array(",\"rows\":[".utf8)
    bytes += rows.joined(separator: [UInt8(ascii: ",")])
    bytes += Array("]}".utf8)
    return Array(bytes)
  }

  // MARK: - A row

  private func row(_ record: RunRecord) -> [UInt8]? {
    guard browsed.shows(record.workshop) else { return nil }
    let steps = record.json["steps"]?.object ?? [:]
    var counts = (built: 0, failed: 0)
    for step in steps.values {
      switch step["status"]?.string {
      case "built": counts.built += 1
      case "failed": counts.failed += 1
      default: break
      }
    }
    var numbers: [String: JSONValue] = [:]
    for (name, value) in runNumbers(of: record)?.numbers(of: record) ?? [] {
      numbers[name] = .number(value)
    }
    let row: JSONValue = [
      .string(record.id), .string(record.series), .string(record.status), .string(record.startedAt),
      .number(record.json["seconds"]?.number ?? 0), .integer(Int64(steps.count)),
      .integer(Int64(counts.built)), .integer(Int64(counts.failed)),
      .string(record.json["host"]?.string ?? ""), .object(ownSettings(record)), .object(numbers),
    ]
    return try? row.canonicalBytes()
  }

  /// The settings that are not those of the base; null for one that only the base has.
  private func ownSettings(_ record: RunRecord) -> [String: JSONValue] {
    let settings = (record.json["settings"]?.object ?? [:]).compactMapValues { $0["value"] }
    let base = state.withLock(waking: { _ in false }) { state in
      if let base = state.bases[record.workshop] { return base }
      state.bases[record.workshop] = settings
      return settings
    }
    var own = settings.filter { base[$0.key] != $0.value }
    for name in base.keys where settings[name] == nil { own[name] = .null }
    return own
  }

  /// The numbers of a workshop; nil where this program cannot wire it.
  private func runNumbers(of record: RunRecord) -> RunNumbers? {
    let workshop = record.workshop
    if let known = state.withLock(waking: { _ in false }, { $0.numbers[workshop] }) { return known }
    let graph = try? browsed.session(of: workshop).graph(isOffline: true)
    let made = graph.map { RunNumbers($0, browsed.store) }
    state.withLock(waking: { _ in false }) { $0.numbers[workshop] = .some(made) }
    return made
  }
}

// What a run tells of itself while it goes on, as a file beside its store's records. It reads nothing.
import CSystem
import Content
import Execution
import FileTools
import Planning
import StoreFolder

/// The journal of one run: `.atelier/live/<run id>.ndjson`, locked while the run goes on.
///
/// A line for the run, then one for each event. The record that a run leaves at its end says more, so the
/// journal is removed then; one without a lock was left by a run that was killed. A journal that cannot be
/// written stops no run.
package final class RunJournal {
  private let path: String
  private let lock: FileLock
  private let descriptor: Int32
  /// Lines of hits, which come by the thousand, that wait for the next line or a tenth of a second.
  private var waiting: [UInt8] = []
  private var flushedAt = 0.0
  private static let mostWaiting = 1 << 14

  /// Of each step the hundredth that was written last.
  private var fractions: [String: Int] = [:]

  /// The first line of a journal: a run record without an outcome, and the names of its nodes.
  package struct Head: Sendable {
    package let id: RunID
    package let workshop: String
    package let series: String?
    /// RFC 3339, UTC.
    package let startedAt: String
    package let platform: String
    package let host: String
    package let settings: JSONValue
    package let targets: [String]
    package let nodes: [String]

    package init(
      id: RunID, workshop: String, series: String?, startedAt: String, platform: String,
      host: String,
      settings: JSONValue, targets: [String], nodes: [String]
    ) {
      self.id = id
      self.workshop = workshop
      self.series = series
      self.startedAt = startedAt
      self.platform = platform
      self.host = host
      self.settings = settings
      self.targets = targets
      self.nodes = nodes
    }

    fileprivate var json: JSONValue {
      var fields: [String: JSONValue] = [
        "v": 1, "event": "run", "id": .string(id.description), "workshop": .string(workshop),
        "startedAt": .string(startedAt), "platform": .string(platform), "host": .string(host),
        "settings": settings, "targets": .array(targets.map(JSONValue.string)),
        "nodes": .array(nodes.map(JSONValue.string)),
      ]
      if let series { fields["series"] = .string(series) }
      return .object(fields)
    }
  }

  private init(path: String, lock: consuming FileLock, descriptor: Int32) {
    self.path = path
    self.lock = lock
    self.descriptor = descriptor
  }

  deinit {
    cs_close(descriptor)
    try? Disk.remove(path)
  }

  /// Begins a journal and removes those of runs that were killed; nil where none can be written.
  package static func begin(_ layout: StoreLayout, _ head: Head) -> RunJournal? {
    let path = "\(layout.live)/\(head.id)\(LiveRuns.ending)"
    do {
      try Disk.makeFolders(layout.live)
      try sweep(layout.live)
      guard let lock = try FileLock.attempt(path) else { return nil }
      let descriptor = cs_open_append(path, 0o666)
      guard descriptor >= 0 else { return nil }
      let journal = RunJournal(path: path, lock: lock, descriptor: descriptor)
      journal.write(head.json)
      return journal
    } catch {
      return nil
    }
  }

  private static func sweep(_ folder: String) throws {
    for name in try Disk.names(in: folder) ?? [] where name.hasSuffix(LiveRuns.ending) {
      // Whoever has the lock goes on.
      guard let lock = try FileLock.attempt("\(folder)/\(name)") else { continue }
      try Disk.remove(lock.path)
    }
  }

  /// Writes what happened.
  package func take(_ event: RunEvent, seconds: Double) {
    switch event {
    case .began, .waiting, .ended: break
    case .started(let name, let key, let explanation):
      let fields: [String: JSONValue] = [
        "event": "start", "step": .string(name), "key": .string(key.description),
        "at": .number((seconds * 1000).rounded() / 1000),
      ]
      write(.object(fields.merging(explanation.json) { $1 }))
    case .files(let name, let count):
      take(.progress(name: name, fraction: count.fraction), seconds: seconds)
    case .progress(let name, let fraction):
      guard fraction.isFinite else { return }
      let hundredth = Int((min(max(fraction, 0), 1) * 100).rounded())
      guard fractions.updateValue(hundredth, forKey: name) != hundredth else { return }
      write(["event": "progress", "step": .string(name), "percent": .integer(Int64(hundredth))])
    case .placed(let name, let job, let node):
      write(["event": "placed", "step": .string(name), "job": .string(job), "node": .string(node)])
    case .retrying(let name, let attempt):
      write(["event": "retry", "step": .string(name), "message": .string(attempt.message)])
    case .finished(let report) where report.status == .hit: hit(report, seconds)
    case .finished(let report):
      write(.object(report.json.merging(["event": "end"]) { $1 }))
    case .notice(let text): write(["event": "notice", "message": .string(text)])
    }
  }

  /// A short line, without what the result itself says.
  private func hit(_ report: NodeReport, _ seconds: Double) {
    let key = report.key.map { ",\"key\":\"\($0)\"" } ?? ""
    let line =
      "{\"event\":\"end\"\(key),\"status\":\"hit\",\"step\":\(JSONValue.quoted(report.name))}\n"
    waiting += Array(line.utf8)
    // A clock that was set back must not keep lines from being written.
    if waiting.count > Self.mostWaiting || abs(seconds - flushedAt) > 0.1 {
      flushedAt = seconds
      flush()
    }
  }

  private func write(_ line: JSONValue) {
    guard let bytes = try? line.canonicalBytes() else { return }
    waiting += bytes
    waiting.append(UInt8(ascii: "\n"))
    flush()
  }

  private func flush() {
    _ = cs_write_all(descriptor, waiting, waiting.count)
    waiting.removeAll(keepingCapacity: true)
  }
}

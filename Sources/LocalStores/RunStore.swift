// Run records as files. It knows nothing of what a record says.
import Content
import FileTools
import StoreFolder

/// Records as `.atelier/runs/<id>.json`, written whole by rename, for good.
package struct RunStore: Sendable {
  package let layout: StoreLayout
  package let temporary: TemporaryFiles
  package let isReadOnly: Bool

  /// Writes a record; one of the same name is replaced.
  package func write(_ record: JSONValue, id: RunID) throws {
    guard !isReadOnly else { throw StoreError.readOnly(path: layout.root) }
    try Disk.replace(path(of: id), with: record.canonicalBytes(), by: temporary.next())
  }

  /// All names, newest first.
  package func list() throws -> [RunID] {
    let names = try Disk.names(in: layout.runs) ?? []
    return names.filter { $0.hasSuffix(".json") }.compactMap { RunID($0.dropLast(5)) }
      .sorted(by: >)
  }

  /// A new name for a run that starts now; it sorts after all others, also when the clock was set
  /// back since the last run.
  package func nextID(now: Timestamp) throws -> RunID {
    let newest = try list().lazy.compactMap(\.startedAt).first
    guard let newest, newest >= now else { return RunID(startedAt: now) }
    let next = RunID(startedAt: Timestamp(milliseconds: newest.milliseconds + 1))
    // Beyond the year 9999 there is no name.
    return RunID(next.description) ?? RunID(startedAt: now)
  }

  /// A record; nil when there is none or it is not JSON.
  package func read(_ id: RunID) throws -> JSONValue? {
    guard let bytes = try Disk.readDocument(path(of: id), atMost: ByteLimit.record) else {
      return nil
    }
    return try? JSONValue(parsing: bytes)
  }

  /// Where a record lies.
  package func path(of id: RunID) -> String { "\(layout.runs)/\(id).json" }
}

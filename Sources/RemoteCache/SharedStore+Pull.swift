// What the shared store has comes here before anything needs it. It knows no graph.
import Content
import FileTools

/// What a pull did.
public struct PullReport: Sendable {
  public var blobs = 0
  /// Of the blobs.
  public var bytes: Int64 = 0
  /// Results some of whose bytes could not be had: they run again.
  public var lost: [ActionKey] = []
}

extension SharedStore {
  /// All results that are there; those that are not whole are left out.
  public func results() throws -> [ActionResult] {
    let keys = try ask { try remote.objects(.results) }.compactMap { object -> ActionKey? in
      if case .result(let key) = object.kind { key } else { nil }
    }
    let found = try Parallel.map(keys.count, width: Self.width, chunk: 1) { [self] index in
      try local.actions.lookup(keys[index]) ?? lookup(keys[index])
    }
    if let failure = fatalFailure { throw failure }
    return found.compactMap(\.self)
  }

  /// Fetches every blob of some results that is not here, and makes sure that all stay.
  ///
  /// Throws `RemoteFailure` for an outage.
  public func pull(_ results: [ActionResult]) throws -> PullReport {
    var report = PullReport()
    let outputs = results.flatMap(\.outputs.values)
    let trees = outputs.filter { $0.kind == .tree }
    var lost = try fetch(all: trees.map(Self.reference), &report)
    var files = outputs.filter { $0.kind == .file }.map(Self.reference)
    for tree in trees where !lost.contains(tree.digest) {
      let entries = (try? local.objects.manifest(of: tree))?.entries ?? []
      files += entries.map { BlobReference(digest: $0.digest, size: $0.size) }
    }
    lost.formUnion(try fetch(all: files, &report))
    if report.blobs > 0 {
      let mark = local.index.willSync()
      try Disk.flushFileSystem(local.layout.base)
      local.index.didSync(mark)
    }
    for result in results
    where try blobs(of: result, asking: false).contains(where: { lost.contains($0.digest) }) {
      forget(result.key)
      report.lost.append(result.key)
    }
    return report
  }

  private static func reference(_ record: OutputRecord) -> BlobReference {
    BlobReference(digest: record.digest, size: record.size)
  }

  /// Those that are not there or came down wrong.
  private func fetch(all blobs: [BlobReference], _ report: inout PullReport) throws -> Set<Digest> {
    var seen: Set<Digest> = []
    let absent = try blobs.filter {
      try seen.insert($0.digest).inserted && !local.objects.contains($0.digest)
    }
    let store = try writable()
    let isHere = try Parallel.map(absent.count, width: Self.width, chunk: 1) { [self] index in
      do {
        try fetch(absent[index], into: store)
        return true
      } catch let failure as RemoteFailure
        where failure.kind == .missing || failure.kind == .damaged
      {
        return false
      }
    }
    for (blob, isHere) in zip(absent, isHere) where isHere {
      report.blobs += 1
      report.bytes += blob.size
    }
    return Set(zip(absent, isHere).filter { !$0.1 }.map(\.0.digest))
  }

  /// Fetches the newest run records that `isWanted` and that are not here; how many.
  ///
  /// Looks at no more than ten times `most`.
  public func pullRecords(most: Int, isWanted: (RunID, JSONValue) -> Bool) throws -> Int {
    var count = 0
    var wanted = 0
    let ids = try ask { try remote.records(since: Timestamp(milliseconds: 0)) }
    for id in ids.prefix(10 * most) where wanted < most {
      if let json = try local.runs.read(id) {
        if isWanted(id, json) { wanted += 1 }
        continue
      }
      guard let json = record(id), isWanted(id, json) else { continue }
      try local.runs.write(json, id: id)
      wanted += 1
      count += 1
    }
    return count
  }
}

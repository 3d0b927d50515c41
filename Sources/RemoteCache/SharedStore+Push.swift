// What is here and not in the shared store goes there at once, also what was made before there was
// one. It knows no graph.
import Content
import FileTools

/// What a push did.
public struct PushReport: Sendable {
  /// Results that were not there.
  public var results = 0
  /// Results that were there with the same outputs.
  public var same = 0
  public var blobs = 0
  /// Of the blobs.
  public var bytes: Int64 = 0
  public var records = 0
  /// Other outputs are there, and stay.
  public var conflicts: [ResultConflict] = []
  /// Results whose bytes are not all on this machine.
  public var incomplete: [ActionKey] = []
}

extension SharedStore {
  /// From so many objects on a listing needs fewer requests than asking for each.
  private static let manyResults = 100
  private static let manyBlobs = 200

  /// Sends results with their blobs, blobs first, and run records, as far as they are not there.
  ///
  /// Throws `RemoteFailure`.
  public func push(_ keys: [ActionKey], records: [RunID]) throws -> PushReport {
    var report = PushReport()
    var ours: [ActionResult] = []
    for key in keys {
      guard let result = try local.actions.lookup(key) else { continue }
      if try isComplete(result) {
        ours.append(result)
      } else if notes.has(.held, key.digest.hex) {
        report.same += 1  // It came from there, and its bytes were not needed here.
      } else {
        report.incomplete.append(key)
      }
    }
    let theirs = try self.theirs(of: ours)
    var toSend: [ActionResult] = []
    var there: [ActionResult] = []
    for (result, other) in zip(ours, theirs) {
      switch other {
      case .known: report.same += 1
      case .nothing: toSend.append(result)
      case .found(let other) where other.outputs == result.outputs: there.append(result)
      case .found(let other):
        report.conflicts.append(ResultConflict(ours: result, theirs: other))
      }
    }
    let sent = try send(blobsOf: toSend + there)
    report.blobs = sent.count
    report.bytes = sent.reduce(0) { $0 + $1.size }
    for result in there { try noteAsSent(result.key) }
    report.same += there.count
    try add(toSend, &report)
    report.records = try send(records)
    return report
  }

  private func isComplete(_ result: ActionResult) throws -> Bool {
    try result.outputs.values.allSatisfy { try local.objects.check($0) == .good }
  }

  private enum There: Sendable {
    case nothing
    case found(ActionResult)
    /// The same result with all its blobs, as was seen before.
    case known
  }

  private func theirs(of ours: [ActionResult]) throws -> [There] {
    let listed: Set<ActionKey>? =
      ours.count < Self.manyResults
      ? nil
      : Set(
        try ask { try remote.objects(.results) }.compactMap { object in
          if case .result(let key) = object.kind { key } else { nil }
        })
    return try Parallel.map(ours.count, width: Self.width, chunk: 1) { [self] index in
      let key = ours[index].key
      if let listed, !listed.contains(key) { return .nothing }
      if listed != nil, notes.has(.held, key.digest.hex) { return .known }
      return try ask { try remote.lookup(key) }.map { .found($0) } ?? .nothing
    }
  }

  /// The blobs that were sent.
  private func send(blobsOf results: [ActionResult]) throws -> [BlobReference] {
    var seen: Set<Digest> = []
    let blobs = try results.flatMap { try self.blobs(of: $0, asking: false) }
      .filter { seen.insert($0.digest).inserted }
    var listed: [Digest: Int64]?
    if blobs.count >= Self.manyBlobs {
      listed = try ask { try remote.objects(.blobs) }.reduce(into: [:]) { listed, object in
        if case .blob(let digest) = object.kind { listed?[digest] = object.size }
      }
    }
    let damaged = state.withLock { $0.damaged }
    let sizes = listed
    let sent = try Parallel.map(blobs.count, width: Self.width, chunk: 1) { [self] index in
      let blob = blobs[index]
      let isThere =
        try sizes.map { $0[blob.digest] == blob.size && !damaged.contains(blob.digest) }
        ?? isThere(blob)
      if isThere { return false }
      try send(blob)
      return true
    }
    return zip(blobs, sent).filter(\.1).map(\.0)
  }

  private func add(_ results: [ActionResult], _ report: inout PushReport) throws {
    guard !results.isEmpty else { return }
    let abilities = try findAbilities()
    let answers = try Parallel.map(results.count, width: Self.width, chunk: 1) { [self] index in
      let answer = try ask { try remote.add(results[index], abilities: abilities) }
      if case .differs = answer { return answer }
      try noteAsSent(results[index].key)
      return answer
    }
    for (result, answer) in zip(results, answers) {
      switch answer {
      case .added: report.results += 1
      case .same: report.same += 1
      case .differs(let theirs):
        report.conflicts.append(ResultConflict(ours: result, theirs: theirs))
      }
    }
  }

  private func noteAsSent(_ key: ActionKey) throws {
    let name = key.digest.hex
    if !notes.has(.held, name) { try notes.add(.held, name) }
    notes.remove(.pending, name)
  }

  /// How many were not there.
  private func send(_ records: [RunID]) throws -> Int {
    guard !records.isEmpty else { return 0 }
    let there = Set(try ask { try remote.records(since: Timestamp(milliseconds: 0)) })
    var count = 0
    for id in records where !there.contains(id) {
      guard let record = try local.runs.read(id) else { continue }
      try ask { try remote.add(record: record.canonicalBytes(), id: id) }
      notes.remove(.records, id.description)
      count += 1
    }
    return count
  }
}

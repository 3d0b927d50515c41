// What is here and not in the shared store goes there at once, also what was made before there was
// one. It knows no graph.
import Content
import FileTools
import LocalStores

/// What a push did.
package struct PushReport: Sendable {
  /// Results that were not there.
  package var results = 0
  /// Results that were there with the same outputs.
  package var same = 0
  package var blobs = 0
  /// Of the blobs.
  package var bytes: Int64 = 0
  package var records = 0
  /// Other outputs are there, and stay.
  package var conflicts: [ResultConflict] = []
  /// Results whose bytes are not all on this machine.
  package var incomplete: [ActionKey] = []
}

/// One push.
struct Push {
  /// From so many objects on a listing needs fewer requests than asking for each.
  private static let manyResults = 100
  private static let manyBlobs = 200

  private let tier: Tier
  private var report = PushReport()

  init(_ tier: Tier) { self.tier = tier }

  mutating func run(_ keys: [ActionKey], records: [RunID]) throws -> PushReport {
    var ours: [ActionResult] = []
    for key in keys {
      guard let result = try tier.local.actions.lookup(key) else { continue }
      if try isComplete(result) {
        ours.append(result)
      } else if tier.notes.has(.held, key.digest.hex) {
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
    report.bytes = sent.saturatedSum(\.size)
    for result in there { try Self.noteAsSent(result.key, tier) }
    report.same += there.count
    try add(toSend)
    report.records = try send(records)
    return report
  }

  private func isComplete(_ result: ActionResult) throws -> Bool {
    try result.outputs.values.allSatisfy { try tier.local.trees.check($0) == .good }
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
        try tier.outage.ask { try tier.remote.objects(.results) }.compactMap { object in
          if case .result(let key) = object.kind { key } else { nil }
        })
    return try Parallel.map(ours.count, width: tier.blobs.width, chunk: 1) { [tier] index in
      let key = ours[index].key
      if let listed, !listed.contains(key) { return .nothing }
      if listed != nil, tier.notes.has(.held, key.digest.hex) { return .known }
      return try tier.outage.ask { try tier.remote.lookup(key) }.map { .found($0) } ?? .nothing
    }
  }

  /// The blobs that were sent.
  private func send(blobsOf results: [ActionResult]) throws -> [SizedDigest] {
    var seen: Set<Digest> = []
    let blobs = try results.flatMap { try tier.blobs.blobs(of: $0, asking: false) }
      .filter { seen.insert($0.digest).inserted }
    var listed: [Digest: Int64]?
    if blobs.count >= Self.manyBlobs {
      listed = try tier.outage.ask { try tier.remote.objects(.blobs) }.reduce(into: [:]) {
        listed, object in
        if case .blob(let digest) = object.kind { listed?[digest] = object.size }
      }
    }
    let sizes = listed
    let sent = try Parallel.map(blobs.count, width: tier.blobs.width, chunk: 1) { [tier] index in
      let blob = blobs[index]
      let isThere =
        try sizes.map { $0[blob.digest] == blob.size && !tier.blobs.isDamaged(blob.digest) }
        ?? tier.blobs.isThere(blob)
      if isThere { return false }
      try tier.blobs.send(blob)
      return true
    }
    return zip(blobs, sent).filter(\.1).map(\.0)
  }

  private mutating func add(_ results: [ActionResult]) throws {
    guard !results.isEmpty else { return }
    let abilities = try tier.abilities.find()
    let answers = try Parallel.map(results.count, width: tier.blobs.width, chunk: 1) {
      [tier] index in
      let answer = try tier.outage.ask(.writing) {
        try tier.remote.add(results[index], abilities: abilities)
      }
      if case .differs = answer { return answer }
      try Self.noteAsSent(results[index].key, tier)
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

  private static func noteAsSent(_ key: ActionKey, _ tier: Tier) throws {
    let name = key.digest.hex
    if !tier.notes.has(.held, name) { try tier.notes.add(.held, name) }
    tier.notes.remove(.pending, name)
  }

  /// How many were not there.
  private func send(_ records: [RunID]) throws -> Int {
    guard !records.isEmpty else { return 0 }
    let there = Set(
      try tier.outage.ask { try tier.remote.records(since: Timestamp(milliseconds: 0)) })
    var count = 0
    for id in records where !there.contains(id) {
      guard let record = try tier.local.runs.read(id) else { continue }
      try tier.outage.ask(.writing) {
        try tier.remote.add(record: record.canonicalBytes(), id: id)
      }
      tier.notes.remove(.records, id.description)
      count += 1
    }
    return count
  }
}

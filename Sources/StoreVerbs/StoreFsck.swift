// `atelier store fsck`: looks for damage and names what runs again because of it.
import CommandLine
import Content
import LocalStores
import Planning
import Project
import StoreFolder
import StoreMaintenance
import Terminal

struct StoreFsck: Verb {
  let name = "fsck"
  let summary = "find damage, move it to quarantine and name what runs again"
  let details = """
    Hashes every byte and checks results, run records, trees and the index; what is damaged goes to
    .atelier/quarantine. Names the steps that run again, and exits 6 when it found damage.
    """
  let examples = [Example("atelier store fsck", "is every byte what it was?")]
  let dryRun = Flag("dry-run", short: "n", "only report, move nothing")
  let remote = Flag("remote", "check the bucket or shared folder instead of the local store")
  let json = Shared.json

  var parameters: [any Parameter] { [dryRun, remote, json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let isDryRun = call[dryRun]
    let call = StoreCall(call: call, context: context, isJSON: call[json])
    let session = try call.session()
    if call.call[remote] {
      return try RemoteFsck.run(call, session, repairs: !isDryRun)
    }
    return try Signals.guarding { signals in
      let store = try Self.open(session, isDryRun, call)
      defer { try? store.close() }
      // Before anything is moved away.
      let names = try StepNames(store)
      var checkup = LocalIntegrityCheck(
        store, isCancelled: { signals.token.isCancelled }, reading: RunRoots.reader)
      guard let found = try checkup.run() else { return signals.code }
      return try FsckReport(call: call, place: store.layout.root, names: names).show(found)
    }
  }

  /// A store that may not be written is checked all the same.
  private static func open(
    _ session: Session, _ isDryRun: Bool, _ call: StoreCall
  ) throws -> LocalStore {
    do {
      return try session.store(readOnly: isDryRun)
    } catch StoreError.notWritable(let path, let reason) {
      call.output.message(
        "\(path) cannot be written (\(reason)): damage is reported, nothing is moved")
      return try session.store(readOnly: true)
    }
  }
}

/// What a check for damage tells people and scripts.
struct FsckReport {
  let call: StoreCall
  /// The folder or the bucket.
  let place: String
  let names: StepNames
  /// Damages that are listed without --verbose.
  private static let most = 40

  /// The exit code, once all is said.
  func show(_ found: IntegrityReport, _ results: [ActionKey: ActionResult] = [:]) throws -> Int32 {
    let rerun = found.affected.map { (names.name(of: $0, results[$0]), $0) }
      .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
    let fetched = found.fetched.map { (names.name(of: $0, results[$0]), $0) }
      .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
    if call.isJSON {
      try json(found, rerun, fetched)
    } else {
      try text(found, rerun, fetched)
    }
    return found.damages.isEmpty ? ExitCode.success : ExitCode.integrity
  }

  private func text(
    _ found: IntegrityReport, _ rerun: [(String, ActionKey)], _ fetched: [(String, ActionKey)]
  ) throws {
    let isFull = call.call.isVerbose
    for damage in isFull ? found.damages[...] : found.damages.prefix(Self.most) {
      try call.output.data("\(Text.pad("\(damage.kind)", 8)) \(damage.name): \(damage.problem)\n")
    }
    if !isFull, found.damages.count > Self.most {
      try call.output.data("... and \(found.damages.count - Self.most) more (--verbose)\n")
    }
    for (name, key) in rerun {
      try call.output.data("runs again: \(Text.pad(name, 24)) \(key.digest.short)\n")
    }
    for (name, key) in fetched {
      try call.output.data(
        "comes from the bucket again: \(Text.pad(name, 24)) \(key.digest.short)\n")
    }
    call.output.message(
      "\(place): \(Text.count(found.blobs, "blob")) (\(Text.size(found.bytes))), "
        + "\(Text.count(found.results, "result")), \(Text.count(found.records, "run record")), "
        + (found.blank == 0
          ? "" : "\(Text.count(found.blank, "unfinished blob")) that nothing needs, ")
        + (found.damages.isEmpty ? "all sound" : Text.count(found.damages.count, "damage")))
  }

  private func json(
    _ found: IntegrityReport, _ rerun: [(String, ActionKey)], _ fetched: [(String, ActionKey)]
  ) throws {
    for damage in found.damages {
      try call.event(
        "damage",
        [
          "kind": .string(damage.kind.rawValue), "name": .string(damage.name),
          "problem": .string(damage.problem),
        ])
    }
    for (event, steps) in [("rerun", rerun), ("fetch", fetched)] {
      for (name, key) in steps {
        try call.event(event, ["step": .string(name), "key": .string(key.description)])
      }
    }
    try call.event(
      "fsck",
      [
        "store": .string(place), "blobs": .integer(Int64(found.blobs)),
        "bytes": .integer(found.bytes), "results": .integer(Int64(found.results)),
        "runs": .integer(Int64(found.records)), "trees": .integer(Int64(found.trees)),
        "damages": .integer(Int64(found.damages.count)), "blank": .integer(Int64(found.blank)),
      ])
  }
}

// `atelier-bench measure`: one operation of a store, timed from inside, as a line of JSON.
import CSystem
import Content
import LocalStores
import Publishing

/// The measurements that the bench script asks for; each opens the store as a run would.
enum Measure {
  private static let usage = """
    usage: atelier-bench measure hash STORE FILE
           atelier-bench measure adopt STORE PATH file|tree
           atelier-bench measure import STORE PATH file|tree
           atelier-bench measure publish STORE DIGEST SIZE tree EXPORT
           atelier-bench measure check STORE DIGEST SIZE file|tree
           atelier-bench measure materialize STORE DIGEST SIZE file TARGET
           atelier-bench measure folder STORE DIGEST SIZE tree
    """

  private static let mediaType = "application/octet-stream"

  static func run(_ words: [String]) throws -> [String: JSONValue] {
    guard words.count >= 3 else { throw MeasureError(usage) }
    let store = try LocalStore.open(root: words[1], readOnly: false)
    let answer: [String: JSONValue]
    switch (words[0], words.count) {
    case ("hash", 3):
      answer = ["digest": .string(try store.memo.digest(ofFile: words[2]).digest.hex)]
    case ("adopt", 4): answer = try adopt(words[2], try kind(words[3]), store)
    case ("import", 4): answer = try copyIn(words[2], try kind(words[3]), store)
    case ("publish", 6): answer = try publish(try record(words[2...4]), words[5], store)
    case ("check", 5):
      let health = try store.trees.check(try record(words[2...4]))
      guard health == .good else { throw MeasureError("not sound: \(health)") }
      answer = [:]
    case ("materialize", 6):
      try store.trees.materialize(try record(words[2...4]), at: words[5])
      answer = [:]
    case ("folder", 5):
      // What a step is given: the tree as a folder of links, made once and checked at each use.
      answer = ["path": .string(try store.treeFolders.folder(of: try record(words[2...4])))]
    default: throw MeasureError(usage)
    }
    try store.close()
    return answer
  }

  /// Takes a file or tree as a step's output, and commits a result that names it, as a run does.
  private static func adopt(
    _ path: String, _ kind: OutputKind, _ store: LocalStore
  ) throws -> [String: JSONValue] {
    let output =
      switch kind {
      case .file: try store.objects.adopt(file: path, mediaType: mediaType)
      case .tree: try store.trees.adoptTree(path, mediaType: mediaType)
      }
    let adopted = cs_monotonic()
    let document = try JSONValue.object(["bench": .string(output.digest.hex)]).canonicalBytes()
    let queue = store.commitQueue()
    queue.submit(
      ActionResult(
        key: ActionKey(try Digest.of(document)), document: document, outputs: ["out": output],
        startedAt: Timestamp(milliseconds: cs_wall_clock() / 1_000_000), seconds: 0, host: "bench")
    ) { _ in }
    // Throws what the commit threw.
    try queue.close()
    return [
      "digest": .string(output.digest.hex), "size": .integer(output.size),
      "commitSeconds": .number(Double(cs_monotonic() - adopted) / 1e9),
    ]
  }

  /// Copies a file or tree of somebody else, as a source that a step reads.
  private static func copyIn(
    _ path: String, _ kind: OutputKind, _ store: LocalStore
  ) throws -> [String: JSONValue] {
    let output =
      switch kind {
      case .file: try store.objects.importCopy(of: path, mediaType: mediaType)
      case .tree: try store.trees.importTree(path, mediaType: mediaType)
      }
    return ["digest": .string(output.digest.hex), "size": .integer(output.size)]
  }

  /// Publishes a tree as an export, durable when it appears.
  private static func publish(
    _ record: OutputRecord, _ export: String, _ store: LocalStore
  ) throws -> [String: JSONValue] {
    let files = try store.trees.manifest(of: record).entries.map {
      PublishedFile(
        name: $0.path, digest: $0.digest, size: $0.size, isExecutable: $0.isExecutable)
    }
    guard try PublishedFolder(store).publish(files, as: export) else {
      throw MeasureError("\(export) is taken")
    }
    return ["files": .integer(Int64(files.count))]
  }

  private static func kind(_ word: String) throws -> OutputKind {
    guard let kind = OutputKind(rawValue: word) else { throw MeasureError(usage) }
    return kind
  }

  /// Digest, size and kind, as `adopt` printed them.
  private static func record(_ words: ArraySlice<String>) throws -> OutputRecord {
    let words = Array(words)
    guard let digest = Digest("sha256:" + words[0]), let size = Int64(words[1]) else {
      throw MeasureError(usage)
    }
    return OutputRecord(
      digest: digest, size: size, mediaType: "application/octet-stream", kind: try kind(words[2]))
  }
}

// `atelier-bench measure`: one operation of a store, timed from inside, as a line of JSON.
import CSystem
import Content
import Stores

/// The measurements that the bench script asks for; each opens the store as a run would.
enum Measure {
  private static let usage = """
    usage: atelier-bench measure hash STORE FILE
           atelier-bench measure adopt STORE PATH file|tree
           atelier-bench measure check STORE DIGEST SIZE file|tree
           atelier-bench measure materialize STORE DIGEST SIZE file TARGET
           atelier-bench measure folder STORE DIGEST SIZE tree
    """

  static func main(_ words: [String]) -> Never {
    do {
      let start = cs_monotonic()
      var answer = try run(words)
      answer["seconds"] = .number(Double(cs_monotonic() - start) / 1e9)
      if let peak = peakBytes() { answer["peakBytes"] = .integer(peak) }
      say(try JSONValue.object(answer).canonicalText(), to: 1)
      cs_exit(0)
    } catch {
      say("atelier-bench: \(error)", to: 2)
      cs_exit(2)
    }
  }

  private static func run(_ words: [String]) throws -> [String: JSONValue] {
    guard words.count >= 3 else { throw MeasureError(usage) }
    let store = try LocalStore.open(root: words[1], readOnly: false)
    let answer: [String: JSONValue]
    switch (words[0], words.count) {
    case ("hash", 3):
      answer = ["digest": .string(try store.memo.digest(ofFile: words[2]).digest.hex)]
    case ("adopt", 4): answer = try adopt(words[2], try kind(words[3]), store)
    case ("check", 5):
      let health = try store.objects.check(try record(words[2...4]))
      guard health == .good else { throw MeasureError("not sound: \(health)") }
      answer = [:]
    case ("materialize", 6):
      try store.objects.materialize(try record(words[2...4]), at: words[5])
      answer = [:]
    case ("folder", 5):
      // What a step is given: the tree as a folder of links, made once and checked at each use.
      answer = ["path": .string(try store.objects.folder(of: try record(words[2...4])))]
    default: throw MeasureError(usage)
    }
    try store.close()
    return answer
  }

  /// Takes a file or tree as a step's output, and commits a result that names it, as a run does.
  private static func adopt(
    _ path: String, _ kind: OutputKind, _ store: LocalStore
  ) throws -> [String: JSONValue] {
    let mediaType = "application/octet-stream"
    let output =
      switch kind {
      case .file: try store.objects.adopt(file: path, mediaType: mediaType)
      case .tree: try store.objects.adoptTree(path, mediaType: mediaType)
      }
    let adopted = cs_monotonic()
    let document = try JSONValue.object(["bench": .string(output.digest.hex)]).canonicalBytes()
    let queue = store.commitQueue()
    try queue.submit(
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

  /// The most memory that this process ever held, as the kernel counts; nil where it has no /proc.
  ///
  /// `getrusage` would count what the parent held before it started this program.
  private static func peakBytes() -> Int64? {
    let descriptor = cs_open_read("/proc/self/status")
    guard descriptor >= 0 else { return nil }
    defer { cs_close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1 << 14)
    let count = cs_read(descriptor, &bytes, bytes.count)
    let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int64($0) }.map {
      $0 << 10
    }
  }

  private static func say(_ line: String, to descriptor: Int32) {
    var text = line + "\n"
    text.withUTF8 { _ = cs_write_all(descriptor, $0.baseAddress, $0.count) }
  }
}

private struct MeasureError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

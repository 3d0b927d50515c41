// What a job answers for a step: the whole result is in it, so nothing else has to be asked for.
import Content

/// What became of a step on another machine.
package struct StepAnswer: Sendable {
  package enum Status: String, Sendable {
    /// It ran.
    case built
    /// Its result was there already, here or in the shared store.
    case hit
    /// It ran, and another machine's result was first.
    case second
    case failed
    /// It failed, and one of its processes was killed for want of memory.
    case memory
    /// This machine cannot run it as it is to be run.
    case refused
    /// Bytes of inputs are nowhere to be had.
    case lost
  }

  package let key: ActionKey
  package let status: Status
  /// Of `built`, `hit` and `second`.
  package let result: ActionResult?
  /// Of `failed` and `refused`: the step's words, or the machine's.
  package let text: String
  package let warnings: [String]
  /// Of `lost`: the digests of the inputs.
  package let lost: [Digest]
  package var seconds: Double
  package let node: String
  package let job: String

  package init(
    key: ActionKey, status: Status, result: ActionResult? = nil, text: String = "",
    warnings: [String] = [], lost: [Digest] = [], seconds: Double, node: String, job: String
  ) {
    self.key = key
    self.status = status
    self.result = result
    self.text = text
    self.warnings = warnings
    self.lost = lost
    self.seconds = seconds
    self.node = node
    self.job = job
  }

  private static let version: Int64 = 1

  package func bytes() throws -> [UInt8] {
    var json: [String: JSONValue] = [
      "v": .integer(Self.version), "key": .string(key.digest.hex),
      "status": .string(status.rawValue),
      "text": .string(text), "warnings": .array(warnings.map { .string($0) }),
      "lost": .array(lost.map { .string($0.hex) }),
      "seconds": .number(seconds), "node": .string(node), "job": .string(job),
    ]
    if let result {
      json["result"] = .string(String(decoding: try result.fileBytes(), as: UTF8.self))
    }
    return try JSONValue.object(json).canonicalBytes()
  }

  /// Reads an answer; nil for one that was cut short or is of another version.
  package init?(bytes: [UInt8]) {
    guard let json = try? JSONValue(parsing: bytes), json["v"]?.integer == Self.version,
      let key = json["key"]?.string.flatMap({ Digest($0) }).map({ ActionKey($0) }),
      let status = json["status"]?.string.flatMap(Status.init(rawValue:)),
      let text = json["text"]?.string, let seconds = json["seconds"]?.number,
      let node = json["node"]?.string, let job = json["job"]?.string
    else { return nil }
    let result = json["result"]?.string.flatMap {
      ActionResult(fileBytes: Array($0.utf8), key: key)
    }
    if result == nil, [.built, .hit, .second].contains(status) { return nil }
    self.init(
      key: key, status: status, result: result, text: text,
      warnings: (json["warnings"]?.array ?? []).compactMap(\.string),
      lost: (json["lost"]?.array ?? []).compactMap { $0.string.flatMap { Digest($0) } },
      seconds: seconds, node: node,
      job: job)
  }
}

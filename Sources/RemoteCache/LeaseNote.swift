// What the object of a lease holds: who works on a key, where, and how far it is.
import Content

extension RemoteLease {
  /// Reads the bytes of a note; garbage is the note of nobody, which is over.
  package init(note bytes: [UInt8], tag: String) {
    let json = try? JSONValue(parsing: bytes)
    var work: LeasedWork?
    if let job = json?["job"]?.string, let node = json?["node"]?.string {
      work = LeasedWork(job: job, node: node, progress: json?["progress"]?.number)
    }
    self.init(
      holder: json?["holder"]?.string ?? "", expires: json?["expires"]?.integer ?? 0, tag: tag,
      work: work)
  }

  /// The bytes of the note; its tag is what the shared store gives it.
  package func note() throws -> [UInt8] {
    var json: [String: JSONValue] = ["holder": .string(holder), "expires": .integer(expires)]
    json["job"] = (work?.job).map { .string($0) }
    json["node"] = (work?.node).map { .string($0) }
    json["progress"] = (work?.progress).map { .number($0) }
    return try JSONValue.object(json).canonicalBytes()
  }
}

/// Where and how far the holder of a lease is, where that is a job of an engine.
package struct LeasedWork: Hashable, Sendable {
  package let job: String
  package let node: String
  /// The part that is done, 0 to 1.
  package let progress: Double?

  package init(job: String, node: String, progress: Double? = nil) {
    self.job = job
    self.node = node
    self.progress = progress
  }
}

// What the object of a lease holds: who works on a key, where, and how far it is.
import Content

/// A lease with what its holder says of its work, as it lies in a shared store.
package struct LeaseNote: Sendable {
  package let lease: RemoteLease
  /// The job of an engine, and its node; nil for a run on a machine of its own.
  package let job: String?
  package let node: String?
  /// The part that is done, 0 to 1.
  package let progress: Double?

  package init(_ lease: RemoteLease) {
    self.lease = lease
    job = lease.work?.job
    node = lease.work?.node
    progress = lease.work?.progress
  }

  /// Reads a note; garbage counts as the note of nobody, which is over.
  package init(bytes: [UInt8]) throws {
    let json = try? JSONValue(parsing: bytes)
    lease = RemoteLease(
      holder: json?["holder"]?.string ?? "", expires: json?["expires"]?.integer ?? 0,
      tag: try Digest.of(bytes).hex)
    job = json?["job"]?.string
    node = json?["node"]?.string
    progress = json?["progress"]?.number
  }

  /// The bytes of the note.
  package func bytes() throws -> [UInt8] {
    var json: [String: JSONValue] = [
      "holder": .string(lease.holder), "expires": .integer(lease.expires),
    ]
    if let job { json["job"] = .string(job) }
    if let node { json["node"] = .string(node) }
    if let progress { json["progress"] = .number(progress) }
    return try JSONValue.object(json).canonicalBytes()
  }
}

/// Where and how far the holder of a lease is.
package struct LeasedWork: Hashable, Sendable {
  package let job: String
  package let node: String
  package let progress: Double?

  package init(job: String, node: String, progress: Double? = nil) {
    self.job = job
    self.node = node
    self.progress = progress
  }
}

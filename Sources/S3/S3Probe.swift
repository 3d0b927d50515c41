// Finds out what an endpoint can do, by doing it with a small object: what must succeed as well as what
// must be refused.
import Content

/// What an endpoint can do beyond putting and getting.
package struct S3Capabilities: Sendable, Hashable {
  /// A write that shall not replace an object does not: `If-None-Match: *`.
  package var createsOnlyOnce: Bool
  /// A write that shall replace one version replaces it, and no other: `If-Match`.
  package var replacesOnlyKnown: Bool
  /// It does so only where the tag is sent without its quotes.
  package var comparesBareTags: Bool
  /// A part of an object can be had.
  package var ranges: Bool

  package init(
    createsOnlyOnce: Bool, replacesOnlyKnown: Bool, comparesBareTags: Bool = false, ranges: Bool
  ) {
    self.createsOnlyOnce = createsOnlyOnce
    self.replacesOnlyKnown = replacesOnlyKnown
    self.comparesBareTags = comparesBareTags
    self.ranges = ranges
  }
}

extension S3Client {
  /// Tries the endpoint with an object under `key`, which is removed afterwards: seven requests.
  ///
  /// Give a key that nobody else uses, such as one with a random part. An ability counts where the
  /// endpoint does what holds and refuses what does not; one that refuses the attempt as such lacks
  /// it. Throws where the endpoint can not even put and get.
  package func probe(key: String) throws(S3Error) -> S3Capabilities {
    try S3Probe(client: self, key: key).run()
  }
}

/// One probe of an endpoint with an object of its own.
struct S3Probe {
  let client: S3Client
  let key: String

  private static let bytes = Array("probe".utf8)

  func run() throws(S3Error) -> S3Capabilities {
    let creates = try outcome(.absent)
    if creates != .written { try client.put(Self.bytes, key: key) }
    // A right to write need not be one to remove.
    defer { try? client.delete(key) }
    guard try client.get(key, limit: 1 << 16).bytes == Self.bytes else {
      throw S3Error(
        .malformedAnswer, "get", client.location, key: key,
        reason: "it gives other bytes than were put")
    }
    let refuses = try outcome(.absent) == .conditionFailed
    let replaces = try replacing()
    return S3Capabilities(
      createsOnlyOnce: creates == .written && refuses, replacesOnlyKnown: replaces != nil,
      comparesBareTags: replaces == true, ranges: try givesPart())
  }

  private enum Outcome { case written, conditionFailed, refused }

  /// What becomes of a write under a condition.
  private func outcome(_ condition: S3WriteCondition) throws(S3Error) -> Outcome {
    do {
      try client.put(Self.bytes, key: key, condition: condition)
      return .written
    } catch {
      switch error.kind {
      case .preconditionFailed: return .conditionFailed
      case .conflict, .notImplemented, .notFound: return .refused
      default:
        // 304, 400, 405: what is wrong with all requests, the plain write finds, too.
        guard Self.isRefusal(error) else { throw error }
        return .refused
      }
    }
  }

  /// Whether the endpoint replaces one version and no other, where the tag is bare; nil: it does not.
  private func replacing() throws(S3Error) -> Bool? {
    for isBare in [false, true] {
      let etag = try client.head(key).etag
      guard etag.utf8.count > 2 else { return nil }
      let other = S3WriteCondition.unchanged(
        etag: "\"00000000000000000000000000000000\"", bare: isBare)
      if try outcome(.unchanged(etag: etag, bare: isBare)) == .written {
        return try outcome(other) == .conditionFailed ? isBare : nil
      }
    }
    return nil
  }

  private func givesPart() throws(S3Error) -> Bool {
    do {
      return try client.get(key, range: 1..<3).bytes == Array("ro".utf8)
    } catch {
      switch error.kind {
      case .rangeIgnored, .notImplemented, .malformedAnswer: return false
      default:
        guard Self.isRefusal(error) else { throw error }
        return false
      }
    }
  }

  private static func isRefusal(_ error: S3Error) -> Bool {
    guard case .other(let status, _, _, _) = error.kind else { return false }
    return (300..<500).contains(status) && status != 429
  }
}

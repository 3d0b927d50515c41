// Finds out what an endpoint can do, by doing it with a small object.

/// What an endpoint can do beyond putting and getting.
package struct S3Capabilities: Sendable, Hashable {
  /// A write that shall not replace an object does not: `If-None-Match: *`.
  package var createsOnlyOnce: Bool
  /// A write that shall replace one version replaces no other: `If-Match`.
  package var replacesOnlyKnown: Bool
  /// A part of an object can be had.
  package var ranges: Bool

  package init(createsOnlyOnce: Bool, replacesOnlyKnown: Bool, ranges: Bool) {
    self.createsOnlyOnce = createsOnlyOnce
    self.replacesOnlyKnown = replacesOnlyKnown
    self.ranges = ranges
  }
}

extension S3Client {
  /// Tries the endpoint with an object under `key`, which is removed afterwards: five requests.
  ///
  /// Give a key that nobody else uses, such as one with a random part. Throws where the endpoint
  /// can not even put, get and delete.
  package func probe(key: String) throws(S3Error) -> S3Capabilities {
    try put(Array("probe".utf8), key: key)
    let found: S3Capabilities
    do {
      found = S3Capabilities(
        createsOnlyOnce: try refuses(.absent, key),
        replacesOnlyKnown: try refuses(
          .unchanged(etag: "\"00000000000000000000000000000000\""), key),
        ranges: try givesPart(key))
    } catch {
      try? delete(key)
      throw error
    }
    try delete(key)
    return found
  }

  /// Whether a write under a condition that does not hold is refused for that reason.
  private func refuses(
    _ condition: S3WriteCondition, _ key: String
  ) throws(S3Error) -> Bool {
    do {
      try put(Array("probe".utf8), key: key, condition: condition)
      return false
    } catch {
      switch error.kind {
      case .preconditionFailed: return true
      case .notImplemented, .other(status: 400, _, _, _): return false
      default: throw error
      }
    }
  }

  private func givesPart(_ key: String) throws(S3Error) -> Bool {
    do {
      return try get(key, range: 1..<3).bytes == Array("ro".utf8)
    } catch {
      switch error.kind {
      case .rangeIgnored, .notImplemented: return false
      default: throw error
      }
    }
  }
}

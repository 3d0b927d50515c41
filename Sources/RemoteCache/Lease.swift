// Leases of keys as values. They are advice: one that is lost, late or ignored costs double work only.

/// A lease of a key as it was found.
public struct RemoteLease: Hashable, Sendable {
  /// Which store's run works on the key: a local store has one at a time.
  public let holder: String
  /// Milliseconds since 1970 by the holder's clock.
  public let expires: Int64
  /// Changes with each renewal.
  public let tag: String

  public init(holder: String, expires: Int64, tag: String) {
    self.holder = holder
    self.expires = expires
    self.tag = tag
  }
}

/// What became of the wish for a lease.
public enum LeaseAnswer: Hashable, Sendable {
  /// It is ours, under this tag.
  case ours(tag: String)
  case theirs(RemoteLease)
}

/// How long leases live, in milliseconds.
public struct LeaseTimes: Hashable, Sendable {
  /// A lease counts for so long after its last renewal.
  public var lifetime: Int64 = 60_000
  public var renewal: Int64 = 20_000
  /// Between two requests for somebody else's.
  public var pause = 1000

  public init() {}
}

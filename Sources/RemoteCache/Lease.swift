// Leases of keys as values. They are advice: one that is lost, late or ignored costs double work only.

/// A lease of a key as it was found.
package struct RemoteLease: Hashable, Sendable {
  /// Which store's run works on the key: a local store has one at a time.
  package let holder: String
  /// Milliseconds since 1970 by the holder's clock.
  package let expires: Int64
  /// Changes with each renewal.
  package let tag: String
  /// What a job says of its work.
  package let work: LeasedWork?

  package init(holder: String, expires: Int64, tag: String, work: LeasedWork? = nil) {
    self.holder = holder
    self.expires = expires
    self.tag = tag
    self.work = work
  }
}

/// What became of the wish for a lease.
package enum LeaseAnswer: Hashable, Sendable {
  /// It is ours, under this tag.
  case ours(tag: String)
  case theirs(RemoteLease)
}

/// How long leases live, in milliseconds.
package struct LeaseTimes: Hashable, Sendable {
  /// A lease counts for so long after its last renewal.
  package var lifetime: Int64 = 60_000
  package var renewal: Int64 = 20_000
  /// Between two requests for somebody else's.
  package var pause = 1000

  package init() {}

  /// Leases that live for so long and are renewed three times meanwhile.
  package init(lifetime: Int64) {
    self.lifetime = lifetime
    renewal = max(1, lifetime / 3)
  }
}

// Who is at work on what, told to other machines, so that two seldom do the same. It is advice: a
// lease that is lost, late or ignored costs nothing but double work.
import CSystem
import Content
import FileTools

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
  /// Between two looks at somebody else's.
  public var pause = 1000

  public init() {}
}

/// The leases that this process holds.
struct HeldLeases {
  struct Held {
    var tag: String
    /// Of the clock that only goes forward, in ns.
    var renewed: Int64
  }
  var held: [ActionKey: Held] = [:]
  var hasThread = false
}

extension SharedStore {
  /// Takes the lease of a key that is to be built, or waits while another machine builds it.
  ///
  /// Returns that machine's result, or nil when this one is to build it. `waiting` is called once
  /// if there is a wait.
  public func claim(
    _ key: ActionKey, isCancelled: () -> Bool, waiting: () -> Void
  ) throws -> ActionResult? {
    guard mode == .readWrite else { return nil }
    var seen: (tag: String, since: Int64)?
    var expired: RemoteLease?
    do {
      guard try findAbilities().createsOnlyOnce else { return nil }
      while !isCancelled() {
        let now = cs_wall_clock() / 1_000_000
        let wish = RemoteLease(holder: holder, expires: now + leaseTimes.lifetime, tag: "")
        guard case .theirs(let lease) = try take(key, wish, replacing: expired) else {
          // Whoever had it may have ended, result and all, since this key was looked up.
          guard let result = lookup(key) else { return nil }
          endLease(key)
          return result
        }
        if seen == nil { waiting() }
        if seen?.tag != lease.tag { seen = (lease.tag, cs_monotonic()) }
        // Clocks of machines differ: one that stands still for so long is over, whatever it says.
        let age = (cs_monotonic() - (seen?.since ?? 0)) / 1_000_000
        let isOver =
          lease.holder == holder || lease.expires < now - leaseTimes.lifetime
          || age > leaseTimes.lifetime
        expired = isOver && !lease.tag.isEmpty ? lease : nil
        if isOver { continue }
        if let result = lookup(key) { return result }
        Disk.pause(milliseconds: leaseTimes.pause)
      }
    } catch let failure as RemoteFailure {
      // Without a lease the work is done all the same.
      sayUnlessOutOfReach("no lease", failure)
    }
    return nil
  }

  private func take(
    _ key: ActionKey, _ wish: RemoteLease, replacing lease: RemoteLease?
  ) throws -> LeaseAnswer {
    let answer = try ask { try remote.lease(key, wish, replacing: lease?.tag) }
    guard case .ours(let tag) = answer else { return answer }
    let needsThread = leases.withLock { leases in
      leases.held[key] = HeldLeases.Held(tag: tag, renewed: cs_monotonic())
      defer { leases.hasThread = true }
      return !leases.hasThread
    }
    if needsThread { try startThread { [self] in renew() } }
    return answer
  }

  /// Lets go of a lease; one that is not held is fine.
  public func endLease(_ key: ActionKey) {
    guard let held = leases.withLock({ $0.held.removeValue(forKey: key) }) else { return }
    try? ask { try remote.endLease(key, tag: held.tag) }
  }

  /// Renews what is held until nothing is.
  private func renew() {
    while let due = nextRenewals() {
      for (key, tag) in due {
        let expires = cs_wall_clock() / 1_000_000 + leaseTimes.lifetime
        let wish = RemoteLease(holder: holder, expires: expires, tag: "")
        let answer = try? ask { try remote.lease(key, wish, replacing: tag) }
        leases.withLock { leases in
          guard leases.held[key]?.tag == tag else { return }
          if case .ours(let tag) = answer {
            leases.held[key] = HeldLeases.Held(tag: tag, renewed: cs_monotonic())
          } else {
            leases.held[key] = nil
          }
        }
      }
    }
  }

  /// nil at the end of the thread.
  private func nextRenewals() -> [(ActionKey, String)]? {
    leases.wait { leases, wait -> [(ActionKey, String)]?? in
      if leases.held.isEmpty {
        leases.hasThread = false
        return .some(nil)
      }
      let now = cs_monotonic()
      let due = leases.held.filter { (now - $0.value.renewed) / 1_000_000 >= leaseTimes.renewal }
      wait = Int(min(1000, leaseTimes.renewal))
      guard !due.isEmpty else { return .none }
      return .some(due.map { ($0.key, $0.value.tag) })
    }
  }
}

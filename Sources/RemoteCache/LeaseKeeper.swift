// Who is at work on what, told to other machines, so that two seldom do the same.
import CSystem
import Content
import FileTools

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

/// Takes, renews and ends leases; safe to use from any thread.
final class LeaseKeeper: Sendable {
  private let transport: any LeaseTransport
  private let abilities: EndpointAbilities
  private let outage: OutagePolicy
  private let times: LeaseTimes
  /// Names the local store to other machines.
  private let holder: String
  /// What is said of the work on a key.
  private let work: @Sendable (ActionKey) -> LeasedWork?
  private let leases = Monitor(HeldLeases())

  init(
    _ transport: any LeaseTransport, abilities: EndpointAbilities, outage: OutagePolicy,
    times: LeaseTimes, holder: String, work: @escaping @Sendable (ActionKey) -> LeasedWork?
  ) {
    self.work = work
    self.transport = transport
    self.abilities = abilities
    self.outage = outage
    self.times = times
    self.holder = holder
  }

  /// Takes the lease of a key that is to be built, or waits while another machine builds it.
  ///
  /// Returns that machine's result, or nil when this one is to build it. `waiting` is called once
  /// if there is a wait.
  func claim(
    _ key: ActionKey, lookup: (ActionKey) -> ActionResult?, isCancelled: () -> Bool,
    waiting: () -> Void
  ) throws -> ActionResult? {
    var seen: (tag: String, since: Int64)?
    var expired: RemoteLease?
    var attempts = 0
    do {
      guard try abilities.find().allowsLeases else { return nil }
      while !isCancelled() {
        let now = cs_wall_clock() / 1_000_000
        let wish = RemoteLease(
          holder: holder, expires: now + times.lifetime, tag: "", work: work(key))
        guard case .theirs(let lease) = try take(key, wish, replacing: expired) else {
          // Whoever had it may have ended, result and all, since this key was looked up.
          guard let result = lookup(key) else { return nil }
          end(key)
          return result
        }
        if seen == nil { waiting() }
        if seen?.tag != lease.tag { seen = (lease.tag, cs_monotonic()) }
        // Clocks of machines differ: one that stands still for so long is over, whatever it says.
        let age = (cs_monotonic() - (seen?.since ?? 0)) / 1_000_000
        let isOver =
          lease.holder == holder || lease.expires < now - times.lifetime
          || age > times.lifetime || lease.holder.isEmpty && lease.tag.isEmpty
        expired = isOver && !lease.tag.isEmpty ? lease : nil
        if let result = lookup(key) { return result }
        if isOver {
          // It should have been ours: others are faster each time, or the endpoint does not do as it
          // did when it was probed.
          attempts += 1
          if attempts == Self.mostAttempts { return nil }
          if attempts == 1 { continue }
        }
        Disk.pause(milliseconds: times.pause)
      }
    } catch let failure as RemoteFailure {
      // Without a lease the work is done all the same.
      outage.sayUnlessOutOfReach("no lease", failure)
    }
    return nil
  }

  /// How often a lease that seems to be over is asked for.
  private static let mostAttempts = 4

  private func lease(
    _ key: ActionKey, _ wish: RemoteLease, replacing tag: String?
  ) throws -> LeaseAnswer {
    let abilities = try abilities.find()
    return try outage.ask(.writing) {
      try transport.lease(key, wish, replacing: tag, abilities: abilities)
    }
  }

  private func take(
    _ key: ActionKey, _ wish: RemoteLease, replacing expired: RemoteLease?
  ) throws -> LeaseAnswer {
    let answer = try lease(key, wish, replacing: expired?.tag)
    guard case .ours(let tag) = answer else { return answer }
    let needsThread = leases.withLock { leases in
      leases.held[key] = HeldLeases.Held(tag: tag, renewed: cs_monotonic())
      defer { leases.hasThread = true }
      return !leases.hasThread
    }
    if needsThread { try startThread { [self] in renew() } }
    return answer
  }

  /// Ends a lease; one that is not held is fine.
  func end(_ key: ActionKey) {
    guard let held = leases.withLock({ $0.held.removeValue(forKey: key) }),
      let abilities = try? abilities.find()
    else { return }
    try? outage.ask { try transport.endLease(key, tag: held.tag, abilities: abilities) }
  }

  /// Ends all leases that are held: nothing more is worked on.
  func endAll() {
    for key in leases.withLock({ Array($0.held.keys) }) { end(key) }
  }

  /// Renews what is held until nothing is.
  private func renew() {
    while let due = nextRenewals() {
      for (key, tag) in due {
        let expires = cs_wall_clock() / 1_000_000 + times.lifetime
        let wish = RemoteLease(holder: holder, expires: expires, tag: "", work: work(key))
        let answer = try? lease(key, wish, replacing: tag)
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
      let due = leases.held.filter { (now - $0.value.renewed) / 1_000_000 >= times.renewal }
      wait = Int(min(1000, times.renewal))
      guard !due.isEmpty else { return .none }
      return .some(due.map { ($0.key, $0.value.tag) })
    }
  }
}

// What was promoted to a tier, in order. The newest record is what the tier serves.
import Content
import EventLogs
import Models

/// The promotions of one project to one tier.
package struct TierLog: Sendable {
  package let tier: PromotionTier
  package let project: String
  /// The registry of the tier's own store.
  package let registry: ModelRegistry
  private let chain: EventChain

  /// The log of a tier, in the registry of its store.
  package init(_ tier: PromotionTier, project: String, in log: any EventLog) {
    self.tier = tier
    self.project = project
    registry = ModelRegistry(log)
    chain = EventChain(tier.log(of: project), in: log)
  }

  /// The store, for people.
  package var name: String { registry.log.name }

  /// All promotions, oldest first.
  package func records() throws -> [PromotionRecord] {
    var before: Digest?
    return try chain.events().map { logged in
      let record = try Self.record(logged, of: chain.name, in: chain.log)
      // A record is one of this log and follows the one before it, whatever its number says.
      guard record.tier == tier, record.project == project, record.previous == before else {
        throw DamagedRecord(
          EventChain.path(chain.name, logged.number), in: chain.log,
          "it does not follow the promotion before it, or belongs to another tier")
      }
      before = record.model
      return record
    }
  }

  /// Reads a record of a log of promotions.
  fileprivate static func record(
    _ logged: LoggedEvent, of name: String, in log: any EventLog
  ) throws -> PromotionRecord {
    guard let record = PromotionRecord(json: logged.event) else {
      throw DamagedRecord(
        EventChain.path(name, logged.number), in: log,
        "expected a promotion in a form that this version of Atelier knows")
    }
    return record
  }

  /// Adds a record behind so many; false where somebody else was first.
  func add(_ record: PromotionRecord, after count: Int) throws -> Bool {
    try chain.append(record.json, after: count) != nil
  }
}

extension ModelRegistry {
  /// The models that tiers in this registry serve or served: what has to stay, to roll back to.
  ///
  /// - Throws: `DamagedRecord`, also for a record of a form that is not known: what it holds must stay.
  package func promoted() throws -> [PromotionRecord] {
    try EventChain.all(in: log, where: { $0.hasPrefix("tier-") }).flatMap { name, events in
      try events.map { try TierLog.record($0, of: name, in: log) }
    }
  }
}

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
    try chain.events().map { logged in
      guard let record = PromotionRecord(json: logged.event) else {
        throw DamagedRecord(
          "\(chain.name)/\(logged.number)", in: chain.log,
          "expected a promotion in a form that this version of Atelier knows")
      }
      return record
    }
  }

  /// Adds a record behind so many; false where somebody else was first.
  func add(_ record: PromotionRecord, after count: Int) throws -> Bool {
    try chain.append(record.json, after: count) != nil
  }
}

extension ModelRegistry {
  /// The models that tiers in this registry serve or served: what has to stay, to roll back to.
  package func promoted() throws -> [PromotionRecord] {
    try EventChain.all(in: log, where: { $0.hasPrefix("tier-") }).values.flatMap { events in
      events.compactMap { PromotionRecord(json: $0.event) }
    }
  }
}

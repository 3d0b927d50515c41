// What the events of a model add up to. A value; it reads nothing.
import Content

/// Whether a model may be used.
package enum ModelStatus: String, Sendable {
  case pending, approved, rejected
}

/// The events of one model, in the order in which they were added.
///
/// The status does not depend on that order, so two stores whose events were put together agree. A
/// decision replaces those that its author had seen. Of decisions whose authors had not seen each
/// other's a rejection counts: somebody knows something that the other did not.
package struct ModelHistory: Sendable {
  /// An event with its digest.
  package typealias Known = (digest: Digest, event: ModelEvent)

  package let model: Digest
  package let events: [Known]

  /// The history of a model.
  package init(model: Digest, events: [Known]) {
    self.model = model
    self.events = events
  }

  /// What is known of the model; nil where it was never registered.
  package var entry: ModelEntry? {
    for (_, event) in events {
      if case .registered(let entry) = event.kind { return entry }
    }
    return nil
  }

  /// The newest attestations first, as envelopes.
  package var envelopes: [String] {
    events.reversed().compactMap {
      if case .attested(let envelope) = $0.event.kind { envelope } else { nil }
    }
  }

  /// The decisions that no other one replaces.
  package var decisions: [ModelEvent] {
    let made = events.filter { $0.event.isDecision }
    let seen = made.map { ancestors(of: $0.event) }.reduce(into: Set<Digest>()) { $0.formUnion($1) }
    return made.filter { !seen.contains($0.digest) }.map(\.event)
  }

  /// Whether the model may be used.
  package var status: ModelStatus {
    let decisions = self.decisions
    if decisions.isEmpty { return .pending }
    return decisions.contains { $0.word == "rejected" } ? .rejected : .approved
  }

  /// What somebody who has read this history has seen, as ``ModelEvent/after`` has it.
  package var heads: [Digest] {
    let seen = Set(events.flatMap(\.event.after))
    return events.map(\.digest).filter { !seen.contains($0) }
  }

  /// All events that the author of one had seen.
  private func ancestors(of event: ModelEvent) -> Set<Digest> {
    let known = Dictionary(events.map { ($0.digest, $0.event) }, uniquingKeysWith: { $1 })
    var found: Set<Digest> = []
    var queue = event.after
    while let next = queue.popLast() {
      guard found.insert(next).inserted, let event = known[next] else { continue }
      queue += event.after
    }
    return found
  }
}

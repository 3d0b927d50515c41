// A promotion: checks, copies, records, in an order in which it may be killed anywhere and called again. It
// knows no kind of store.
import Content
import EventLogs
import Models
import Provenance

/// Why a model is not promoted, in words for people.
package struct PromotionRefusal: Error, CustomStringConvertible {
  package let description: String
  /// Whether another promotion came first.
  package let isRace: Bool

  package init(_ description: String, isRace: Bool = false) {
    self.description = description
    self.isRace = isRace
  }
}

/// What a tier demands of an attestation.
package struct AttestationDemand: Sendable {
  package let keys: [VerifyingKey]
  package let builder: String?
  /// ms.
  package let maxAge: Int64?

  /// A demand for an attestation by one of some keys.
  package init(keys: [VerifyingKey], builder: String?, maxAge: Int64?) {
    self.keys = keys
    self.builder = builder
    self.maxAge = maxAge
  }
}

/// Promotes models of one project to one tier.
package struct Promoter {
  /// Where models are registered and decided about.
  package let registry: ModelRegistry
  /// The tier in which a model must have been; nil where there is none.
  package let before: TierLog?
  package let target: TierLog
  package let gate: Gate?
  package let demand: AttestationDemand?
  package let who: Person
  package let now: Timestamp
  /// Copies what the model needs into the tier's store; called before anything tells of it there.
  package let copy: (ModelEntry) throws -> Void

  package init(
    registry: ModelRegistry, before: TierLog?, target: TierLog, gate: Gate?,
    demand: AttestationDemand?, who: Person, now: Timestamp,
    copy: @escaping (ModelEntry) throws -> Void
  ) {
    self.registry = registry
    self.before = before
    self.target = target
    self.gate = gate
    self.demand = demand
    self.who = who
    self.now = now
    self.copy = copy
  }

  /// What was done.
  package enum Outcome: Sendable {
    case promoted(PromotionRecord)
    /// It is what the tier serves already.
    case unchanged(PromotionRecord)

    package var record: PromotionRecord {
      switch self {
      case .promoted(let record), .unchanged(let record): record
      }
    }
  }

  /// Promotes exactly this model.
  ///
  /// Of two promotions at once that began from the same state one is recorded, and the other is refused
  /// with `isRace`: what it was based on is no more so.
  package func promote(_ model: Digest) throws -> Outcome {
    let records = try target.records()
    let history = try checkedHistory(model)
    guard let entry = history.entry else {
      throw PromotionRefusal("the model \(model) is not registered; atelier model add registers it")
    }
    try checkOrder(model)
    let findings = try checkGate(entry)
    let attestation = try checkAttestation(history, entry)
    try copy(entry)
    _ = try target.registry.merge(from: registry, only: model)
    // It took a while: a withdrawal meanwhile counts.
    _ = try checkedHistory(model)
    if let last = records.last, last.model == model { return .unchanged(last) }
    let record = PromotionRecord(
      project: target.project, tier: target.tier, from: before?.name ?? registry.log.name, who: who,
      at: now, entry: entry, gate: gate?.name, findings: findings, attestation: attestation,
      previous: records.last?.model)
    guard try target.add(record, after: records.count) else {
      return try lost(model, after: records.count)
    }
    return .promoted(record)
  }

  /// What somebody else recorded meanwhile.
  private func lost(_ model: Digest, after count: Int) throws -> Outcome {
    guard let winner = try target.records().dropFirst(count).last else {
      throw PromotionRefusal(
        "somebody else is writing to \(target.name); look with atelier model tiers", isRace: true)
    }
    if winner.model == model { return .unchanged(winner) }
    throw PromotionRefusal(
      "\(winner.who.name) promoted \(winner.model.short) to \(target.tier.rawValue) at "
        + "\(winner.at.iso8601), while this promotion of \(model.short) was under way; nothing was "
        + "changed by it. Look at that model, and promote again if yours is still the one",
      isRace: true)
  }

  /// The history by this registry and the tier's together, of a model that is approved.
  private func checkedHistory(_ model: Digest) throws -> ModelHistory {
    var events: [Digest: ModelHistory.Known] = [:]
    var order: [Digest] = []
    for registry in [registry, before?.registry, target.registry].compactMap({ $0 }) {
      for known in try registry.history(of: model).events
      where events.updateValue(known, forKey: known.digest) == nil {
        order.append(known.digest)
      }
    }
    let history = ModelHistory(model: model, events: order.compactMap { events[$0] })
    switch history.status {
    case .approved: return history
    case .pending:
      throw PromotionRefusal(
        "nobody has approved the model \(model.short); atelier model approve \(model.short) "
          + "--reason TEXT")
    case .rejected:
      let decision = history.decisions.first { $0.word == "rejected" }
      throw PromotionRefusal(
        "the model \(model.short) was rejected by \(decision?.who.name ?? "somebody") at "
          + "\(decision?.at.iso8601 ?? "?"): \(decision?.reason ?? ""); it is promoted only after "
          + "somebody who has seen that approves it")
    }
  }

  private func checkOrder(_ model: Digest) throws {
    guard let before else { return }
    guard try before.records().contains(where: { $0.model == model }) else {
      throw PromotionRefusal(
        "the model \(model.short) was never in \(before.tier.rawValue), which comes before "
          + "\(target.tier.rawValue); atelier model promote \(model.short) --to "
          + before.tier.rawValue)
    }
  }

  private func checkGate(_ entry: ModelEntry) throws -> [GateFinding] {
    guard let gate else { return [] }
    let findings = gate.findings(entry)
    guard !findings.isEmpty else {
      throw PromotionRefusal(
        "the baseline \(gate.name) has no number of the model: it knows none of the outputs "
          + entry.figures.keys.sorted().joined(separator: ", ")
          + "; add them to it (atelier check --update), or leave the gate of "
          + "\(target.tier.rawValue) empty")
    }
    let failed = findings.filter { !$0.holds }
    guard failed.isEmpty else {
      let lines = failed.prefix(10).map { finding in
        "\n  \(finding.figure): \(finding.new.map { "\($0)" } ?? "missing"), expected \(finding.was) "
          + Self.allowance(finding)
      }
      throw PromotionRefusal(
        "the model \(entry.model.digest.short) does not pass the gate of \(target.tier.rawValue), the "
          + "baseline \(gate.name):\(lines.joined())"
          + (failed.count > 10 ? "\n  and \(failed.count - 10) more" : ""))
    }
    return findings
  }

  /// How far a number may be off, in words.
  private static func allowance(_ finding: GateFinding) -> String {
    var parts: [String] = []
    if finding.absolute > 0 { parts.append("\(finding.absolute)") }
    if finding.relative > 0 { parts.append("a share of \(finding.relative)") }
    return parts.isEmpty ? "exactly" : "within " + parts.joined(separator: " or ")
  }

  private func checkAttestation(_ history: ModelHistory, _ entry: ModelEntry) throws -> Digest? {
    guard let demand else { return nil }
    var policy = AttestationPolicy(keys: demand.keys, now: now)
    policy.model = entry.model.digest
    policy.workshop = entry.workshop
    policy.builder = demand.builder
    policy.maxAge = demand.maxAge
    policy.invocation = entry.key.digest
    if gate != nil { policy.figures = try entry.figureDigests() }
    policy.materials = Set(entry.sources.map(\.digest) + entry.steps.map(\.code))
    var reasons: [String] = []
    for text in history.envelopes {
      do {
        _ = try policy.check(Envelope(parsing: Array(text.utf8)))
        return try Digest.of(text)
      } catch {
        guard let refusal = error as? Refusal else { throw error }
        reasons.append(refusal.description)
      }
    }
    throw PromotionRefusal(
      "\(target.tier.rawValue) takes models with an attestation by a trusted key ([Accounts] "
        + "trusted_keys), and \(entry.model.digest.short) has "
        + (reasons.isEmpty ? "none" : "none that holds:\n  " + reasons.joined(separator: "\n  "))
        + "\natelier model attest \(entry.model.digest.short) --key FILE makes one")
  }
}

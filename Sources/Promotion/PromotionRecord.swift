// What a promotion was: which model, where to, by whom, and what was checked. A value.
import Content
import Models

/// An entry in the log of a tier; the newest one says what the tier serves.
package struct PromotionRecord: Hashable, Sendable {
  package let model: Digest
  package let project: String
  package let tier: PromotionTier
  /// The store that it came from, for people.
  package let from: String
  package let who: Person
  package let at: Timestamp
  package let entry: ModelEntry
  package let gate: String?
  package let findings: [GateFinding]
  /// The digest of the attestation's envelope that was accepted; nil where none is demanded.
  package let attestation: Digest?
  /// The model that the tier served before.
  package let previous: Digest?
  package let id: String

  /// A promotion that is about to be recorded.
  package init(
    project: String, tier: PromotionTier, from: String, who: Person, at: Timestamp,
    entry: ModelEntry, gate: String?, findings: [GateFinding], attestation: Digest?,
    previous: Digest?, id: String = ModelEvent.newID()
  ) {
    model = entry.model.digest
    self.project = project
    self.tier = tier
    self.from = from
    self.who = who
    self.at = at
    self.entry = entry
    self.gate = gate
    self.findings = findings
    self.attestation = attestation
    self.previous = previous
    self.id = id
  }

  package var json: JSONValue {
    [
      "event": "promoted", "model": .string(model.description), "project": .string(project),
      "tier": .string(tier.rawValue), "from": .string(from), "who": who.json,
      "at": .string(at.iso8601), "entry": entry.json, "gate": gate.map { .string($0) } ?? .null,
      "findings": .array(findings.map(\.json)),
      "attestation": attestation.map { .string($0.description) } ?? .null,
      "previous": previous.map { .string($0.description) } ?? .null, "id": .string(id),
    ]
  }

  /// Reads a record; nil where it is of another form.
  package init?(json: JSONValue) {
    func digest(_ name: String) -> Digest? { json[name]?.string.flatMap { Digest($0) } }
    guard json["event"] == "promoted", let project = json["project"]?.string,
      let tier = json["tier"]?.string.flatMap(PromotionTier.init(rawValue:)),
      let from = json["from"]?.string, let who = Person(json: json["who"]),
      let at = json["at"]?.string.flatMap({ Timestamp(iso8601: $0) }),
      let entry = json["entry"].flatMap({ ModelEntry(json: $0) }),
      digest("model") == entry.model.digest, let list = json["findings"]?.array,
      let id = json["id"]?.string
    else { return nil }
    let findings = list.compactMap { GateFinding(json: $0) }
    guard findings.count == list.count else { return nil }
    self.init(
      project: project, tier: tier, from: from, who: who, at: at, entry: entry,
      gate: json["gate"]?.string, findings: findings, attestation: digest("attestation"),
      previous: digest("previous"), id: id)
  }
}

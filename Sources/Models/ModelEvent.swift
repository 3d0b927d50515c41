// What happened to a model: it was registered, approved, rejected, attested. A value; it knows no store.
import Content

/// One event of a model's history.
package struct ModelEvent: Hashable, Sendable {
  /// What happened.
  package enum Kind: Hashable, Sendable {
    case registered(ModelEntry)
    case approved(reason: String)
    case rejected(reason: String)
    /// A signed statement of what made the model: the envelope's text.
    case attested(envelope: String)
  }

  package let model: Digest
  package let kind: Kind
  package let who: Person
  package let at: Timestamp
  /// The events that whoever decided had seen, by digest: those that no other of them had seen.
  package let after: [Digest]
  /// Tells two events apart that are equal in all else.
  package let id: String

  /// An event; `after` is what was known then.
  package init(
    model: Digest, kind: Kind, who: Person, at: Timestamp, after: [Digest],
    id: String = Self.newID()
  ) {
    self.model = model
    self.kind = kind
    self.who = who
    self.at = at
    self.after = after.sorted()
    self.id = id
  }

  /// Random digits.
  package static func newID() -> String { String(UInt64.random(in: .min ... .max), radix: 16) }

  /// The word for what happened.
  package var word: String {
    switch kind {
    case .registered: "registered"
    case .approved: "approved"
    case .rejected: "rejected"
    case .attested: "attested"
    }
  }

  /// Why, where somebody decided.
  package var reason: String? {
    switch kind {
    case .approved(let reason), .rejected(let reason): reason
    case .registered, .attested: nil
    }
  }

  /// Whether it is a decision.
  var isDecision: Bool { reason != nil }

  package var json: JSONValue {
    var members: [String: JSONValue] = [
      "event": .string(word), "model": .string(model.description), "who": who.json,
      "at": .string(at.iso8601), "after": .array(after.map { .string($0.description) }),
      "id": .string(id),
    ]
    switch kind {
    case .registered(let entry): members["entry"] = entry.json
    case .approved(let reason), .rejected(let reason): members["reason"] = .string(reason)
    case .attested(let envelope): members["envelope"] = .string(envelope)
    }
    return .object(members)
  }

  /// Reads an event; nil where it is of another form.
  package init?(json: JSONValue) {
    guard let model = json["model"]?.string.flatMap({ Digest($0) }),
      let who = Person(json: json["who"]),
      let at = json["at"]?.string.flatMap({ Timestamp(iso8601: $0) }),
      let seen = json["after"]?.array, let id = json["id"]?.string, id.utf8.count <= 64
    else { return nil }
    let after = seen.compactMap { $0.string.flatMap { Digest($0) } }
    guard after.count == seen.count else { return nil }
    let kind: Kind
    switch json["event"]?.string {
    case "registered":
      guard let entry = json["entry"].flatMap({ ModelEntry(json: $0) }), entry.model.digest == model
      else { return nil }
      kind = .registered(entry)
    case "approved", "rejected":
      guard let reason = json["reason"]?.string, !reason.isEmpty else { return nil }
      kind = json["event"] == "approved" ? .approved(reason: reason) : .rejected(reason: reason)
    case "attested":
      guard let envelope = json["envelope"]?.string else { return nil }
      kind = .attested(envelope: envelope)
    default: return nil
    }
    self.init(model: model, kind: kind, who: who, at: at, after: after, id: id)
  }
}

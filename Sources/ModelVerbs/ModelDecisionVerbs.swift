// `atelier model add`, `approve` and `reject`: what people say of a model.
import CommandLine
import Content
import ModelSessions
import Models
import Names
import Project
import PromotionVerbs
import Terminal

struct ModelAdd: Verb {
  let name = "add"
  let summary = "keep a model of a run in the registry, undecided"
  let details = """
    Models of recorded runs are listed by themselves and registered with the first decision. Add one to
    keep it, with all that made it, although nobody has decided yet.
    """
  let examples = [Example("atelier model add 6b14cb31", "a model of a recorded run")]
  let model = ModelCall.model

  var parameters: [any Parameter] { [model] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try ModelCall.run(call, context, changes: true) { opened in
      let (history, entry) = try opened.find(call.word(model))
      if history.entry == nil {
        try opened.registry.register(entry, by: opened.person(), at: .now())
      }
      try context.output.data("model \(entry.model.digest.short): \(history.status.rawValue)\n")
      return try opened.mirror()
    }
  }
}

struct ModelDecision: Verb {
  /// What is decided.
  enum Decision: String { case approve, reject }

  private let decision: Decision
  let name: String
  let summary: String
  let details: String
  let examples: [Example]
  let model = ModelCall.model
  let reason = Option("reason", value: "TEXT", "why; it stays in the model's history")
  let json = Shared.json

  init(_ decision: Decision) {
    self.decision = decision
    name = decision.rawValue
    switch decision {
    case .approve:
      summary = "let a model be promoted, and say why"
      details = """
        Who decides is [Accounts] user; else, where the registry is in a bucket, the identity that AWS gives;
        else user.email of git; else USER. A decision replaces those that its author had seen: of an approval
        and a rejection at once the rejection counts, until somebody who has seen both decides.
        """
      examples = [
        Example("atelier model approve 6b14cb31 --reason good-auc", "8 digits of it or more")
      ]
    case .reject:
      summary = "keep a model from being promoted, or withdraw its approval, and say why"
      details = """
        What was promoted before stays where it is, and is reported; the tiers that have the model learn of
        the rejection.
        """
      examples = [Example("atelier model reject 6b14cb31 --reason leak", "also after an approval")]
    }
  }

  var parameters: [any Parameter] { [model, reason, json] }

  /// Characters of the longest reason.
  private static let longest = 2000

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let word = try call.word(model)
    let text = Self.trimmed(call[reason] ?? "")
    guard !text.isEmpty else {
      throw UsageError("say why: atelier model \(name) \(word) --reason TEXT")
    }
    guard text.count <= Self.longest else {
      throw UsageError("--reason has \(text.count) characters; expected at most \(Self.longest)")
    }
    guard LegibleText.isLine(text) else {
      throw UsageError(
        "--reason takes one line without control characters and marks of direction; others read it")
    }
    return try ModelCall.run(call, context, changes: true) { opened in
      let (seen, entry) = try opened.find(word)
      let who = try opened.person()
      var heads = seen.heads
      if seen.entry == nil {
        try opened.registry.register(entry, by: who, at: .now())
        heads = try opened.registry.history(of: entry.model.digest).heads
      }
      let event = ModelEvent(
        model: entry.model.digest,
        kind: decision == .approve ? .approved(reason: text) : .rejected(reason: text), who: who,
        at: .now(), after: heads)
      try opened.registry.add(event)
      let now = try opened.registry.history(of: entry.model.digest)
      if call[json] {
        try context.output.data(
          ModelText.json(entry, now.status, now).canonicalText() + "\n")
      } else {
        try context.output.data(
          "model \(entry.model.digest.short): \(now.status.rawValue) by \(who.name)\n")
      }
      if decision == .approve, now.status == .rejected {
        context.output.message(
          "somebody rejected the model meanwhile, without having seen this approval: see atelier model "
            + "show \(entry.model.digest.short), and decide again")
      }
      if decision == .reject {
        for note in TierDecisions.spread(entry.model.digest, opened) {
          context.output.message(note)
        }
      }
      return try opened.mirror()
    }
  }

  private static func trimmed(_ text: String) -> String {
    let isBlank: (Character) -> Bool = \.isWhitespace
    return String(text.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
  }
}

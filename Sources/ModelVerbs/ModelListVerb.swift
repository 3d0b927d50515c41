// `atelier model list` and `atelier model show`.
import CommandLine
import Content
import ModelSessions
import Models
import Project
import Promotion
import Terminal

struct ModelList: Verb {
  let name = "list"
  let summary = "models with their figures and what was decided about them"
  let details = """
    Models of recorded runs and of the registry, the newest first. -w names the workshop whose models
    are listed.
    """
  let examples = [Example("atelier model list -w churn", "models of one workshop")]
  let json = Shared.json

  var parameters: [any Parameter] { [json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try ModelCall.run(call, context, changes: false) { model in
      let workshop = call.workshop
      let known = try model.registry.all()
      let recorded = try model.recorded(ofWorkshop: workshop)
      let registered = known.values.compactMap(\.entry).filter { entry in
        workshop.map { $0 == entry.workshop } ?? true
      }
      let names = Set(registered.map(\.model.digest))
      let entries = registered + recorded.filter { !names.contains($0.model.digest) }
      let sorted = entries.sorted {
        ($0.madeAt, $0.model.digest) > ($1.madeAt, $1.model.digest)
      }
      let rows = sorted.map { entry in
        let history = known[entry.model.digest]
        return (entry, history?.status ?? .pending, history)
      }
      if call[json] {
        for (entry, status, history) in rows {
          try context.output.data(ModelText.json(entry, status, history).canonicalText() + "\n")
        }
        return ExitCode.success
      }
      guard !rows.isEmpty else {
        context.output.message("no recorded run made a model")
        return ExitCode.success
      }
      let table = Table(
        columns: ["model", "status", "made", "from", "figures"],
        rows: rows.map { entry, status, _ in
          [
            entry.model.digest.short, status.rawValue, String(entry.madeAt.iso8601.prefix(16)),
            entry.source, ModelText.figures(entry, most: 3),
          ]
        })
      try context.output.data(table.text(limit: rows.count, width: context.output.width))
      return ExitCode.success
    }
  }
}

struct ModelShow: Verb {
  let name = "show"
  let summary = "one model: figures, lineage to code and data, decisions"
  let examples = [Example("atelier model show 6b14cb31", "by the beginning of its digest")]
  let model = ModelCall.model
  let json = Shared.json

  var parameters: [any Parameter] { [model, json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try ModelCall.run(call, context, changes: false) { opened in
      let (history, entry) = try opened.find(call.word(model))
      if call[json] {
        var members = ModelText.json(entry, history.status, history).object ?? [:]
        members["entry"] = entry.json
        members["attestations"] = .integer(Int64(history.envelopes.count))
        try context.output.data(JSONValue.object(members).canonicalText() + "\n")
      } else {
        try context.output.data(ModelText.page(entry, history))
      }
      return ExitCode.success
    }
  }
}

/// Models as text and JSON.
enum ModelText {
  /// The first figures, such as `auc 0.91`.
  static func figures(_ entry: ModelEntry, most: Int) -> String {
    let wanted = ["auc", "accuracy", "error", "rmse", "logloss"]
    var found: [String: (rank: Int, value: Double)] = [:]
    for (_, numbers) in entry.figures.sorted(by: { $0.key < $1.key }) {
      // What a constant prediction or a baseline gives says nothing of the model.
      for (name, value) in numbers.sorted(by: { $0.key < $1.key })
      where !name.hasPrefix("/constant") && !name.hasPrefix("/baseline") {
        let last = name.split(separator: "/").last.map(String.init) ?? name
        guard let rank = wanted.firstIndex(of: last.lowercased()) else { continue }
        found[last] = found[last] ?? (rank, value)
      }
    }
    return found.sorted { ($0.value.rank, $0.key) < ($1.value.rank, $1.key) }.prefix(most)
      .map { "\($0.key) \(number($0.value.value))" }.joined(separator: ", ")
  }

  static func number(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15
      ? Text.fixed(value, 0) : Text.fixed(value, 4)
  }

  static func json(
    _ entry: ModelEntry, _ status: ModelStatus, _ history: ModelHistory?
  ) -> JSONValue {
    [
      "v": 1, "event": "model", "model": .string(entry.model.digest.description),
      "status": .string(status.rawValue), "source": .string(entry.source),
      "madeAt": .string(entry.madeAt.iso8601), "run": .string(entry.run.description),
      "labels": .object(entry.labels.mapValues(JSONValue.string)),
      "figures": entry.json["figures"] ?? .null,
      "history": .array(
        (history?.events ?? []).map { _, event in
          var members: [String: JSONValue] = [
            "event": .string(event.word), "who": .string(event.who.name),
            "evidence": .string(event.who.evidence.rawValue), "at": .string(event.at.iso8601),
          ]
          members["reason"] = event.reason.map { .string($0) }
          return .object(members)
        }),
    ]
  }

  /// All that is known of a model.
  static func page(_ entry: ModelEntry, _ history: ModelHistory) -> String {
    var text = ""
    func line(_ name: String, _ value: String) {
      if !value.isEmpty { text += Text.pad(name, 10) + " \(DisplayText.clean(value))\n" }
    }
    line("model", entry.model.digest.description)
    line("size", Text.size(entry.model.size))
    line("status", history.status.rawValue)
    line("from", entry.source)
    line("run", entry.run.description)
    line("made", "\(entry.madeAt.iso8601), in \(Text.seconds(entry.seconds))")
    if !entry.labels.isEmpty { text += "its step says\n" }
    for (name, value) in entry.labels.sorted(by: { $0.key < $1.key }) {
      text += "  \(Text.pad(name, 28)) \(DisplayText.clean(value))\n"
    }
    for (output, numbers) in entry.figures.sorted(by: { $0.key < $1.key }) {
      text += "figures of \(output)\n"
      for (name, value) in numbers.sorted(by: { $0.key < $1.key }) {
        text += "  \(Text.pad(name, 28)) \(number(value))\n"
      }
    }
    text += "code\n"
    for step in entry.steps {
      text += "  \(Text.pad(step.name, 28)) \(Text.pad(step.kind, 30)) \(step.code.short)\n"
    }
    if !entry.sources.isEmpty { text += "data\n" }
    for source in entry.sources {
      text += "  \(Text.pad(source.name, 28)) \(source.digest.short)  \(Text.size(source.size))\n"
    }
    if !history.events.isEmpty { text += "history\n" }
    for (_, event) in history.events {
      text +=
        "  \(event.at.iso8601)  \(Text.pad(event.word, 10)) \(DisplayText.clean(event.who.name))"
        + " (\(event.who.evidence.rawValue))"
        + (event.reason.map { ": \(DisplayText.clean($0))" } ?? "") + "\n"
    }
    return text
  }
}

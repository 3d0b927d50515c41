// What is known of a model: its bytes, what it is worth, and what it was made of. A value; it knows no store.
import Content

/// A step that a model was made by, nearest first.
package struct LineageStep: Hashable, Sendable {
  /// The step's name in its workshop.
  package let name: String
  package let key: ActionKey
  /// Family and step, such as `Learn.TrainModel`.
  package let kind: String
  /// The digest of the digests of its code, by file.
  package let code: Digest
  /// The digests of its programs by name.
  package let programs: [String: Digest]

  /// A step by its name, key and code.
  package init(
    name: String, key: ActionKey, kind: String, code: Digest, programs: [String: Digest]
  ) {
    self.name = name
    self.key = key
    self.kind = kind
    self.code = code
    self.programs = programs
  }
}

/// Data from outside that a model was made of.
package struct LineageSource: Hashable, Sendable {
  /// The source's name in its workshop, or the name of the file that a step read.
  package let name: String
  package let digest: Digest
  /// Bytes of the file, or of the tree's manifest.
  package let size: Int64

  /// Data by their name and digest.
  package init(name: String, digest: Digest, size: Int64) {
    self.name = name
    self.digest = digest
    self.size = size
  }
}

/// A model of the registry.
package struct ModelEntry: Hashable, Sendable {
  package let model: OutputRecord
  package let workshop: String
  /// The step that made it, and the name of the output.
  package let step: String
  package let output: String
  package let key: ActionKey
  /// The run that recorded it.
  package let run: RunID
  package let madeAt: Timestamp
  /// How long its step ran.
  package let seconds: Double
  package let platform: String
  /// What its own step says of it in words, such as name, version and stage.
  package let labels: [String: String]
  /// Numbers by `step.output` of a document or table about the model, then by name.
  package let figures: [String: [String: Double]]
  /// The results that hold these numbers.
  package let figureKeys: [String: ActionKey]
  package let steps: [LineageStep]
  package let sources: [LineageSource]
  /// The workshop's settings; no secret is among them.
  package let settings: JSONValue

  /// An entry with all that is known of a model.
  package init(
    model: OutputRecord, workshop: String, step: String, output: String, key: ActionKey,
    run: RunID, madeAt: Timestamp, seconds: Double, platform: String, labels: [String: String],
    figures: [String: [String: Double]], figureKeys: [String: ActionKey], steps: [LineageStep],
    sources: [LineageSource], settings: JSONValue
  ) {
    self.model = model
    self.workshop = workshop
    self.step = step
    self.output = output
    self.key = key
    self.run = run
    self.madeAt = madeAt
    self.seconds = seconds
    self.platform = platform
    self.labels = labels
    self.figures = figures
    self.figureKeys = figureKeys
    self.steps = steps
    self.sources = sources
    self.settings = settings
  }

  /// As one types it, such as `propensity/week4.model.model`.
  package var source: String { "\(workshop)/\(step).\(output)" }

  /// The digests of the figures by `step.output`: of canonical JSON of the numbers by name.
  package func figureDigests() throws -> [String: Digest] {
    try figures.mapValues {
      try Digest.of(JSONValue.object($0.mapValues(JSONValue.number)).canonicalBytes())
    }
  }

  /// The results that have to stay for the entry to mean something.
  package var keys: Set<ActionKey> {
    Set([key] + figureKeys.values + steps.map(\.key))
  }

  /// The results that go with the model to another store: its own, and those with its numbers.
  package var travellingKeys: [ActionKey] {
    Set([key] + figureKeys.values).sorted()
  }
}

extension ModelEntry {
  package var json: JSONValue {
    [
      "model": model.json, "workshop": .string(workshop), "step": .string(step),
      "output": .string(output), "key": .string(key.description),
      "run": .string(run.description), "madeAt": .string(madeAt.iso8601),
      "seconds": .number(seconds), "platform": .string(platform),
      "labels": .object(labels.mapValues(JSONValue.string)),
      "figures": .object(
        figures.mapValues { .object($0.mapValues(JSONValue.number)) }),
      "figureKeys": .object(figureKeys.mapValues { .string($0.description) }),
      "steps": .array(
        steps.map {
          [
            "name": .string($0.name), "key": .string($0.key.description), "kind": .string($0.kind),
            "code": .string($0.code.description),
            "programs": .object($0.programs.mapValues { .string($0.description) }),
          ]
        }),
      "sources": .array(
        sources.map {
          [
            "name": .string($0.name), "digest": .string($0.digest.description),
            "size": .integer($0.size),
          ]
        }),
      "settings": settings,
    ]
  }

  /// Reads an entry; nil where a part is missing or of another form.
  package init?(json: JSONValue) {
    func key(_ value: JSONValue?) -> ActionKey? {
      value?.string.flatMap { Digest($0) }.map(ActionKey.init)
    }
    func all<T>(_ name: String, _ read: (JSONValue) -> T?) -> [T]? {
      guard let elements = json[name]?.array else { return nil }
      let read = elements.compactMap(read)
      return read.count == elements.count ? read : nil
    }
    func members<T>(_ value: JSONValue?, _ read: (JSONValue) -> T?) -> [String: T]? {
      guard let members = value?.object else { return nil }
      let read = members.compactMapValues(read)
      return read.count == members.count ? read : nil
    }
    guard let model = json["model"].flatMap({ OutputRecord(json: $0) }),
      let workshop = json["workshop"]?.string, let step = json["step"]?.string,
      let output = json["output"]?.string, let own = key(json["key"]),
      let run = json["run"]?.string.flatMap({ RunID($0) }),
      let madeAt = json["madeAt"]?.string.flatMap({ Timestamp(iso8601: $0) }),
      let seconds = json["seconds"]?.number, seconds >= 0, seconds.isFinite,
      let platform = json["platform"]?.string, let labels = members(json["labels"], \.string),
      let figures = members(json["figures"], { members($0, \.number) }),
      let figureKeys = members(json["figureKeys"], { key($0) }),
      let settings = json["settings"], settings.object != nil
    else { return nil }
    let steps = all("steps") { step -> LineageStep? in
      guard let name = step["name"]?.string, let own = key(step["key"]),
        let kind = step["kind"]?.string, let code = step["code"]?.string.flatMap({ Digest($0) }),
        let programs = members(step["programs"], { $0.string.flatMap { Digest($0) } })
      else { return nil }
      return LineageStep(name: name, key: own, kind: kind, code: code, programs: programs)
    }
    let sources = all("sources") { source -> LineageSource? in
      guard let name = source["name"]?.string,
        let digest = source["digest"]?.string.flatMap({ Digest($0) }),
        let size = source["size"]?.integer, size >= 0
      else { return nil }
      return LineageSource(name: name, digest: digest, size: size)
    }
    guard let steps, let sources else { return nil }
    self.init(
      model: model, workshop: workshop, step: step, output: output, key: own, run: run,
      madeAt: madeAt, seconds: seconds, platform: platform, labels: labels, figures: figures,
      figureKeys: figureKeys, steps: steps, sources: sources, settings: settings)
  }
}

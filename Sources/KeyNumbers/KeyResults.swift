// The key numbers and decisions of one run, as values and as JSON. It reads no file.
import Atelier
import Content

/// What a run came to.
package struct KeyResults: Sendable, Hashable {
  /// In the order of declaration.
  package var numbers: [KeyFigure]
  package var verdicts: [KeyVerdict]

  package init(numbers: [KeyFigure] = [], verdicts: [KeyVerdict] = []) {
    self.numbers = numbers
    self.verdicts = verdicts
  }

  package var isEmpty: Bool { numbers.isEmpty && verdicts.isEmpty }

  /// The number of a name; nil where the run has none.
  package func number(_ name: String) -> KeyFigure? { numbers.first { $0.name == name } }

  /// The word of this run's decision where it is another one than in a later run; nil where it is not, or
  /// there was no such decision.
  package func word(unlike later: KeyVerdict) -> String? {
    verdicts.first { $0.subject == later.subject }.flatMap { $0.word == later.word ? nil : $0.word }
  }

  /// The numbers that both runs have, in the order of the new one.
  package func changes(from old: KeyResults) -> [KeyChange] {
    numbers.compactMap { new in old.number(new.name).map { KeyChange(from: $0, to: new) } }
  }
}

// MARK: - JSON

extension KeyFigure {
  /// As run records and `--json` have it.
  package var json: JSONValue {
    var fields: [String: JSONValue] = [
      "name": .string(name), "value": .number(value), "better": .string(better.rawValue),
      "output": .string(output), "place": .string(place),
    ]
    switch unit {
    case .none: break
    case .share: fields["unit"] = "share"
    case .named(let noun): fields["unit"] = .string(noun)
    }
    if let target { fields["target"] = .number(target) }
    if let reference {
      fields["reference"] = [
        "name": .string(reference.name), "value": .number(reference.value),
      ]
    }
    return .object(fields)
  }

  /// The members of an event of `--json`.
  package var event: [String: JSONValue] {
    (json.object ?? [:]).merging(["v": 1, "event": "key-number"]) { $1 }
  }

  /// Reads what a record says; nil where it is of another form.
  package init?(json: JSONValue) {
    guard let name = json["name"]?.string, let value = json["value"]?.number,
      let output = json["output"]?.string, let place = json["place"]?.string
    else { return nil }
    let reference = json["reference"].flatMap { known -> Reference? in
      guard let name = known["name"]?.string, let value = known["value"]?.number else { return nil }
      return Reference(name: name, value: value)
    }
    let unit: KeyNumber.Unit =
      switch json["unit"]?.string {
      case nil: .none
      case "share"?: .share
      case let noun?: .named(noun)
      }
    self.init(
      name: name, value: value, unit: unit,
      better: json["better"]?.string.flatMap(KeyNumber.Direction.init) ?? .neither,
      target: json["target"]?.number, reference: reference, output: output, place: place)
  }
}

extension KeyVerdict {
  package var json: JSONValue {
    var fields: [String: JSONValue] = [
      "subject": .string(subject), "word": .string(word), "choice": .bool(choice),
      "sentence": .string(sentence),
    ]
    fields["reason"] = reason.map { .string($0) }
    return .object(fields)
  }

  /// The members of an event of `--json`.
  package var event: [String: JSONValue] {
    (json.object ?? [:]).merging(["v": 1, "event": "decision"]) { $1 }
  }

  package init?(json: JSONValue) {
    guard let subject = json["subject"]?.string, let word = json["word"]?.string,
      let choice = json["choice"]?.bool
    else { return nil }
    self.init(subject: subject, word: word, choice: choice, reason: json["reason"]?.string)
  }
}

extension KeyResults {
  /// The members of a run record: `keyNumbers` and `decisions`, each left out where it is empty.
  package var recorded: [String: JSONValue] {
    var fields: [String: JSONValue] = [:]
    if !numbers.isEmpty { fields["keyNumbers"] = .array(numbers.map(\.json)) }
    if !verdicts.isEmpty { fields["decisions"] = .array(verdicts.map(\.json)) }
    return fields
  }

  /// What a run record says; empty for the record of a workshop that declares none.
  package init(record: JSONValue) {
    self.init(
      numbers: (record["keyNumbers"]?.array ?? []).compactMap(KeyFigure.init),
      verdicts: (record["decisions"]?.array ?? []).compactMap(KeyVerdict.init))
  }
}

// Makes the specification that is drawn from a template and tables. It draws nothing.
import AtelierStep
import Content

/// Puts tables, values and the theme into a template.
struct SpecificationBuilder {
  let name: String
  let template: String
  let values: [String: FigureValue]
  let tables: [String: Table]

  /// The whole specification; throws with the template's name when something is not there.
  func specification() throws -> JSONValue {
    do {
      return try assembled()
    } catch let failure as StepFailure {
      throw StepFailure("template '\(name)': \(failure.description)")
    }
  }

  private func assembled() throws -> JSONValue {
    guard !name.isEmpty, name.utf8.allSatisfy(Self.isPartOfName) else {
      throw StepFailure("the figure's name must be of letters, digits and '-'")
    }
    var members = try parsed()
    try DataSets(tables: tables).check(.object(members))
    members["params"] = try parameters(members["params"])
    let numbers = KeyNumbers(tables: tables, values: values)
    for key in ["title", "description"] {
      guard let text = members[key] else {
        throw StepFailure("it has no '\(key)', which a screen reader needs; add one")
      }
      members[key] = try numbers.filled(text)
    }
    guard members["description"]?.string?.isEmpty == false else {
      throw StepFailure("its 'description' must be a sentence")
    }
    guard Self.hasText(members["title"]) else {
      throw StepFailure("its 'title' must be a text, or an object with a 'text'")
    }
    members["config"] = Theme.configuration.overlaid(with: members["config"])
    members["datasets"] = .object(tables.mapValues(\.json))
    return .object(members)
  }

  private static func isPartOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  private static func hasText(_ title: JSONValue?) -> Bool {
    let text = title?["text"] ?? title
    return text?.string?.isEmpty == false || text?.array?.first?.string?.isEmpty == false
  }

  private func parsed() throws -> [String: JSONValue] {
    let value: JSONValue
    do {
      value = try JSONValue(parsing: Array(template.utf8))
    } catch {
      throw StepFailure("it is \(error)")
    }
    let schema = "https://vega.github.io/schema/vega-lite/v5"
    guard let members = value.object, members["$schema"]?.string?.hasPrefix(schema) == true else {
      throw StepFailure("it is no Vega-Lite 5 specification: its '$schema' must be \(schema).json")
    }
    return members
  }

  /// The template's parameters with the values that are given.
  private func parameters(_ declared: JSONValue?) throws -> JSONValue? {
    let declared = declared?.array ?? []
    let names = declared.compactMap { $0["name"]?.string }
    for given in values.keys.sorted() where !names.contains(given) {
      throw StepFailure(
        "it has no parameter '\(given)' in 'params', for which a value is given; it has "
          + Self.list(names))
    }
    let filled = try declared.map { parameter in
      guard var members = parameter.object, let name = members["name"]?.string else {
        throw StepFailure("each of its 'params' needs a 'name'")
      }
      if let value = values[name] { members["value"] = value.json }
      guard members["value"] != nil || members["expr"] != nil || members["select"] != nil else {
        throw StepFailure("its parameter '\(name)' has no value and is given none")
      }
      return JSONValue.object(members)
    }
    return filled.isEmpty ? nil : .array(filled)
  }

  /// `a, b`, or `none`.
  static func list(_ names: some Sequence<String>) -> String {
    let sorted = names.sorted()
    return sorted.isEmpty ? "none" : sorted.joined(separator: ", ")
  }
}

// One member of a flow document with its place, so that a mistake is named by both.
import AtelierStep
import Content

/// What is wrong with a flow document.
struct FlowError: Error, CustomStringConvertible {
  let file: String
  /// Such as `outputs.features.features[3].type`; empty for the document itself.
  let member: String
  let problem: String

  var description: String {
    member.isEmpty ? "\(file): \(problem)" : "\(file): \(member): \(problem)"
  }
}

/// A value in a flow document, and where it stands.
struct FlowMember {
  let file: String
  let path: String
  let value: JSONValue

  func error(_ problem: String) -> FlowError {
    FlowError(file: file, member: path, problem: problem)
  }

  private func expected(_ what: String) -> FlowError {
    let found = (try? value.canonicalText()) ?? "?"
    return error("expected \(what), found \(found.prefix(60))")
  }

  func object() throws -> [String: JSONValue] {
    guard let members = value.object else { throw expected("an object") }
    return members
  }

  /// Refuses what is none of the known members: most likely a slip of the pen.
  func checkMembers(_ known: [String]) throws {
    for name in try object().keys.sorted() where !known.contains(name) {
      throw place(name, .null).error(
        "unknown member; expected one of \(known.joined(separator: ", "))")
    }
  }

  func member(_ name: String) throws -> FlowMember {
    guard let member = try optional(name) else {
      throw place(name, .null).error("missing")
    }
    return member
  }

  func optional(_ name: String) throws -> FlowMember? {
    try object()[name].map { place(name, $0) }
  }

  private func place(_ name: String, _ value: JSONValue) -> FlowMember {
    FlowMember(file: file, path: path.isEmpty ? name : "\(path).\(name)", value: value)
  }

  /// The elements of an array that has some.
  func elements() throws -> [FlowMember] {
    guard let elements = value.array, !elements.isEmpty else { throw expected("a list") }
    return elements.enumerated().map {
      FlowMember(file: file, path: "\(path)[\($0)]", value: $1)
    }
  }

  func text() throws -> String {
    guard let text = value.string, !text.isEmpty else { throw expected("a text") }
    return text
  }

  func flag() throws -> Bool {
    guard let flag = value.bool else { throw expected("true or false") }
    return flag
  }

  func whole() throws -> Int {
    guard case .integer(let number) = value, let whole = Int(exactly: number) else {
      throw expected("a whole number")
    }
    return whole
  }

  func number() throws -> Double {
    guard let number = value.number, number.isFinite else { throw expected("a number") }
    return number
  }

  func valueType() throws -> FeatureDefinition.ValueType {
    guard let type = value.string.flatMap(FeatureDefinition.ValueType.init(rawValue:)) else {
      throw expected("Integral, Fractional or String")
    }
    return type
  }
}

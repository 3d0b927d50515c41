// Reads one statement of a policy document.
import Content

struct StatementReader {
  let document: String

  private static let known: Set<String> = [
    "Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "Condition",
  ]

  func statement(_ value: JSONValue, number: Int) throws -> PolicyStatement {
    let name = value["Sid"]?.string ?? "statement \(number)"
    let place = "\(document), \(name)"
    guard let members = value.object else {
      throw PolicyFault(place: place, problem: "a statement is an object")
    }
    if let unknown = members.keys.filter({ !Self.known.contains($0) }).min() {
      throw PolicyFault(place: place, problem: "\(unknown) is not evaluated")
    }
    guard let effect = members["Effect"]?.string.flatMap(PolicyEffect.init) else {
      throw PolicyFault(place: place, problem: "Effect is neither Allow nor Deny")
    }
    guard let actions = try choice("Action", members, place) else {
      throw PolicyFault(place: place, problem: "there is no Action")
    }
    let resources = try choice("Resource", members, place)
    for pattern in resources?.patterns ?? [] { try Self.checkVariables(pattern, place) }
    let principals = try members["Principal"].map { try self.principals($0, place) }
    if resources == nil, principals == nil {
      throw PolicyFault(place: place, problem: "there is neither Resource nor Principal")
    }
    return PolicyStatement(
      name: name, effect: effect, actions: actions, resources: resources, principals: principals,
      conditions: try conditions(members["Condition"] ?? .object([:]), place))
  }

  /// IAM takes variables in the last part of an ARN alone.
  private static func checkVariables(_ pattern: String, _ place: String) throws {
    let parts = pattern.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard parts.first == "arn" else { return }
    let head = parts.dropLast(parts.count == 6 ? 1 : 0)
    if head.contains(where: { $0.contains("${") }) {
      throw PolicyFault(
        place: place, problem: "a variable stands in front of the fifth colon of \(pattern)")
    }
  }

  private func choice(
    _ name: String, _ members: [String: JSONValue], _ place: String
  ) throws -> PolicyChoice? {
    let (plain, negated) = (members[name], members["Not\(name)"])
    if plain != nil, negated != nil {
      throw PolicyFault(place: place, problem: "\(name) and Not\(name) exclude each other")
    }
    guard let value = plain ?? negated else { return nil }
    return PolicyChoice(
      patterns: try texts(value, "\(place), \(name)"), isNegated: negated != nil)
  }

  private func principals(_ value: JSONValue, _ place: String) throws -> [PolicyPrincipal] {
    if value == "*" { return [.everybody] }
    guard let kinds = value.object, !kinds.isEmpty else {
      throw PolicyFault(place: place, problem: "Principal is neither \"*\" nor an object")
    }
    return try kinds.sorted { $0.key < $1.key }.flatMap { kind, names in
      try texts(names, "\(place), Principal").map { name -> PolicyPrincipal in
        switch kind {
        case "AWS": Self.principal(name)
        case "Service": .service(name)
        default: throw PolicyFault(place: place, problem: "a principal \(kind) is not evaluated")
        }
      }
    }
  }

  private static func principal(_ name: String) -> PolicyPrincipal {
    if name == "*" { return .everybody }
    if name.count == 12, name.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) { return .account(name) }
    let parts = name.split(separator: ":", omittingEmptySubsequences: false)
    return parts.count == 6 && parts[5] == "root" ? .account(String(parts[4])) : .arn(name)
  }

  private func conditions(_ value: JSONValue, _ place: String) throws -> [PolicyCondition] {
    guard let operators = value.object else {
      throw PolicyFault(place: place, problem: "Condition is not an object")
    }
    return try operators.sorted { $0.key < $1.key }.flatMap { word, keys in
      guard let comparison = PolicyOperator(word) else {
        throw PolicyFault(place: place, problem: "the operator \(word) is not evaluated")
      }
      guard let keys = keys.object else {
        throw PolicyFault(place: place, problem: "\(word) is not an object")
      }
      return try keys.sorted { $0.key < $1.key }.map { key, values in
        PolicyCondition(
          comparison: comparison, key: key, values: try texts(values, "\(place), \(key)"))
      }
    }
  }

  /// One text or a list of texts; booleans and numbers as their texts.
  private func texts(_ value: JSONValue, _ place: String) throws -> [String] {
    let listed = value.array ?? [value]
    guard !listed.isEmpty else { throw PolicyFault(place: place, problem: "the list is empty") }
    return try listed.map { one in
      switch one {
      case .string(let text): text
      case .bool(let bool): bool ? "true" : "false"
      case .integer(let number): String(number)
      default: throw PolicyFault(place: place, problem: "a value is not a text")
      }
    }
  }
}

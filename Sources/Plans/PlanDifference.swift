// The first place where two plans differ, for a sentence.
import Content

/// Where two documents of plans differ first.
public struct PlanDifference: Hashable, Sendable, CustomStringConvertible {
  /// The path to the member: names of members and nodes, with points between them.
  public let path: String
  /// The value of the first document as JSON, `absent` where there is none; cut.
  public let old: String
  /// The value of the second document.
  public let new: String

  /// The first difference, nodes by their names; nil where the two are the same.
  init?(from first: JSONValue, to second: JSONValue) {
    guard let found = Self.first(first, second, []) else { return nil }
    path = found.path.joined(separator: ".")
    old = Self.text(found.old)
    new = Self.text(found.new)
  }

  /// Whether the program is another one: a step's code is.
  public var isOfCode: Bool { path.hasSuffix(".code") }

  /// The path with both values.
  public var description: String { "\(path): \(old) -> \(new)" }

  private typealias Found = (path: [String], old: JSONValue?, new: JSONValue?)

  private static func first(_ old: JSONValue?, _ new: JSONValue?, _ path: [String]) -> Found? {
    if old == new { return nil }
    if let old = members(old), let new = members(new) {
      for name in Set(old.keys).union(new.keys).sorted() {
        if let found = first(old[name], new[name], path + [name]) { return found }
      }
      // Nodes in another order.
    }
    return (path, old, new)
  }

  /// An object's members, or a list's elements by their names.
  private static func members(_ value: JSONValue?) -> [String: JSONValue]? {
    if let object = value?.object { return object }
    guard let elements = value?.array else { return nil }
    let names = elements.map { $0["name"]?.string ?? "" }
    guard !names.contains(""), Set(names).count == names.count else { return nil }
    return Dictionary(uniqueKeysWithValues: zip(names, elements))
  }

  private static func text(_ value: JSONValue?) -> String {
    guard let value, let text = try? value.canonicalText() else { return "absent" }
    return text.count > 80 ? text.prefix(77) + "..." : text
  }
}

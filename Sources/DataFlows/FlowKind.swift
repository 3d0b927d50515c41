// The kinds of things that Flow Service holds, and how one is told in a message.
import AdobePlatform
import Content

/// What can be made in Flow Service.
package enum FlowKind: String, Sendable, CaseIterable {
  case connection = "connections"
  case source = "sourceConnections"
  case target = "targetConnections"
  case flow = "flows"

  var words: String {
    switch self {
    case .connection: "connection"
    case .source: "source connection"
    case .target: "target connection"
    case .flow: "data flow"
    }
  }
}

/// Something of Flow Service by its id.
package struct FlowItem: Sendable, Hashable {
  package let kind: FlowKind
  package let id: String
  package let name: String
  /// Such as `enabled`, `disabled`, `deleted`.
  package let state: String
  package let json: JSONValue

  init?(_ kind: FlowKind, _ json: JSONValue) {
    guard let id = json["id"]?.string, PlatformID.isValid(id) else { return nil }
    self.kind = kind
    self.id = id
    self.json = json
    name = json["name"]?.string ?? ""
    state = json["state"]?.string ?? ""
  }

  package var isDeleted: Bool { state == "deleted" }
}

/// Something of a name that we use has another content.
package struct DifferingFlowItem: Error, Hashable, Sendable, CustomStringConvertible {
  package let kind: FlowKind
  package let name: String
  package let id: String
  /// Such as `params.bucketName`.
  package let member: String
  package let found: String
  package let expected: String

  package var description: String {
    "the \(kind.words) '\(name)' (\(id)) has \(member) = \(found); expected \(expected). It cannot be "
      + "changed into another: delete it in the platform's user interface, then run again"
  }
}

/// What of a document is not as in another one.
enum Comparison {
  /// The first member of `wish`, in the order of names, that `found` does not have; nil for none.
  ///
  /// Numbers are equal to their texts: the service stores some of them so. `hidden` are not compared.
  static func difference(
    _ wish: JSONValue, _ found: JSONValue?, hidden: Set<String>, at path: String = ""
  ) -> (member: String, found: String, expected: String)? {
    if hidden.contains(path) { return nil }
    switch (wish, found) {
    case (.object(let members), .object?):
      for name in members.keys.sorted() {
        let inner = path.isEmpty ? name : "\(path).\(name)"
        if let wish = members[name],
          let difference = difference(wish, found?[name], hidden: hidden, at: inner)
        {
          return difference
        }
      }
      return nil
    case (.array(let wishes), .array(let elements)?) where wishes.count == elements.count:
      for (index, pair) in zip(wishes, elements).enumerated() {
        if let difference = difference(
          pair.0, pair.1, hidden: hidden, at: "\(path)[\(index)]")
        {
          return difference
        }
      }
      return nil
    default:
      return text(wish) == text(found) ? nil : (path, text(found), text(wish))
    }
  }

  private static func text(_ value: JSONValue?) -> String {
    switch value {
    case nil, .null: "nothing"
    case .string(let text)?: text
    case let value?: String(((try? value.canonicalText()) ?? "?").prefix(200))
    }
  }
}

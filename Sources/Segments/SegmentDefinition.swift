// A segment definition as it is asked for and as the platform tells it. It sends nothing.
import AdobePlatform
import Content

/// Whom a segment has.
package struct SegmentDefinition: Sendable, Hashable {
  /// Unique in a sandbox.
  package let name: String
  package let description: String
  /// The rule in the Profile Query Language.
  package let rule: String
  /// Days that a membership holds without an evaluation.
  package var days = 60

  package init(name: String, description: String, rule: String) {
    self.name = name
    self.description = description
    self.rule = rule
  }

  /// The rule of an interval of propensities of a tenant, whose name has no underscore.
  package static func rule(tenant: String, from lowest: Double, to highest: Double) -> String {
    "_\(tenant).propensity >= \(lowest) and _\(tenant).propensity <= \(highest)"
  }

  var json: JSONValue {
    [
      "name": .string(name), "description": .string(description), "profileInstanceId": "ups",
      "expression": ["type": "PQL", "format": "pql/text", "value": .string(rule)],
      "schema": ["name": "_xdm.context.profile"], "payloadSchema": "string",
      "ttlInDays": .integer(Int64(days)),
    ]
  }

  /// The first member that a definition of the platform has otherwise; nil for none.
  func difference(from found: JSONValue) -> (member: String, found: String, expected: String)? {
    let wishes: [(String, String?, String?)] = [
      ("expression.value", rule, found["expression"]?["value"]?.string),
      ("expression.format", "pql/text", found["expression"]?["format"]?.string),
      ("schema.name", "_xdm.context.profile", found["schema"]?["name"]?.string),
      ("profileInstanceId", "ups", found["profileInstanceId"]?.string ?? "ups"),
      // Not every answer tells it.
      (
        "ttlInDays", "\(days)",
        found["ttlInDays"].flatMap { $0.integer.map(String.init) } ?? "\(days)"
      ),
    ]
    for (member, wish, value) in wishes where wish != value {
      return (member, value ?? "nothing", wish ?? "")
    }
    return nil
  }
}

/// A segment of the name that we use has another rule.
package struct DifferingSegment: Error, Hashable, Sendable, CustomStringConvertible {
  package let name: String
  package let id: String
  package let member: String
  package let found: String
  package let expected: String

  package var description: String {
    "the segment '\(name)' (\(id)) has \(member) = \(found); expected \(expected): delete it in the "
      + "platform's user interface, or give the segment another name"
  }
}

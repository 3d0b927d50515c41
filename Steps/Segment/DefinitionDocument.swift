// The definition of a segment as the platform's segmentation service takes it.

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The JSON document of a segment definition.
struct DefinitionDocument: Encodable {
  struct Expression: Encodable {
    var type = "PQL"
    var format = "pql/text"
    let value: String
  }
  struct Schema: Encodable {
    var name = "_xdm.context.profile"
  }

  let name: String
  let description: String
  let expression: Expression
  var ttlInDays = 60
  var schema = Schema()

  init(interval: PropensityInterval, tenant: String) {
    name = "Propensity \(interval.text)"
    description = "Users with a propensity of \(interval.text), both included"
    expression = Expression(value: interval.rule(tenant: tenant))
  }

  /// The document with sorted keys, so that it has the same bytes everywhere.
  func encoded() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self)
  }
}

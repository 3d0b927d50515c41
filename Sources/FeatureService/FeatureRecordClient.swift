// Records of feature groups at SageMaker: written and read one by one. It decides nothing.
import AWS
import Content
import HTTP

/// A record: the values of its features as texts, by name; a feature without a value is absent.
package typealias FeatureValues = [String: String]

/// A thin client of the runtime of SageMaker's feature store; every call blocks, is tried again as its
/// policy says, and throws as `ServiceClient.send` does.
package struct FeatureRecordClient: Sendable {
  private let service: ServiceClient

  package init(_ service: ServiceClient) { self.service = service }

  /// Writes a record; the same one again changes nothing, nor does an older one online.
  package func put(_ record: FeatureValues, into group: String) throws {
    let body: JSONValue = [
      "Record": .array(
        record.sorted { $0.key < $1.key }
          .map { ["FeatureName": .string($0.key), "ValueAsString": .string($0.value)] })
    ]
    _ = try service.exchange(
      "PUT", Self.path(group), fields: [HTTPField("Content-Type", "application/json")],
      body: body.canonicalBytes())
  }

  /// The latest record of an identifier online; nil where there is none.
  package func get(_ identifier: String, from group: String) throws -> FeatureValues? {
    let answer: JSONValue
    do {
      answer = try service.rest(
        "GET", Self.path(group),
        query: [QueryItem("RecordIdentifierValueAsString", identifier)])
    } catch let fault as ServiceFault where fault.code == "ResourceNotFound" {
      return nil
    }
    guard let record = answer["Record"]?.array, !record.isEmpty else { return nil }
    return Dictionary(
      record.compactMap { entry in
        entry["FeatureName"]?.string.flatMap { name in
          entry["ValueAsString"]?.string.map { (name, $0) }
        }
      }, uniquingKeysWith: { $1 })
  }

  private static func path(_ group: String) -> String { "/FeatureGroup/\(group)" }
}

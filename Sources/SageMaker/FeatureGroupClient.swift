// Feature groups of SageMaker: their definitions and state, not their records.
import AWS
import Content
import HTTP

/// A feature group as SageMaker has it.
package struct FeatureGroupDescription: Sendable, Hashable {
  package var arn: String
  /// `Creating`, `Created`, `CreateFailed`, `Deleting` or `DeleteFailed`.
  package var status: String
  /// `InProgress`, `Successful` or `Failed` of the last update; nil where there was none.
  package var updateStatus: String?
  package var reason: String?
  /// The types of the features by name.
  package var features: [String: String]
  package var recordIdentifier: String
  package var eventTime: String

  init(_ answer: JSONValue) {
    arn = answer["FeatureGroupArn"]?.string ?? ""
    status = answer["FeatureGroupStatus"]?.string ?? ""
    updateStatus = answer["LastUpdateStatus"]?["Status"]?.string
    reason = answer["FailureReason"]?.string ?? answer["LastUpdateStatus"]?["FailureReason"]?.string
    recordIdentifier = answer["RecordIdentifierFeatureName"]?.string ?? ""
    eventTime = answer["EventTimeFeatureName"]?.string ?? ""
    features = Dictionary(
      (answer["FeatureDefinitions"]?.array ?? []).compactMap { feature in
        feature["FeatureName"]?.string.map { ($0, feature["FeatureType"]?.string ?? "") }
      }, uniquingKeysWith: { $1 })
  }

  /// Whether SageMaker is at work on it.
  package var isMoving: Bool {
    ["Creating", "Deleting"].contains(status) || updateStatus == "InProgress"
  }
}

extension SageMakerClient {
  /// A feature group by its name; nil where there is none.
  package func featureGroup(_ name: String) throws -> FeatureGroupDescription? {
    guard var answer = try describe("DescribeFeatureGroup", ["FeatureGroupName": .string(name)])
    else { return nil }
    // A wide group comes in pages.
    var features = answer["FeatureDefinitions"]?.array ?? []
    var token = answer["NextToken"]?.string
    while let next = token, !next.isEmpty {
      let page = try call(
        "DescribeFeatureGroup", ["FeatureGroupName": .string(name), "NextToken": .string(next)])
      features += page["FeatureDefinitions"]?.array ?? []
      token = page["NextToken"]?.string
    }
    var members = answer.object ?? [:]
    members["FeatureDefinitions"] = .array(features)
    answer = .object(members)
    return FeatureGroupDescription(answer)
  }

  /// Adds features to a group.
  package func addFeatures(_ features: [(name: String, type: String)], to group: String) throws {
    _ = try call(
      "UpdateFeatureGroup",
      [
        "FeatureGroupName": .string(group),
        "FeatureAdditions": .array(
          features.map { ["FeatureName": .string($0.name), "FeatureType": .string($0.type)] }),
      ])
  }

  /// Begins to remove a feature group; one that is gone is fine.
  package func deleteFeatureGroup(_ name: String) throws {
    try remove("DeleteFeatureGroup", ["FeatureGroupName": .string(name)])
  }
}

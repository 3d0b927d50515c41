// Entries of SageMaker's registry of models: packages in a group.
import AWS
import Content
import HTTP

/// A model package as a list of its group tells of it.
package struct ModelPackageSummary: Sendable, Hashable {
  package var arn: String
  package var description: String
  /// `PendingManualApproval`, `Approved` or `Rejected`.
  package var approval: String

  init(_ entry: JSONValue) {
    arn = entry["ModelPackageArn"]?.string ?? ""
    description = entry["ModelPackageDescription"]?.string ?? ""
    approval = entry["ModelApprovalStatus"]?.string ?? ""
  }
}

extension SageMakerClient {
  /// The packages of a group.
  package func modelPackages(in group: String) throws -> [ModelPackageSummary] {
    try all(
      "ListModelPackages", "ModelPackageSummaryList",
      ["ModelPackageGroupName": .string(group), "MaxResults": 100]
    ).map { ModelPackageSummary($0) }
  }

  /// Adds a package to a group; its ARN.
  package func createModelPackage(_ request: JSONValue, tags: [String: String]) throws -> String {
    var members = request.object ?? [:]
    if !tags.isEmpty { members["Tags"] = Self.list(tags) }
    return try call("CreateModelPackage", .object(members))["ModelPackageArn"]?.string ?? ""
  }

  /// Brings a package's approval to another status.
  package func setApproval(of arn: String, to status: String, because reason: String) throws {
    _ = try call(
      "UpdateModelPackage",
      [
        "ModelPackageArn": .string(arn), "ModelApprovalStatus": .string(status),
        "ApprovalDescription": .string(reason),
      ])
  }
}

// A feature group of SageMaker that follows the log of ours: made, grown, and given the records that it
// has not got yet.
import AWS
import AtelierStep
import Content
import FeatureStore
import FileTools
import SageMaker
import Workflows

/// Brings a group of SageMaker to what our log says.
///
/// The log is the truth. How far the service has come is a tag of its group, so it goes with the group;
/// records are written again from there, which changes nothing where they are there.
package struct FeatureMirror: Sendable {
  /// Where the online and offline stores of new groups are.
  package struct Target: Sendable {
    /// The ARN of the role that SageMaker writes offline files with; nil where it writes none.
    package var role: String?
    /// `s3://bucket/prefix` of the offline store; nil for none.
    package var offline: String?

    package init(role: String?, offline: String?) {
      self.role = role
      self.offline = offline
    }
  }

  /// What was done.
  package struct Report: Sendable {
    package var isCreated = false
    /// The names of features that were added.
    package var added: [String] = []
    /// The ingestion up to which the service had the records before.
    package var from = 0
    /// The ingestion up to which it has them now.
    package var upTo = 0
    package var records = 0
  }

  /// The tag that says how far a group has come: the number of an ingestion.
  package static let mark = "atelier:ingestion"
  /// The tag with the place of our log, by which a group is known as ours.
  package static let source = "atelier:features"
  /// Features that one update may add.
  private static let mostAdditions = 100

  /// The value of that tag for a place: the place itself where a tag can hold it, else its digest.
  private static func tag(of place: String) throws -> String {
    let signs = "_.:/=+-@ "
    let fits =
      place.utf8.count <= 256
      && place.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || signs.contains($0)) }
    return fits ? place : try Digest.of(place).description
  }

  private let services: WorkflowServices
  private let records: FeatureRecordClient
  private let advice = "what was sent stays; atelier features push continues from there"

  private var client: SageMakerClient { services.sagemaker }

  package init(_ services: WorkflowServices) {
    self.services = services
    records = FeatureRecordClient(services.features)
  }

  /// Sends what the service lacks of a group.
  ///
  /// `read` gives the records of one ingestion, in their order, in portions.
  package func push(
    _ group: FeatureGroup, to target: Target, tags: [String: String],
    read: (Ingestion, ([FeatureValues]) throws -> Void) throws -> Void
  ) throws -> Report {
    var report = Report()
    let definition = group.definition
    var found = try settled(group.name)
    if found == nil {
      report.isCreated = try ask { try create(group, target, tags) }
      found = try settled(group.name)
    }
    guard let there = found, there.status == "Created" else {
      throw WorkflowFailure.failed(
        "the feature group \(group.name) of SageMaker is \(found?.status ?? "gone")"
          + (found?.reason.map { ": \($0)" } ?? ""))
    }
    let known = try ask { try client.tags(of: there.arn) }
    guard try known[Self.source] == Self.tag(of: group.place) else {
      throw WorkflowFailure.usage(
        "the feature group \(group.name) of SageMaker is not that of \(group.place): "
          + (known[Self.source].map { "it follows \($0)" } ?? "it was not made by Atelier"))
    }
    report.added = try grow(there, to: definition, group.name)
    report.from = known[Self.mark].flatMap { Int($0) } ?? 0
    report.upTo = report.from
    for ingestion in group.ingestions where ingestion.sequence > report.from {
      try read(ingestion) { portion in
        try put(portion, of: definition.recordIdentifier, into: group.name)
        report.records += portion.count
      }
      try ask { try client.tag(there.arn, [Self.mark: "\(ingestion.sequence)"]) }
      report.upTo = ingestion.sequence
    }
    return report
  }

  private func create(
    _ group: FeatureGroup, _ target: Target, _ tags: [String: String]
  ) throws -> Bool {
    let definition = group.definition
    var request: [String: JSONValue] = [
      "FeatureGroupName": .string(group.name),
      "RecordIdentifierFeatureName": .string(definition.recordIdentifier),
      "EventTimeFeatureName": .string(definition.eventTime),
      "FeatureDefinitions": .array(
        definition.features.map {
          ["FeatureName": .string($0.name), "FeatureType": .string($0.type.rawValue)]
        }),
      "OnlineStoreConfig": ["EnableOnlineStore": true],
    ]
    if let role = target.role { request["RoleArn"] = .string(role) }
    if let offline = target.offline {
      request["OfflineStoreConfig"] = ["S3StorageConfig": ["S3Uri": .string(offline)]]
    }
    return try client.create(
      "CreateFeatureGroup", .object(request),
      tags: tags.merging([Self.source: Self.tag(of: group.place), Self.mark: "0"]) { $1 })
  }

  /// Adds the features that the group lacks; throws where others differ.
  private func grow(
    _ there: FeatureGroupDescription, to definition: FeatureDefinition, _ name: String
  ) throws -> [String] {
    for feature in definition.features {
      guard let type = there.features[feature.name], type != feature.type.rawValue else {
        continue
      }
      throw WorkflowFailure.usage(
        "the feature '\(feature.name)' of \(name) is \(feature.type.rawValue), and \(type) at "
          + "SageMaker; delete that group: atelier features delete \(name) --service")
    }
    let missing = definition.features.filter { there.features[$0.name] == nil }
    var rest = missing[...]
    while !rest.isEmpty {
      let portion = rest.prefix(Self.mostAdditions)
      try ask {
        try client.addFeatures(portion.map { ($0.name, $0.type.rawValue) }, to: name)
      }
      guard let now = try settled(name), now.updateStatus != "Failed" else {
        throw WorkflowFailure.failed("SageMaker could not add features to \(name)")
      }
      rest = rest.dropFirst(portion.count)
    }
    return missing.map(\.name)
  }

  /// Records that are written at a time.
  private static let width = 8

  /// Writes records side by side; one after another those of one identifier, as the order counts for
  /// equal event times.
  private func put(_ portion: [FeatureValues], of identifier: String, into group: String) throws {
    var lanes: [[FeatureValues]] = Array(repeating: [], count: Self.width)
    for record in portion {
      let sum = (record[identifier] ?? "").utf8.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF }
      lanes[sum % Self.width].append(record)
    }
    _ = try Parallel.map(Self.width, width: Self.width, chunk: 1) { [lanes] lane in
      for record in lanes[lane] {
        guard !services.isCancelled() else { throw WorkflowFailure.interrupted(advice: advice) }
        try ask { try records.put(record, into: group) }
      }
    }
  }

  /// The group once SageMaker is no more at work on it; nil where there is none.
  private func settled(_ name: String) throws -> FeatureGroupDescription? {
    var patience = Patience()
    while true {
      guard let found = try ask({ try client.featureGroup(name) }) else { return nil }
      guard found.isMoving else { return found }
      try services.pause(patience.seconds, advice: advice)
      patience.nothingHappened()
    }
  }

  /// Whether SageMaker has the group.
  package func hasGroup(_ name: String) throws -> Bool {
    try ask { try client.featureGroup(name) } != nil
  }

  /// The latest record of an identifier online; nil where there is none, or no group.
  package func record(_ identifier: String, of group: String) throws -> FeatureValues? {
    try ask { try records.get(identifier, from: group) }
  }

  /// Removes the group of SageMaker and waits until it is gone; false where there is none.
  ///
  /// Offline files that SageMaker has written stay in their bucket.
  package func delete(_ group: String, place: String) throws -> Bool {
    guard let found = try settled(group) else { return false }
    let tags = try ask { try client.tags(of: found.arn) }
    guard try tags[Self.source] == Self.tag(of: place) else {
      throw WorkflowFailure.usage(
        "the feature group \(group) of SageMaker is not that of \(place), so it is not removed")
    }
    try ask { try client.deleteFeatureGroup(group) }
    _ = try settled(group)
    return true
  }

  private func ask<Answer>(_ body: () throws -> Answer) throws -> Answer {
    try asking("SageMaker", advice: advice, body)
  }
}

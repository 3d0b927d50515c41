// Decisions about models as SageMaker's registry has them. The registry in the store is the truth; the mirror
// follows it.
import Content
import Models
import SageMaker

/// Brings a group of model packages to what a registry says.
package struct ModelMirror {
  private let client: SageMakerClient
  private let group: String
  private let tags: [String: String]
  /// The image and the archive that serve a model; nil where it cannot be served there.
  private let serving: (ModelEntry) throws -> (image: String, data: String)?

  /// Characters of a description.
  private static let longest = 1024

  /// The mirror in a group.
  package init(
    _ client: SageMakerClient, group: String, tags: [String: String],
    serving: @escaping (ModelEntry) throws -> (image: String, data: String)?
  ) {
    self.client = client
    self.group = group
    self.tags = tags
    self.serving = serving
  }

  /// Creates what is missing and corrects what differs; how many packages.
  ///
  /// Interrupted, or refused halfway, the next call does the rest. What others put into the group stays.
  package func update(_ histories: some Sequence<ModelHistory>) throws -> (made: Int, changed: Int)
  {
    var sum = (made: 0, changed: 0)
    let there = try client.modelPackages(in: group)
    for history in histories.sorted(by: { $0.model < $1.model }) {
      guard let entry = history.entry else { continue }
      let own = there.filter { $0.description.hasPrefix(history.model.description) }
      let status = Self.status(history)
      if own.isEmpty {
        _ = try client.createModelPackage(try request(entry, history), tags: tags)
        sum.made += 1
      }
      for package in own where package.approval != status {
        try client.setApproval(of: package.arn, to: status, because: Self.reason(history))
        sum.changed += 1
      }
    }
    return sum
  }

  private func request(_ entry: ModelEntry, _ history: ModelHistory) throws -> JSONValue {
    var request: [String: JSONValue] = [
      "ModelPackageGroupName": .string(group),
      "ModelPackageDescription": .string(
        Self.cut("\(entry.model.digest) \(entry.source)")),
      "ModelApprovalStatus": .string(Self.status(history)),
      "CustomerMetadataProperties": [
        "atelier-key": .string(entry.key.description), "atelier-run": .string("\(entry.run)"),
      ],
    ]
    let reason = Self.reason(history)
    if !reason.isEmpty { request["ApprovalDescription"] = .string(reason) }
    if let (image, data) = try serving(entry) {
      request["InferenceSpecification"] = [
        "Containers": [["Image": .string(image), "ModelDataUrl": .string(data)]],
        "SupportedContentTypes": ["text/csv", "application/json"],
        "SupportedResponseMIMETypes": ["text/csv", "application/json"],
        "SupportedRealtimeInferenceInstanceTypes": ["ml.m5.large"],
        "SupportedTransformInstanceTypes": ["ml.m5.large"],
      ]
    }
    return .object(request)
  }

  private static func status(_ history: ModelHistory) -> String {
    switch history.status {
    case .pending: "PendingManualApproval"
    case .approved: "Approved"
    case .rejected: "Rejected"
    }
  }

  private static func reason(_ history: ModelHistory) -> String {
    let decisions = history.decisions
    let decisive = decisions.first { $0.word == "rejected" } ?? decisions.last
    return decisive.map { cut("\($0.who.name): \($0.reason ?? "")") } ?? ""
  }

  private static func cut(_ text: String) -> String {
    String(decoding: text.utf8.prefix(longest), as: UTF8.self).filter { $0 != "\u{FFFD}" }
  }
}

// Feature groups at SageMaker: records that are sent there, and what is there compared with ours.
import AtelierStep
import CommandLine
import Content
import DuckDB
import FeatureService
import FeatureSQL
import FeatureStore
import Jobs
import Project
import Terminal
import Workflows

extension FeatureCall {
  /// Opens SageMaker as the session of a group does.
  private func mirror(_ session: Session, changes: Bool) throws -> FeatureMirror {
    let token = token
    let services = try WorkflowServices(
      session.awsSettings(), isCancelled: { token.isCancelled })
    if changes {
      try Session.refuseDebugBuild(services.sagemaker.service.base, "changes feature groups")
    }
    return FeatureMirror(services)
  }

  // MARK: Push

  func push(_ name: String, role given: String?, offline: String?) throws -> Int32 {
    let known = try places.find(name)
    let session = try places.session(of: known)
    let configured = try JobTable(reading: session.configuration).role
    let role: String = given ?? configured
    guard !role.isEmpty || offline == nil else {
      throw UsageError(
        "[Jobs] role is empty; name the role with which SageMaker writes offline files: --role ARN")
    }
    guard role.isEmpty || RequestOperation.isRole(role) else {
      let word = given == nil ? "[Jobs] role" : "--role"
      throw UsageError(
        "\(word): expected arn:<partition>:iam::<account>:role/<name>, found '\(role)'")
    }
    if let offline, !offline.hasPrefix("s3://") {
      throw UsageError("--offline takes s3://bucket/prefix, not '\(offline)'")
    }
    let mirror = try mirror(session, changes: true)
    let tags = try session.resourceTags().values
    let report = try withDatabase { database in
      let sql = try database.sql(known)
      return try mirror.push(
        known.group, to: FeatureMirror.Target(role: role.isEmpty ? nil : role, offline: offline),
        tags: tags
      ) { ingestion, take in
        try read(ingestion, of: known.group, sql, database, take)
      }
    }
    try show(report, known)
    return ExitCode.success
  }

  private func show(_ report: FeatureMirror.Report, _ known: KnownGroup) throws {
    if isJSON {
      let line: JSONValue = [
        "v": 1, "event": "feature-push", "group": .string(known.name),
        "created": .bool(report.isCreated),
        "added": .array(report.added.map { .string($0) }), "from": .integer(Int64(report.from)),
        "upTo": .integer(Int64(report.upTo)), "records": .integer(Int64(report.records)),
      ]
      return try output.data(line.canonicalText() + "\n")
    }
    if report.isCreated { output.message("created the feature group \(known.name) at SageMaker") }
    if !report.added.isEmpty {
      output.message("added to it: \(report.added.joined(separator: ", "))")
    }
    let text =
      report.upTo == report.from
      ? "\(known.name): SageMaker has all \(Text.count(report.upTo, "ingestion"))\n"
      : "\(known.name): \(Text.count(report.records, "record")) sent, of ingestions "
        + "\(report.from + 1) to \(report.upTo)\n"
    try output.data(text)
  }

  /// Records that are handed over at a time.
  private static let portion = 500

  /// The records of one ingestion in the order of their event times, values as texts.
  private func read(
    _ ingestion: Ingestion, of group: FeatureGroup, _ sql: FeatureSQL, _ database: FeatureDatabase,
    _ take: ([FeatureValues]) throws -> Void
  ) throws {
    let time = SQLName.quoted(group.definition.eventTime)
    let bytes = try database.answer(
      "SELECT \(Self.texts(group.definition)) FROM (\(sql.records)) AS r "
        + "WHERE r.batch = \(ingestion.sequence) ORDER BY r.\(time), r.batch_row", as: .jsonLines)
    var portion: [FeatureValues] = []
    for line in bytes.split(separator: UInt8(ascii: "\n")) where line.count > 2 {
      portion.append(try values(JSONValue(parsing: Array(line)), group))
      if portion.count == Self.portion {
        try take(portion)
        portion = []
      }
    }
    if !portion.isEmpty { try take(portion) }
  }

  /// All features as texts, in which numbers come back as they are.
  private static func texts(_ definition: FeatureDefinition) -> String {
    definition.features.map {
      let name = SQLName.quoted($0.name)
      return "CAST(r.\(name) AS VARCHAR) AS \(name)"
    }.joined(separator: ", ")
  }

  /// The values of a record that has some; SageMaker takes no number that is not finite.
  private func values(_ row: JSONValue, _ group: FeatureGroup) throws -> FeatureValues {
    var values: FeatureValues = [:]
    for feature in group.definition.features {
      guard let text = row[feature.name]?.string else { continue }
      if feature.type == .fractional, Double(text)?.isFinite != true {
        throw UsageError(
          "the feature '\(feature.name)' of a record of \(group.name) is \(text), and SageMaker takes "
            + "finite numbers only")
      }
      values[feature.name] = text
    }
    return values
  }

  // MARK: Compare

  /// Prints the latest record here beside that of SageMaker.
  func compare(_ name: String, _ id: String) throws -> Int32 {
    let known = try places.find(name)
    let definition = known.group.definition
    let key = SQLName.quoted(definition.recordIdentifier)
    let wanted = try identifier(id, of: known)
    let session = try places.session(of: known)
    let mirror = try mirror(session, changes: false)
    guard try mirror.hasGroup(name) else {
      let region = try session.awsSettings().region(for: "sagemaker")
      throw UsageError(
        "SageMaker has no feature group \(name) in \(region); type: atelier features push \(name)")
    }
    let online = try mirror.record(id, of: name) ?? [:]
    let offline = try withDatabase { database in
      let latest = try database.sql(known).latest()
      let bytes = try database.answer(
        "SELECT \(Self.texts(definition)) FROM (\(latest)) AS r WHERE r.\(key) = \(wanted)",
        as: .jsonLines)
      guard let line = bytes.split(separator: UInt8(ascii: "\n")).first(where: { $0.count > 2 })
      else { return FeatureValues() }
      return try values(JSONValue(parsing: Array(line)), known.group)
    }
    guard !online.isEmpty || !offline.isEmpty else {
      output.message("atelier: neither \(known.group.place) nor SageMaker has a record '\(id)'")
      return ExitCode.stepFailed
    }
    let rows = definition.features.map { feature -> [String] in
      let (here, there) = (offline[feature.name], online[feature.name])
      return [
        feature.name, here ?? "", there ?? "", Self.isSame(here, there, feature) ? "" : "differs",
      ]
    }
    try output.data(
      Table(columns: ["feature", "here", "SageMaker", ""], rows: rows).text(limit: rows.count))
    return rows.contains { !$0[3].isEmpty } ? ExitCode.outOfDate : ExitCode.success
  }

  /// Whether two texts are one value: `5.0` is `5` for a number.
  private static func isSame(
    _ one: String?, _ other: String?, _ feature: FeatureDefinition.Feature
  ) -> Bool {
    if one == other { return true }
    guard feature.type == .fractional, let one, let other, let first = Double(one) else {
      return false
    }
    return first == Double(other)
  }

  // MARK: Delete

  func deleteAtService(_ name: String) throws -> Int32 {
    let known = try places.find(name)
    let isDeleted = try mirror(places.session(of: known), changes: true)
      .delete(name, place: known.group.place)
    output.message(
      isDeleted
        ? "atelier: deleted the feature group \(name) of SageMaker; its records here are kept"
        : "atelier: SageMaker has no feature group \(name)")
    return ExitCode.success
  }
}

// What has to hold of an attestation before a model is taken. It reads no file and asks nobody.
import Content

/// What is expected of an attestation; what is nil may be anything.
package struct AttestationPolicy: Sendable {
  package var keys: [VerifyingKey]
  /// The digest of the model.
  package var model: Digest?
  package var workshop: String?
  /// The builder's URI.
  package var builder: String?
  /// The action key of the step that made the model.
  package var invocation: Digest?
  /// What must have been used, by digest.
  package var materials: Set<Digest> = []
  /// The digests of exactly the figures that it must name, by `step.output`.
  package var figures: [String: Digest]?
  /// ms since the end of the build.
  package var maxAge: Int64?
  package var now: Timestamp

  /// Clocks of two machines may differ by so much: ms.
  private static let skew: Int64 = 300_000

  /// A policy that trusts some keys.
  package init(keys: [VerifyingKey], now: Timestamp) {
    self.keys = keys
    self.now = now
  }

  /// What the attestation says, once all of it holds.
  ///
  /// Throws `Refusal` with the first reason not to believe it. The signature is checked before anything of
  /// the payload is read.
  package func check(_ envelope: Envelope) throws -> (key: VerifyingKey, statement: JSONValue) {
    guard envelope.payloadType == ProvenanceStatement.payloadType else {
      throw Refusal(
        .payloadType,
        "the payload's type is '\(envelope.payloadType)', expected "
          + ProvenanceStatement.payloadType)
    }
    let key = try envelope.verify(by: keys)
    let statement: JSONValue
    do {
      statement = try JSONValue(parsing: envelope.payload)
    } catch {
      throw Refusal(.statement, "the payload is \(error)")
    }
    try checkHead(statement)
    try checkSubject(statement)
    let predicate = statement["predicate"]
    try checkBuild(predicate?["buildDefinition"])
    try checkRun(predicate?["runDetails"])
    return (key, statement)
  }

  private func checkHead(_ statement: JSONValue) throws(Refusal) {
    guard statement["_type"]?.string == ProvenanceStatement.type else {
      throw Refusal(
        .statement,
        "_type is \(Self.shown(statement["_type"])), expected \(ProvenanceStatement.type)")
    }
    guard statement["predicateType"]?.string == ProvenanceStatement.predicateType else {
      throw Refusal(
        .predicate,
        "predicateType is \(Self.shown(statement["predicateType"])), expected "
          + ProvenanceStatement.predicateType)
    }
  }

  private func checkSubject(_ statement: JSONValue) throws(Refusal) {
    guard let subjects = statement["subject"]?.array, subjects.count == 1,
      let digests = subjects[0]["digest"]?.object
    else {
      throw Refusal(
        .subject, "expected exactly one subject, found \(statement["subject"]?.array?.count ?? 0)")
    }
    // A second digest, even a right one, would let a weaker algorithm speak for other bytes.
    guard digests.count == 1, let text = digests["sha256"]?.string, text.utf8.count == 64,
      let digest = Digest(text)
    else {
      throw Refusal(
        .subject,
        "expected one digest of the subject, sha256, found "
          + (digests.isEmpty ? "none" : digests.keys.sorted().joined(separator: ", ")))
    }
    if let model, digest != model {
      throw Refusal(
        .subject, "the attestation is about \(digest), expected \(model)")
    }
  }

  private func checkBuild(_ build: JSONValue?) throws(Refusal) {
    guard build?["buildType"]?.string == ProvenanceStatement.buildType else {
      throw Refusal(
        .predicate,
        "buildType is \(Self.shown(build?["buildType"])), expected \(ProvenanceStatement.buildType)"
      )
    }
    let found = build?["externalParameters"]?["workshop"]
    if let workshop, found?.string != workshop {
      throw Refusal(
        .workshop, "the model is of the workshop \(Self.shown(found)), expected '\(workshop)'")
    }
    var used: Set<Digest> = []
    for entry in build?["resolvedDependencies"]?.array ?? [] {
      if let digest = entry["digest"]?["sha256"]?.string.flatMap({ Digest($0) }) {
        used.insert(digest)
      }
    }
    if let missing = materials.subtracting(used).min() {
      throw Refusal(
        .materials,
        "the registry says that the model was made of \(missing), which the attestation does not name"
      )
    }
  }

  private func checkRun(_ run: JSONValue?) throws(Refusal) {
    if let builder, run?["builder"]?["id"]?.string != builder {
      throw Refusal(
        .builder, "the builder is \(Self.shown(run?["builder"]?["id"])), expected '\(builder)'")
    }
    let metadata = run?["metadata"]
    if let invocation,
      metadata?["invocationId"]?.string != "urn:sha256:" + invocation.hex
    {
      throw Refusal(
        .materials,
        "the attestation is about the action \(Self.shown(metadata?["invocationId"])), the registry names "
          + "urn:sha256:\(invocation.hex)")
    }
    try checkFigures(run?["byproducts"])
    guard let end = metadata?["finishedOn"]?.string.flatMap({ Timestamp(iso8601: $0) }) else {
      throw Refusal(.time, "the attestation does not say when the build ended (finishedOn)")
    }
    guard end.milliseconds <= now.milliseconds.addingSaturated(Self.skew) else {
      throw Refusal(.time, "the build ended at \(end.iso8601), which is in the future")
    }
    if let maxAge, end.milliseconds < now.milliseconds.addingSaturated(-maxAge) {
      throw Refusal(
        .time,
        "the build ended at \(end.iso8601), longer ago than the \(maxAge / 86_400_000) days that are "
          + "accepted")
    }
  }

  /// Figures that are left out count as much as such as were changed: a gate would not compare them.
  private func checkFigures(_ byproducts: JSONValue?) throws(Refusal) {
    guard let figures else { return }
    var named: [String: Digest] = [:]
    for entry in byproducts?.array ?? [] {
      guard let uri = entry["uri"]?.string, uri.hasPrefix(ProvenanceStatement.figures),
        let digest = entry["digest"]?["sha256"]?.string.flatMap({ Digest($0) })
      else { continue }
      let name = String(uri.dropFirst(ProvenanceStatement.figures.count))
      guard named.updateValue(digest, forKey: name) == nil else {
        throw Refusal(.figures, "the attestation names the figures of '\(name.prefix(120))' twice")
      }
    }
    let differing = Set(named.keys).union(figures.keys).filter { named[$0] != figures[$0] }
    guard let first = differing.min() else { return }
    throw Refusal(
      .figures,
      named[first] == nil
        ? "the attestation does not name the figures of '\(first)', which the gate compares"
        : "the figures of '\(first.prefix(120))' are not those that the attestation names")
  }

  private static func shown(_ value: JSONValue?) -> String {
    guard let value else { return "missing" }
    guard let text = value.string else { return "not a text" }
    return "'\(text.prefix(120))'"
  }
}

// What made a model, as an in-toto statement (v1) with SLSA's provenance (v1). It signs nothing.
import Content

/// Something that a build used, as SLSA's resource descriptor.
package struct Dependency: Hashable, Sendable {
  package let uri: String
  package let name: String
  package let digest: Digest

  package init(uri: String, name: String, digest: Digest) {
    self.uri = uri
    self.name = name
    self.digest = digest
  }

  var json: JSONValue {
    [
      "uri": .string(uri), "name": .string(name), "digest": ["sha256": .string(digest.hex)],
    ]
  }
}

/// A statement about one model.
package struct ProvenanceStatement: Hashable, Sendable {
  package static let payloadType = "application/vnd.in-toto+json"
  static let type = "https://in-toto.io/Statement/v1"
  static let predicateType = "https://slsa.dev/provenance/v1"
  /// What `externalParameters` and `resolvedDependencies` mean.
  static let buildType = "urn:atelier:build:step:1"
  /// What the URI of a byproduct begins with whose digest is that of a model's figures: canonical JSON of the
  /// numbers by name.
  static let figures = "urn:atelier:figures:"

  package var subject: String
  package var digest: Digest
  package var workshop: String
  package var step: String
  package var output: String
  /// Settings by `Section.key`; no secret is among them.
  package var settings: [String: String]
  package var platform: String
  package var dependencies: [Dependency]
  /// Digests of the numbers that a gate compares, by `step.output`.
  package var figures: [String: Digest]
  /// Who vouches for the build, as a URI.
  package var builder: String
  package var builderVersion: String
  /// The action key.
  package var invocation: Digest
  package var startedOn: Timestamp
  package var finishedOn: Timestamp

  /// A statement about a model that a step made.
  package init(
    subject: String, digest: Digest, workshop: String, step: String, output: String,
    settings: [String: String], platform: String, dependencies: [Dependency],
    figures: [String: Digest], builder: String, builderVersion: String, invocation: Digest,
    startedOn: Timestamp, finishedOn: Timestamp
  ) {
    self.subject = subject
    self.digest = digest
    self.workshop = workshop
    self.step = step
    self.output = output
    self.settings = settings
    self.platform = platform
    self.dependencies = dependencies
    self.figures = figures
    self.builder = builder
    self.builderVersion = builderVersion
    self.invocation = invocation
    self.startedOn = startedOn
    self.finishedOn = finishedOn
  }

  package var json: JSONValue {
    [
      "_type": .string(Self.type),
      "subject": [
        ["name": .string(subject), "digest": ["sha256": .string(digest.hex)]]
      ],
      "predicateType": .string(Self.predicateType),
      "predicate": [
        "buildDefinition": [
          "buildType": .string(Self.buildType),
          "externalParameters": [
            "workshop": .string(workshop), "step": .string(step), "output": .string(output),
            "settings": .object(settings.mapValues(JSONValue.string)),
          ],
          "internalParameters": ["platform": .string(platform)],
          "resolvedDependencies": .array(dependencies.map(\.json)),
        ],
        "runDetails": [
          "builder": [
            "id": .string(builder), "version": ["atelier": .string(builderVersion)],
          ],
          "metadata": [
            "invocationId": .string("urn:sha256:" + invocation.hex),
            "startedOn": .string(startedOn.iso8601), "finishedOn": .string(finishedOn.iso8601),
          ],
          "byproducts": .array(
            figures.sorted { $0.key < $1.key }.map { name, digest in
              [
                "uri": .string(Self.figures + name), "name": .string(name),
                "digest": ["sha256": .string(digest.hex)],
              ]
            }),
        ],
      ],
    ]
  }

  /// The statement in an envelope that `sign` signs; it is given the bytes to sign.
  package func envelope(
    _ sign: (_ message: [UInt8]) throws -> Envelope.Signature
  ) throws -> Envelope {
    let payload = try json.canonicalBytes()
    let message = Envelope.signedBytes(type: Self.payloadType, payload: payload)
    return Envelope(
      payloadType: Self.payloadType, payload: payload, signatures: [try sign(message)])
  }
}

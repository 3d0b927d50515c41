// Events of OpenLineage (openlineage.io, schema 2-0-2) as JSON: a job, one run of it, what it read and wrote.
// It sends nothing.
import Content

/// Where a run or a step has come to.
enum LineageState: String {
  case start = "START", complete = "COMPLETE", fail = "FAIL", abort = "ABORT"
}

/// Something that a job reads or writes.
struct LineageDataset: Hashable {
  /// `workshop/node.output`.
  let name: String
  /// nil where nobody knows it yet.
  let digest: Digest?
}

/// A run of a job.
struct LineageRun: Hashable {
  let id: String
  /// `workshop` or `workshop.step`.
  let job: String
}

/// Makes events.
struct LineageEvents {
  /// What all names are below.
  static let namespace = "atelier"
  let producer: String

  /// `producer` is a URI of this program and its version.
  init(producer: String) { self.producer = producer }

  /// An event; `message` says why a run failed, and `cached` that a result was taken from the store.
  func event(
    _ state: LineageState, _ run: LineageRun, parent: LineageRun?, at time: String, kind: String,
    inputs: [LineageDataset] = [], outputs: [LineageDataset] = [], message: String? = nil,
    cached: Bool? = nil
  ) -> JSONValue {
    var facets: [String: JSONValue] = [:]
    if let parent {
      facets["parent"] = facet(
        "1-2-0", "ParentRunFacet",
        [
          "run": ["runId": .string(parent.id)],
          "job": ["namespace": .string(Self.namespace), "name": .string(parent.job)],
        ])
    }
    if let message {
      facets["errorMessage"] = facet(
        "1-0-1", "ErrorMessageRunFacet",
        ["message": .string(message), "programmingLanguage": "SWIFT"])
    }
    if let cached {
      facets["atelier_cache"] = [
        "_producer": .string(producer), "_schemaURL": "urn:atelier:facet:cache:1",
        "cached": .bool(cached),
      ]
    }
    return [
      "eventType": .string(state.rawValue), "eventTime": .string(time),
      "run": ["runId": .string(run.id), "facets": .object(facets)],
      "job": [
        "namespace": .string(Self.namespace), "name": .string(run.job),
        "facets": [
          "jobType": facet(
            "2-0-4", "JobTypeJobFacet",
            [
              "processingType": "BATCH", "integration": "ATELIER", "jobType": .string(kind),
            ])
        ],
      ],
      "inputs": .array(inputs.map(dataset)), "outputs": .array(outputs.map(dataset)),
      "producer": .string(producer),
      "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
    ]
  }

  private func dataset(_ dataset: LineageDataset) -> JSONValue {
    var facets: [String: JSONValue] = [:]
    if let digest = dataset.digest {
      facets["version"] = facet(
        "1-0-1", "DatasetVersionDatasetFacet",
        ["datasetVersion": .string(digest.description)])
    }
    return [
      "namespace": .string(Self.namespace), "name": .string(dataset.name),
      "facets": .object(facets),
    ]
  }

  private func facet(
    _ version: String, _ name: String, _ members: [String: JSONValue]
  ) -> JSONValue {
    .object(
      members.merging([
        "_producer": .string(producer),
        "_schemaURL": .string(
          "https://openlineage.io/spec/facets/\(version)/\(name).json#/$defs/\(name)"),
      ]) { $1 })
  }

  /// A UUID (RFC 9562, version 8) of a text: the same for the same run and step, whoever computes it.
  static func identifier(_ text: String) throws -> String {
    var bytes = Array(try Digest.of("openlineage\n" + text).bytes.prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x80
    bytes[8] = bytes[8] & 0x3F | 0x80
    let hex = bytes.map { byte in
      let digits = String(byte, radix: 16)
      return digits.utf8.count == 1 ? "0" + digits : digits
    }
    return [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { hex[$0].joined() }.joined(separator: "-")
  }
}

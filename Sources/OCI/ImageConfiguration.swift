// How a container of an image starts, as the image's configuration says it. It reads no file.
import Content

/// What a container of the image is started with.
package struct ImageConfiguration: Sendable, Hashable {
  /// The processor in the words of images, such as `amd64`.
  package var architecture: String
  package var entrypoint: [String]
  /// `NAME=value`, in this order.
  package var environment: [String]
  package var workingFolder: String
  package var labels: [String: String]

  package init(
    architecture: String, entrypoint: [String], environment: [String], workingFolder: String,
    labels: [String: String] = [:]
  ) {
    self.architecture = architecture
    self.entrypoint = entrypoint
    self.environment = environment
    self.workingFolder = workingFolder
    self.labels = labels
  }

  /// The processor that this program was built for, in the words of images.
  package static var ownArchitecture: String {
    #if arch(x86_64)
      "amd64"
    #elseif arch(arm64)
      "arm64"
    #else
      "unknown"
    #endif
  }

  /// The document; `layers` are the digests of the layers before compression, with their names.
  func document(layers: [(name: String, digest: Digest)]) -> JSONValue {
    .object([
      "architecture": .string(architecture), "os": "linux", "created": .string(Self.created),
      "config": .object([
        "Entrypoint": .array(entrypoint.map { .string($0) }),
        "Env": .array(environment.map { .string($0) }), "WorkingDir": .string(workingFolder),
        "Labels": .object(labels.mapValues { .string($0) }),
      ]),
      "rootfs": .object([
        "type": "layers",
        "diff_ids": .array(layers.map { .string($0.digest.description) }),
      ]),
      "history": .array(
        layers.map {
          .object([
            "created": .string(Self.created),
            "created_by": .string("atelier image build: \($0.name)"),
          ])
        }),
    ])
  }

  /// The time of the files in the layers.
  private static let created = "1980-01-01T00:00:00Z"
}

// What a workshop's outputs were when somebody agreed to them. It knows nothing of files or stores.
import Content

/// The outputs that a workshop is expected to have, for one choice of settings.
package struct Baseline: Equatable, Sendable {
  package let workshop: String
  /// Operating system and architecture that the digests are for, for example `linux-x86_64`.
  package let platform: String
  /// The configuration that the outputs belong to: values by `Section.key`.
  package let settings: [String: String]
  /// Entries by `step.output`.
  package var entries: [String: Entry]

  package init(
    workshop: String, platform: String, settings: [String: String], entries: [String: Entry]
  ) {
    self.workshop = workshop
    self.platform = platform
    self.settings = settings
    self.entries = entries
  }
}

/// The bytes of an output.
package struct Bytes: Equatable, Sendable {
  package let digest: Digest
  /// Bytes of the file, or of the tree's manifest.
  package let size: Int64
  package let mediaType: String
  package let isTree: Bool

  package init(digest: Digest, size: Int64, mediaType: String, isTree: Bool) {
    self.digest = digest
    self.size = size
    self.mediaType = mediaType
    self.isTree = isTree
  }
}

/// How far a number may move: by an absolute amount, or by a share of what it was.
package struct Tolerance: Equatable, Sendable {
  package let absolute: Double
  package let relative: Double

  package init(absolute: Double = 0, relative: Double = 0) {
    self.absolute = absolute
    self.relative = relative
  }

  /// Whether a number stays within the wider of both.
  package func allows(_ was: Double, _ new: Double) -> Bool {
    was == new || (new - was).magnitude <= max(absolute, relative * was.magnitude)
  }
}

/// What one output is expected to be.
///
/// Without a tolerance its bytes count; with one its schema, texts and numbers do.
package struct Entry: Equatable, Sendable {
  package let bytes: Bytes
  package let content: OutputValues
  /// What holds for each number that has none of its own.
  package let tolerance: Tolerance?
  /// By the names of numbers.
  package let tolerances: [String: Tolerance]

  package init(
    bytes: Bytes, content: OutputValues, tolerance: Tolerance? = nil,
    tolerances: [String: Tolerance] = [:]
  ) {
    self.bytes = bytes
    self.content = content
    self.tolerance = tolerance
    self.tolerances = tolerances
  }

  /// Whether the very bytes are expected.
  package var isExact: Bool { tolerance == nil && tolerances.isEmpty }

  /// How far a number may move.
  package func tolerance(of name: String) -> Tolerance {
    tolerances[name] ?? tolerance ?? Tolerance()
  }
}

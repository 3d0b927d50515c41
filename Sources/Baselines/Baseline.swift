// What a workshop's outputs were when somebody agreed to them. It knows nothing of files or stores.
import Content

/// The outputs that a workshop is expected to have, for one choice of settings.
public struct Baseline: Equatable, Sendable {
  public let workshop: String
  /// Operating system and architecture that the digests are for, for example `linux-x86_64`.
  public let platform: String
  /// The configuration that the outputs belong to: values by `Section.key`.
  public let settings: [String: String]
  /// Entries by `step.output`.
  public var entries: [String: Entry]

  public init(
    workshop: String, platform: String, settings: [String: String], entries: [String: Entry]
  ) {
    self.workshop = workshop
    self.platform = platform
    self.settings = settings
    self.entries = entries
  }
}

/// The bytes of an output.
public struct Bytes: Equatable, Sendable {
  public let digest: Digest
  /// Bytes of the file, or of the tree's manifest.
  public let size: Int64
  public let mediaType: String
  public let isTree: Bool

  public init(digest: Digest, size: Int64, mediaType: String, isTree: Bool) {
    self.digest = digest
    self.size = size
    self.mediaType = mediaType
    self.isTree = isTree
  }
}

/// How far a number may move: by an absolute amount, or by a share of what it was.
public struct Tolerance: Equatable, Sendable {
  public let absolute: Double
  public let relative: Double

  public init(absolute: Double = 0, relative: Double = 0) {
    self.absolute = absolute
    self.relative = relative
  }

  /// Whether a number stays within the wider of both.
  public func allows(_ was: Double, _ new: Double) -> Bool {
    was == new || (new - was).magnitude <= max(absolute, relative * was.magnitude)
  }
}

/// What one output is expected to be.
///
/// Without a tolerance its bytes count; with one its schema, texts and numbers do.
public struct Entry: Equatable, Sendable {
  public let bytes: Bytes
  public let content: OutputValues
  /// What holds for each number that has none of its own.
  public let tolerance: Tolerance?
  /// By the names of numbers.
  public let tolerances: [String: Tolerance]

  public init(
    bytes: Bytes, content: OutputValues, tolerance: Tolerance? = nil,
    tolerances: [String: Tolerance] = [:]
  ) {
    self.bytes = bytes
    self.content = content
    self.tolerance = tolerance
    self.tolerances = tolerances
  }

  /// Whether the very bytes are expected.
  public var isExact: Bool { tolerance == nil && tolerances.isEmpty }

  /// How far a number may move.
  public func tolerance(of name: String) -> Tolerance {
    tolerances[name] ?? tolerance ?? Tolerance()
  }
}

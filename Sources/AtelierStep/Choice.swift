// The artifact that a branch of a workshop reads: which arm is taken.
import Content

/// A decision: a JSON document `{"choice": true}` or `{"choice": false}`, with members of its own
/// beside it that say why.
public enum Choice: ArtifactFormat {
  /// The media type of a decision.
  public static let mediaType = "application/vnd.atelier.choice+json"
  /// The file extension of a decision.
  public static let fileExtension = "json"

  /// The bytes of a decision, with what it was based on.
  public static func bytes(
    _ choice: Bool, because facts: [String: JSONValue] = [:]
  ) throws -> [UInt8] {
    try JSONValue.object(facts.merging(["choice": .bool(choice)]) { $1 }).canonicalBytes()
  }

  /// Bytes of the longest decision that is read.
  package static let longest = 1 << 20

  /// Reads a decision.
  public static func parse(_ bytes: [UInt8]) throws -> Bool {
    guard bytes.count <= longest else {
      throw StepFailure("a choice is a JSON document of at most \(longest) bytes")
    }
    guard let choice = try JSONValue(parsing: bytes)["choice"]?.bool else {
      throw StepFailure("a choice needs a member \"choice\" that is true or false")
    }
    return choice
  }
}

// What an execution is started with: names, types and defaults, and the paths that stand for them.
import Content

/// The members that a machine expects in the input of an execution.
///
/// `ExecutionInput` of the Step Functions Data Science SDK for Python.
public struct InputSchema: Hashable, Sendable {
  /// The type of a member.
  public enum Kind: String, Hashable, Sendable {
    case text, integer, number, bool
  }

  /// One member.
  public struct Member: Hashable, Sendable {
    /// Its type.
    public let kind: Kind
    /// The value where an execution gives none; nil where it must.
    public let standard: JSONValue?

    /// A member of a type.
    public init(_ kind: Kind, default standard: JSONValue? = nil) {
      self.kind = kind
      self.standard = standard
    }
  }

  /// An input that does not fit.
  public struct Mistake: Error, Hashable, CustomStringConvertible {
    /// The mistake in one sentence.
    public let description: String
  }

  /// The members by name.
  public let members: [String: Member]

  /// A schema of members.
  public init(_ members: [String: Member]) { self.members = members }

  /// What stands for a member in a request.
  ///
  /// - Throws: a `Mistake` where the schema has no such member.
  public subscript(_ name: String) -> Payload {
    get throws(Mistake) {
      guard members[name] != nil else {
        throw Mistake(
          description: "the input has no member '\(name)'; it has "
            + members.keys.sorted().joined(separator: ", "))
      }
      return .path(DataPath.executionInput[name])
    }
  }

  /// The input of an execution, with the defaults of what is not given.
  ///
  /// - Throws: a `Mistake` for a member that is missing, unknown, or of another type.
  public func input(_ given: [String: JSONValue]) throws(Mistake) -> JSONValue {
    if let unknown = given.keys.sorted().first(where: { members[$0] == nil }) {
      throw Mistake(
        description: "the input has no member '\(unknown)'; it has "
          + members.keys.sorted().joined(separator: ", "))
    }
    var input: [String: JSONValue] = [:]
    for (name, member) in members.sorted(by: { $0.key < $1.key }) {
      guard let value = given[name] ?? member.standard else {
        throw Mistake(
          description: "the input lacks '\(name)', a value of the type \(member.kind.rawValue)")
      }
      guard Self.fits(value, member.kind) else {
        throw Mistake(
          description: "the input's '\(name)' is not of the type \(member.kind.rawValue)")
      }
      input[name] = value
    }
    return .object(input)
  }

  private static func fits(_ value: JSONValue, _ kind: Kind) -> Bool {
    switch (kind, value) {
    case (.text, .string), (.integer, .integer), (.number, .integer), (.number, .number),
      (.bool, .bool):
      true
    default: false
    }
  }
}

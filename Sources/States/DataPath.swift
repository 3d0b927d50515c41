// Paths into the data of an execution, and what stands for a value that only an execution has.

/// A path into data, such as `$.job.name`, or into what an execution knows of itself, as
/// `$$.Execution.Input['name']`.
public struct DataPath: Hashable, Sendable {
  /// The path as a document has it.
  public let text: String

  /// A path as a document has it; ``StateMachine/problems()`` says what is wrong with one.
  public init(_ text: String) { self.text = text }

  /// The data themselves.
  public static let all = DataPath("$")
  /// What an execution was started with.
  public static let executionInput = DataPath("$$.Execution.Input")

  /// A member of what this path names.
  public subscript(_ member: String) -> DataPath {
    DataPath(text + "['\(member.replacing("\\", with: "\\\\").replacing("'", with: "\\'"))']")
  }

  /// An element of the list that this path names, from 0.
  public subscript(_ index: Int) -> DataPath { DataPath(text + "[\(index)]") }

  /// Whether it is a path at all: `$`, or `$$`, and members in `.name` or brackets.
  var isWellFormed: Bool {
    guard text.hasPrefix("$") else { return false }
    let rest = text.drop { $0 == "$" }
    guard text.count - rest.count <= 2 else { return false }
    if rest.isEmpty { return true }
    guard rest.first == "." || rest.first == "[" else { return false }
    return Self.areBracketsClosed(rest)
  }

  /// Whether it names one place, as the paths of results and of choices must.
  var isReference: Bool {
    isWellFormed && !["*", "..", "@", "?", ":", ","].contains { Self.bare(text).contains($0) }
  }

  private static func areBracketsClosed(_ text: Substring) -> Bool {
    var depth = 0
    for character in bare(String(text)) {
      if character == "[" { depth += 1 }
      if character == "]" { depth -= 1 }
      if depth < 0 || depth > 1 { return false }
    }
    return depth == 0 && text.count { $0 == "'" } % 2 == 0
  }

  /// The path without what stands in quotes.
  private static func bare(_ text: String) -> String {
    text.split(separator: "'", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 0 }.map { String($0.element) }.joined()
  }
}

/// A value of a request: written out, or what a path names when the machine runs.
public indirect enum Payload: Hashable, Sendable {
  /// A text.
  case text(String)
  /// A whole number.
  case integer(Int)
  /// A number with a fraction.
  case number(Double)
  /// A truth value.
  case bool(Bool)
  /// No value.
  case null
  /// What a path names.
  case path(DataPath)
  /// `States.Format`: a text whose `{}` are filled in turn.
  case format(String, [Payload])
  /// An intrinsic function by its name, such as `States.StringToJson`.
  case call(String, [Payload])
  /// A list; with paths in it, it is written as `States.Array`.
  case list([Payload])
  /// Members by name.
  case object([String: Payload])
}

extension Payload: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// A text.
  public init(stringLiteral value: String) { self = .text(value) }
  /// A whole number.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// A truth value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// A list.
  public init(arrayLiteral elements: Payload...) { self = .list(elements) }
  /// Members by name; of one name that is given twice the last counts.
  public init(dictionaryLiteral elements: (String, Payload)...) {
    self = .object(Dictionary(elements) { $1 })
  }
}

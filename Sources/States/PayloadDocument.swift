// How a request is written: a member whose value only an execution has gets the ending `.$`.
import Content

extension Payload {
  /// The payload as JSON; what stands for a computed value at the top is its path as a text.
  var document: StateDocument {
    switch self {
    case .text(let text): .value(.string(text))
    case .integer(let number): .value(.integer(Int64(number)))
    case .number(let number): .decimal(number)
    case .bool(let truth): .value(.bool(truth))
    case .null: .value(.null)
    case .path, .format, .call: .value(.string(expression))
    case .list(let elements):
      isComputed ? .value(.string(expression)) : .list(elements.map(\.document))
    case .object(let members):
      .object(
        members.sorted { $0.key < $1.key }.map { name, value in
          (value.isComputed ? name + ".$" : name, value.document)
        })
    }
  }

  /// Whether an execution computes it: a path, a function, or a list with such an element.
  var isComputed: Bool {
    switch self {
    case .path, .format, .call: true
    case .list(let elements): elements.contains(where: \.isComputed)
    default: false
    }
  }

  /// The value as a path or an intrinsic function.
  private var expression: String {
    switch self {
    case .path(let path): path.text
    case .format(let text, let values):
      "States.Format("
        + ([Self.quoted(text, isTemplate: true)] + values.map(\.argument)).joined(separator: ", ")
        + ")"
    case .call(let name, let values):
      "\(name)(" + values.map(\.argument).joined(separator: ", ") + ")"
    case .list(let elements):
      "States.Array(" + elements.map(\.argument).joined(separator: ", ") + ")"
    default: argument
    }
  }

  /// The value as an argument of an intrinsic function.
  private var argument: String {
    switch self {
    case .text(let text): Self.quoted(text)
    case .integer(let number): "\(number)"
    case .number(let number): "\(number)"
    case .bool(let truth): truth ? "true" : "false"
    case .null: "null"
    // A literal object has no form here but its text, which a function reads.
    case .object: "States.StringToJson(" + Self.quoted(flatText) + ")"
    default: expression
    }
  }

  /// The value on one line, for `States.StringToJson`.
  private var flatText: String {
    document.text().split(separator: "\n").map { $0.drop { $0 == " " } }.joined()
  }

  /// A text of an intrinsic function: in single quotes, with its own quotes, backslashes and braces
  /// escaped; the braces of a template are where values go.
  private static func quoted(_ text: String, isTemplate: Bool = false) -> String {
    let escaped = text.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
    return isTemplate
      ? "'\(escaped)'"
      : "'" + escaped.replacing("{", with: "\\{").replacing("}", with: "\\}") + "'"
  }

  /// All paths in it.
  var paths: [DataPath] {
    switch self {
    case .path(let path): [path]
    case .format(_, let values), .call(_, let values), .list(let values): values.flatMap(\.paths)
    case .object(let members): members.sorted { $0.key < $1.key }.flatMap(\.value.paths)
    default: []
    }
  }

  /// The member of an object.
  public subscript(_ name: String) -> Payload? {
    if case .object(let members) = self { members[name] } else { nil }
  }
}

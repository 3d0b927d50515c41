// What a script is given by name: artifacts and parameters. It does not know the script's language.

/// The inputs and parameters of a step that runs somebody's script, by the names that the script uses.
///
/// A step encodes and decodes them in its own `encode(to:)` and `init(from:)`, beside its other
/// properties, so that the key has `inputs.events` and `parameters.seed`.
public struct ScriptArguments: Sendable {
  /// The artifacts by name.
  public let inputs: [String: InputFiles]
  /// The parameters by name.
  public let parameters: [String: ScriptValue]

  /// Arguments by name.
  ///
  /// Throws a `StepFailure` for a name that is none, stands twice, or is the step's own; and for an
  /// empty list of artifacts, of which no script could tell what it holds.
  public init(
    inputs: [String: InputFiles], parameters: [String: ScriptValue], reserved: Set<String>
  ) throws {
    for name in (Array(inputs.keys) + parameters.keys).sorted() {
      guard PlainName.isPlain(name, hyphens: false), name.first?.isNumber == false else {
        throw StepFailure(
          "'\(name)' is no name for a script; give letters, digits and '_', beginning with a letter"
        )
      }
      guard !reserved.contains(name) else {
        throw StepFailure("an input or parameter cannot be called '\(name)'; give it another name")
      }
      guard inputs[name] == nil || parameters[name] == nil else {
        throw StepFailure("an input and a parameter are both called '\(name)'")
      }
      guard inputs[name]?.artifacts.isEmpty != true else {
        throw StepFailure("the input '\(name)' is an empty list")
      }
    }
    self.inputs = inputs
    self.parameters = parameters
  }

  /// Reads the arguments beside a step's own properties, whose names are reserved.
  public init(from decoder: any Decoder, reserved: Set<String>) throws {
    guard let decoder = decoder as? StepDecoder, case .object(let members) = decoder.value else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "arguments are decoded from a step's key document only"))
    }
    var inputs: [String: InputFiles] = [:]
    var parameters: [String: ScriptValue] = [:]
    for (name, value) in members where !reserved.contains(name) {
      guard value.placeholder(.output) == nil else { continue }
      let member = decoder.child(value, MemberName(name))
      if value.holdsInput {
        inputs[name] = try InputFiles(from: member)
      } else {
        parameters[name] = try ScriptValue(from: member)
      }
    }
    self.inputs = inputs
    self.parameters = parameters
  }

  /// Writes the arguments beside a step's own properties.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: MemberName.self)
    for (name, input) in inputs.sorted(by: { $0.key < $1.key }) {
      try container.encode(input, forKey: MemberName(name))
    }
    for (name, value) in parameters { try container.encode(value, forKey: MemberName(name)) }
  }
}

/// The name of an argument.
private struct MemberName: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }
  init(_ name: String) { stringValue = name }
  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { return nil }
}

extension TemplateValue {
  /// Whether it is an input, or a list with one.
  fileprivate var holdsInput: Bool {
    if case .array(let elements) = self { return elements.contains(where: \.holdsInput) }
    return placeholder(.input) != nil
  }
}

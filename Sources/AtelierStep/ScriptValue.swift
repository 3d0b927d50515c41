// A parameter of somebody's script. It does not know the script's language.

/// A value that a script reads as a parameter: it has the types of JSON, without null.
public indirect enum ScriptValue: Hashable, Sendable {
  case text(String)
  case integer(Int64)
  case number(Double)
  case bool(Bool)
  case list([ScriptValue])
  case object([String: ScriptValue])
}

/// What can be given to a script as a parameter.
///
///     parameters: ["seed": 3, "tenant": tenant, "bounds": [0.25, 0.5]]
public protocol ScriptParameter: Sendable {
  /// The value that the script reads.
  var scriptValue: ScriptValue { get }
}

extension ScriptValue: ScriptParameter {
  /// The value itself.
  public var scriptValue: ScriptValue { self }
}
extension String: ScriptParameter {
  /// A text.
  public var scriptValue: ScriptValue { .text(self) }
}
extension Int: ScriptParameter {
  /// A whole number.
  public var scriptValue: ScriptValue { .integer(Int64(self)) }
}
extension Double: ScriptParameter {
  /// A number with a fraction, also where it has none: 2.0 is not 2.
  public var scriptValue: ScriptValue { .number(self) }
}
extension Bool: ScriptParameter {
  /// True or false.
  public var scriptValue: ScriptValue { .bool(self) }
}
extension Array: ScriptParameter where Element: ScriptParameter {
  /// A list.
  public var scriptValue: ScriptValue { .list(map(\.scriptValue)) }
}
extension Dictionary: ScriptParameter where Key == String, Value: ScriptParameter {
  /// An object.
  public var scriptValue: ScriptValue { .object(mapValues(\.scriptValue)) }
}

extension ScriptValue: Codable {
  /// The only member of an object that stands for a number which JSON would write as a whole one.
  private static let whole = "double"

  /// The value of a number.
  private var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// Reads what `encode(to:)` wrote.
  public init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let list = try? value.decode([ScriptValue].self) {
      self = .list(list)
    } else if let members = try? value.decode([String: ScriptValue].self) {
      let number = members.count == 1 ? members[Self.whole]?.double : nil
      self = number.map(ScriptValue.number) ?? .object(members)
    } else if let flag = try? value.decode(Bool.self) {
      self = .bool(flag)
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let number = try? value.decode(Int64.self) {
      self = .integer(number)
    } else {
      self = .number(try value.decode(Double.self))
    }
  }

  /// Writes the value as JSON; 2.0 becomes `{"double": 2}`, for in a key 2.0 is written as 2 is.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let text): try container.encode(text)
    case .integer(let number): try container.encode(number)
    case .number(let number):
      if number.rounded() == number {
        try container.encode([Self.whole: number])
      } else {
        try container.encode(number)
      }
    case .bool(let flag): try container.encode(flag)
    case .list(let values): try container.encode(values)
    case .object(let members):
      guard members.count != 1 || members[Self.whole] == nil else {
        throw StepFailure(
          "a parameter cannot be an object whose only member is called '\(Self.whole)'")
      }
      try container.encode(members)
    }
  }
}

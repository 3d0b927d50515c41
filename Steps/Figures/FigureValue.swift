// The typed value of a template's parameter. It knows no template.
import Content

/// What a figure's step gives to one of its template's `params`.
public enum FigureValue: Codable, Sendable, Hashable {
  case number(Double)
  case text(String)
  case flag(Bool)

  /// Decodes a JSON number, boolean or string.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(Bool.self) {
      self = .flag(value)
    } else {
      self = .text(try container.decode(String.self))
    }
  }

  /// Encodes the value as a JSON number, boolean or string.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .flag(let value): try container.encode(value)
    }
  }

  /// The value as JSON.
  var json: JSONValue {
    switch self {
    case .number(let value): .number(value)
    case .text(let value): .string(value)
    case .flag(let value): .bool(value)
    }
  }
}

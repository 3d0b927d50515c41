// A parameter that stays out of a step's key: it may change what a step says, never what it makes.
import Content

/// A stored property that reaches the worker and enters no key, record or page.
///
///     @Unkeyed public var name: String   // what the user calls the input, for messages
///
/// For what the bytes cannot depend on: the name that messages give to a file, the signature in the
/// address of a download whose digest is a parameter. Anything else belongs into the key.
@propertyWrapper
public struct Unkeyed<Value: Codable & Sendable>: Codable, Sendable {
  /// The value.
  public var wrappedValue: Value

  /// Wraps a value.
  public init(wrappedValue: Value) { self.wrappedValue = wrappedValue }

  /// Decodes the value itself.
  public init(from decoder: any Decoder) throws {
    wrappedValue = try decoder.singleValueContainer().decode(Value.self)
  }

  /// Puts the value beside the parameters of a step's template; elsewhere encodes it as it is.
  public func encode(to encoder: any Encoder) throws {
    if let encoder = encoder as? StepEncoder {
      try encoder.add(unkeyed: wrappedValue)
    } else {
      var container = encoder.singleValueContainer()
      try container.encode(wrappedValue)
    }
  }
}

extension Unkeyed: Equatable where Value: Equatable {}
extension Unkeyed: Hashable where Value: Hashable {}

// Decodes a step from the values of a key document: the counterpart of StepEncoder.
import Content

struct StepDecoder: Decoder {
  let value: TemplateValue
  let codingPath: [any CodingKey]
  /// The names of the step's outputs, for a step that lets its wiring choose them.
  var outputs: [String] = []
  /// What a key document says of inputs and outputs, for a step that is to be encoded again.
  var shapes = StepShapes()
  /// The texts that the step lists, by file name.
  var texts: [String: String] = [:]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .object(let members) = value else { throw mismatch("an object") }
    return KeyedDecodingContainer(StepKeyedDecoding<Key>(members: members, decoder: self))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .array(let elements) = value else { throw mismatch("an array") }
    return StepUnkeyedDecoding(elements: elements, decoder: self)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer {
    StepSingleDecoding(decoder: self)
  }

  func child(_ value: TemplateValue, _ key: any CodingKey) -> StepDecoder {
    StepDecoder(value: value, codingPath: codingPath + [key], shapes: shapes, texts: texts)
  }

  func mismatch(_ expected: String) -> DecodingError {
    let path = codingPath.map(\.stringValue).joined(separator: ".")
    return .dataCorrupted(
      .init(codingPath: codingPath, debugDescription: "'\(path)' is not \(expected)"))
  }

  func decode<T: Decodable>(_ type: T.Type) throws -> T {
    if case .plain(let plain) = value, let result = try scalar(plain, as: type) { return result }
    return try T(from: self)
  }

  /// Scalars by the type asked for; nil where the type decodes itself.
  private func scalar<T: Decodable>(_ plain: JSONValue, as type: T.Type) throws -> T? {
    switch type {
    case is Bool.Type: return try cast(plain.bool, "true or false")
    case is String.Type: return try cast(plain.string, "a string")
    case is Double.Type: return try cast(plain.number, "a number")
    case is Float.Type: return try cast(plain.number.map { Float($0) }, "a number")
    case is Int.Type: return try integer(plain, Int.self) as? T
    case is Int64.Type: return try integer(plain, Int64.self) as? T
    case is Int32.Type: return try integer(plain, Int32.self) as? T
    case is Int16.Type: return try integer(plain, Int16.self) as? T
    case is Int8.Type: return try integer(plain, Int8.self) as? T
    case is UInt.Type: return try integer(plain, UInt.self) as? T
    case is UInt64.Type: return try integer(plain, UInt64.self) as? T
    case is UInt32.Type: return try integer(plain, UInt32.self) as? T
    case is UInt16.Type: return try integer(plain, UInt16.self) as? T
    case is UInt8.Type: return try integer(plain, UInt8.self) as? T
    default: return nil
    }
  }

  private func cast<V, T>(_ value: V?, _ expected: String) throws -> T? {
    guard let value else { throw mismatch(expected) }
    return value as? T
  }

  private func integer<I: FixedWidthInteger>(_ plain: JSONValue, _ type: I.Type) throws -> I {
    let result: I? =
      switch plain {
      case .integer(let value): I(exactly: value)
      case .number(let value): I(exactly: value)
      case .string(let text): I(text)
      default: nil
      }
    guard let result else { throw mismatch("an integer that fits \(I.self)") }
    return result
  }
}

private struct StepKeyedDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let members: [String: TemplateValue]
  let decoder: StepDecoder
  var codingPath: [any CodingKey] { decoder.codingPath }
  var allKeys: [Key] { members.keys.compactMap(Key.init(stringValue:)) }

  func contains(_ key: Key) -> Bool { members[key.stringValue] != nil }

  private func child(_ key: Key) throws -> StepDecoder {
    guard let value = members[key.stringValue] else {
      throw DecodingError.keyNotFound(
        key,
        .init(codingPath: codingPath, debugDescription: "no value for '\(key.stringValue)'"))
    }
    return decoder.child(value, key)
  }

  func decodeNil(forKey key: Key) throws -> Bool {
    if case .plain(.null)? = members[key.stringValue] { true } else { !contains(key) }
  }

  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
    // Their names are chosen in the wiring, so none of them is the property's.
    if let outputs = Outputs(names: decoder.outputs, decoder.shapes.outputs) as? T {
      return outputs
    }
    return try child(key).decode(type)
  }

  func nestedContainer<Nested>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> {
    try child(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try child(key).unkeyedContainer()
  }

  func superDecoder() -> any Decoder { decoder }
  func superDecoder(forKey key: Key) throws -> any Decoder { try child(key) }
}

private struct StepUnkeyedDecoding: UnkeyedDecodingContainer {
  let elements: [TemplateValue]
  let decoder: StepDecoder
  var currentIndex = 0
  var codingPath: [any CodingKey] { decoder.codingPath }
  var count: Int? { elements.count }
  var isAtEnd: Bool { currentIndex >= elements.count }

  private mutating func next() throws -> StepDecoder {
    guard !isAtEnd else { throw decoder.mismatch("long enough") }
    defer { currentIndex += 1 }
    return decoder.child(elements[currentIndex], StepIndex(currentIndex))
  }

  mutating func decodeNil() throws -> Bool {
    guard !isAtEnd, case .plain(.null) = elements[currentIndex] else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try next().decode(type) }

  mutating func nestedContainer<Nested>(
    keyedBy type: Nested.Type
  ) throws -> KeyedDecodingContainer<Nested> { try next().container(keyedBy: type) }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try next().unkeyedContainer()
  }

  mutating func superDecoder() throws -> any Decoder { try next() }
}

private struct StepSingleDecoding: SingleValueDecodingContainer {
  let decoder: StepDecoder
  var codingPath: [any CodingKey] { decoder.codingPath }

  func decodeNil() -> Bool { if case .plain(.null) = decoder.value { true } else { false } }
  func decode<T: Decodable>(_ type: T.Type) throws -> T { try decoder.decode(type) }
}

// Encodes a step's stored properties into JSON values; inputs, outputs and what no key holds go aside.
import Content

final class StepCollector {
  var inputs: [StepTemplate.Input] = []
  var outputs: [ArtifactDescription] = []
  var unkeyed: [String: JSONValue] = [:]
}

/// Where an encoded value ends up: filled by a container, read by its parent.
final class StepSlot {
  enum Content {
    case empty
    case value(JSONValue)
    case omitted  // an input, an output, or what enters no key
    case array([StepSlot])
    case object([String: StepSlot])
  }
  var content = Content.empty

  /// The JSON value; nil where the slot holds inputs or outputs only.
  var value: JSONValue? {
    switch content {
    case .empty: .object([:])
    case .value(let value): value
    case .omitted: nil
    case .array(let slots):
      slots.isEmpty || slots.contains { $0.value != nil }
        ? .array(slots.map { $0.value ?? .null }) : nil  // an input keeps its index among values
    case .object(let slots):
      slots.isEmpty || slots.contains { $0.value.value != nil }
        ? .object(slots.compactMapValues(\.value)) : nil
    }
  }
}

struct StepEncoder: Encoder {
  let codingPath: [any CodingKey]
  let collector: StepCollector
  var slot = StepSlot()
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    if case .object = slot.content {} else { slot.content = .object([:]) }
    return KeyedEncodingContainer(StepKeyedEncoding<Key>(encoder: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    slot.content = .array([])
    return StepUnkeyedEncoding(encoder: self)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer {
    StepSingleEncoding(encoder: self)
  }

  /// The encoder of what must be a stored property of the step itself; `what` is its type in words.
  static func ofProperty(_ encoder: any Encoder, _ value: Any, _ what: String) throws -> StepEncoder
  {
    guard let encoder = encoder as? StepEncoder, encoder.codingPath.count == 1 else {
      throw EncodingError.invalidValue(
        value,
        .init(
          codingPath: encoder.codingPath,
          debugDescription: "\(what) must be a stored property of the step itself"))
    }
    return encoder
  }

  /// The name of the input or unkeyed value at this place: the path of properties and indices, joined by dots.
  func inputName() throws -> String {
    for key in codingPath {
      let text = key.stringValue
      let digits = !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
      let isIndex = key is StepIndex
      if !isIndex, digits || text.isEmpty || text.contains(".") || text.contains("/") {
        throw StepFailure(
          "the input '\(text)' needs a name without dots and slashes that is no number")
      }
    }
    return codingPath.map(\.stringValue).joined(separator: ".")
  }

  func add(input: ArtifactDescription, reference: OutputReference?) {
    slot.content = .omitted
    collector.inputs.append(.init(description: input, reference: reference))
  }

  func add(output: ArtifactDescription) {
    slot.content = .omitted
    collector.outputs.append(output)
  }

  /// Encodes a value that enters no key; it is found again by its place.
  func add(unkeyed value: some Encodable) throws {
    let aside = StepEncoder(codingPath: codingPath, collector: StepCollector())
    try aside.encode(value)
    collector.unkeyed[try inputName()] = aside.slot.value
    slot.content = .omitted
  }

  func child(_ key: any CodingKey) -> StepEncoder {
    StepEncoder(codingPath: codingPath + [key], collector: collector)
  }

  /// Fills this encoder's slot; scalars are written as they are, so that 1 and 1.0 stay apart
  /// only where the property's type does.
  func encode(_ value: some Encodable) throws {
    switch value {
    case let value as Bool: slot.content = .value(.bool(value))
    case let value as String: slot.content = .value(.string(value))
    case let value as Double: slot.content = .value(try number(value))
    case let value as Float: slot.content = .value(try number(Double(value)))
    case let value as Int: integer(value)
    // Each width by name: a cast to `any BinaryInteger` searches for a conformance every time.
    case let value as Int64: integer(value)
    case let value as Int32: integer(value)
    case let value as Int16: integer(value)
    case let value as Int8: integer(value)
    case let value as UInt: integer(value)
    case let value as UInt64: integer(value)
    case let value as UInt32: integer(value)
    case let value as UInt16: integer(value)
    case let value as UInt8: integer(value)
    case let value as any HashOrdered where value.hasHashOrder:
      let path = codingPath.map(\.stringValue).joined(separator: ".")
      throw StepFailure(
        "the parameter '\(path)' is a \(type(of: value)), whose order differs from run to run; "
          + "use a sorted array or a dictionary with text keys")
    default: try value.encode(to: self)
    }
  }

  private func integer(_ value: some FixedWidthInteger) {
    slot.content = .value(Int64(exactly: value).map(JSONValue.integer) ?? .string("\(value)"))
  }

  private func number(_ value: Double) throws -> JSONValue {
    guard value.isFinite else {
      let path = codingPath.map(\.stringValue).joined(separator: ".")
      throw StepFailure("the parameter '\(path)' is \(value); keys take finite numbers only")
    }
    return .number(value)
  }
}

/// A collection that is encoded in the order of its hashes: its key would change from run to run.
private protocol HashOrdered { var hasHashOrder: Bool { get } }

extension Set: HashOrdered { fileprivate var hasHashOrder: Bool { true } }

extension Dictionary: HashOrdered {
  fileprivate var hasHashOrder: Bool {
    // Other keys than these are encoded as an array of keys and values.
    !(Key.self == String.self || Key.self == Int.self
      || Key.self is any CodingKeyRepresentable.Type)
  }
}

struct StepIndex: CodingKey {
  let intValue: Int?
  var stringValue: String { String(intValue ?? 0) }
  init(_ index: Int) { intValue = index }
  init?(intValue: Int) { self.intValue = intValue }
  init?(stringValue: String) { return nil }
}

private struct StepKeyedEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let encoder: StepEncoder
  var codingPath: [any CodingKey] { encoder.codingPath }

  private func insert(_ slot: StepSlot, _ key: any CodingKey) {
    guard case .object(var members) = encoder.slot.content else { return }
    encoder.slot.content = .empty  // keep the dictionary uniquely referenced
    members[key.stringValue] = slot
    encoder.slot.content = .object(members)
  }

  // A nil parameter is left out, as synthesized Codable does; an explicit null means the same.
  func encodeNil(forKey key: Key) {}

  func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
    let child = encoder.child(key)
    try child.encode(value)
    insert(child.slot, key)
  }

  func nestedContainer<Nested>(
    keyedBy: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> {
    let child = encoder.child(key)
    insert(child.slot, key)
    return child.container(keyedBy: Nested.self)
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    let child = encoder.child(key)
    insert(child.slot, key)
    return child.unkeyedContainer()
  }

  func superEncoder() -> any Encoder { encoder }
  func superEncoder(forKey key: Key) -> any Encoder {
    let child = encoder.child(key)
    insert(child.slot, key)
    return child
  }
}

private struct StepUnkeyedEncoding: UnkeyedEncodingContainer {
  let encoder: StepEncoder
  var codingPath: [any CodingKey] { encoder.codingPath }
  var count: Int { if case .array(let slots) = encoder.slot.content { slots.count } else { 0 } }

  private func append() -> StepEncoder {
    let child = encoder.child(StepIndex(count))
    guard case .array(var slots) = encoder.slot.content else { return child }
    encoder.slot.content = .empty
    slots.append(child.slot)
    encoder.slot.content = .array(slots)
    return child
  }

  func encodeNil() { append().slot.content = .value(.null) }
  func encode<T: Encodable>(_ value: T) throws { try append().encode(value) }
  func nestedContainer<Nested>(keyedBy: Nested.Type) -> KeyedEncodingContainer<Nested> {
    append().container(keyedBy: Nested.self)
  }
  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { append().unkeyedContainer() }
  func superEncoder() -> any Encoder { append() }
}

private struct StepSingleEncoding: SingleValueEncodingContainer {
  let encoder: StepEncoder
  var codingPath: [any CodingKey] { encoder.codingPath }

  func encodeNil() { encoder.slot.content = .value(.null) }
  func encode<T: Encodable>(_ value: T) throws { try encoder.encode(value) }
}

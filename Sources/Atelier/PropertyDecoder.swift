// Makes a value of its properties' values, by the initializer that the compiler writes for Decodable.

/// Gives each property of a `Decodable` type a value by its name.
struct PropertyDecoder: Decoder {
  let values: [String: Any]
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy: Key.Type) -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(Properties(values: values))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw misused() }
  func singleValueContainer() throws -> any SingleValueDecodingContainer { throw misused() }

  private func misused() -> DecodingError {
    .dataCorrupted(
      .init(codingPath: [], debugDescription: "only the properties of a structure are decoded"))
  }
}

private struct Properties<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let values: [String: Any]
  var codingPath: [any CodingKey] { [] }
  var allKeys: [Key] { values.keys.compactMap { Key(stringValue: $0) } }

  func contains(_ key: Key) -> Bool { values[key.stringValue] != nil }
  func decodeNil(forKey key: Key) -> Bool { !contains(key) }
  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try value(key) }

  // The protocol asks for each of these beside the general one.
  func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try value(key) }
  func decode(_ type: String.Type, forKey key: Key) throws -> String { try value(key) }
  func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try value(key) }
  func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try value(key) }
  func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try value(key) }
  func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try value(key) }
  func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try value(key) }
  func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try value(key) }
  func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try value(key) }
  func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try value(key) }
  func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try value(key) }
  func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try value(key) }
  func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try value(key) }
  func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try value(key) }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> { throw absent(key) }
  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    throw absent(key)
  }
  func superDecoder() throws -> any Decoder { PropertyDecoder(values: values) }
  func superDecoder(forKey key: Key) throws -> any Decoder { throw absent(key) }

  private func value<T>(_ key: Key) throws -> T {
    guard let value = values[key.stringValue] as? T else { throw absent(key) }
    return value
  }

  private func absent(_ key: Key) -> DecodingError {
    .keyNotFound(
      key,
      .init(codingPath: [], debugDescription: "a table of settings has no property of this name"))
  }
}

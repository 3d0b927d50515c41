// Typed access to layered values. It knows nothing of how the layers are searched.

extension Configuration {
  /// The value as text.
  ///
  /// - Throws: `ConfigurationError.missing` without a value and a default, `.secretAsText` for a
  ///   secret, or an interpolation error.
  public func string(
    _ section: String, _ key: String, default fallback: String? = nil
  ) throws -> String {
    let found = try value(section, key)
    guard found?.isSecret != true, !Secret.isSecret(key: key) else {
      throw ConfigurationError.secretAsText(section: section, key: key)
    }
    return try found?.value ?? required(fallback, section, key)
  }

  /// The value as a whole number, in `range` if one is given.
  ///
  /// - Throws: `ConfigurationError.missing` or `.wrongType`, or an interpolation error.
  public func integer(
    _ section: String, _ key: String, default fallback: Int? = nil,
    in range: ClosedRange<Int>? = nil
  ) throws -> Int {
    var expected = "a whole number"
    if let range { expected += " from \(range.lowerBound) to \(range.upperBound)" }
    return try converted(section, key, fallback, expected: expected) { text in
      guard let number = PythonValues.integer(text), range?.contains(number) ?? true else {
        return nil
      }
      return number
    }
  }

  /// The value as a number; infinities and not-a-number are numbers too, as in ConfigParser.
  ///
  /// - Throws: `ConfigurationError.missing` or `.wrongType`, or an interpolation error.
  public func double(
    _ section: String, _ key: String, default fallback: Double? = nil
  ) throws -> Double {
    try converted(section, key, fallback, expected: "a number", by: PythonValues.double)
  }

  /// The value as a truth value.
  ///
  /// - Throws: `ConfigurationError.missing` or `.wrongType`, or an interpolation error.
  public func boolean(
    _ section: String, _ key: String, default fallback: Bool? = nil
  ) throws -> Bool {
    try converted(
      section, key, fallback, expected: "1, yes, true, on, 0, no, false or off",
      by: PythonValues.boolean)
  }

  /// The value hidden; nil if no layer sets it.
  ///
  /// - Throws: an interpolation error.
  public func secret(_ section: String, _ key: String) throws -> Secret? {
    try value(section, key).map { Secret($0.value) }
  }

  /// The layer that decides the value; `.defaultValue` if none does.
  ///
  /// - Throws: an interpolation error.
  public func origin(_ section: String, _ key: String) throws -> Origin {
    try value(section, key)?.origin ?? .defaultValue
  }

  /// The value as any type; `convert` gives nil for a text that is not of it.
  ///
  /// - Throws: `ConfigurationError.wrongType`, or an interpolation error.
  package func value<Value>(
    _ section: String, _ key: String, default fallback: Value, expected: String,
    by convert: (String) -> Value?
  ) throws -> Value {
    try converted(section, key, fallback, expected: expected, by: convert)
  }

  private func converted<Value>(
    _ section: String, _ key: String, _ fallback: Value?, expected: String,
    by convert: (String) -> Value?
  ) throws -> Value {
    guard let found = try value(section, key) else {
      return try required(fallback, section, key)
    }
    guard let converted = convert(found.value) else {
      throw ConfigurationError.wrongType(
        section: section, key: key, origin: found.origin,
        found: found.isSecret ? Secret.mask : found.value, expected: expected)
    }
    return converted
  }

  private func required<Value>(
    _ fallback: Value?, _ section: String, _ key: String
  ) throws(ConfigurationError) -> Value {
    guard let fallback else {
      throw .missing(section: section, key: key, file: document?.file)
    }
    return fallback
  }
}

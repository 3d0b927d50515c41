// What is done with a value without a code. It knows no table.

/// What is done with a value that has no code.
public enum UnknownCode: String, Codable, Sendable, CaseIterable {
  /// The table is refused, with the first such value.
  case refuse
  /// The code is missing, and each split of a model knows where such rows go.
  case missing
}

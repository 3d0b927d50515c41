// The rules of a choice: what is compared, and what follows.

/// A condition, and the state that follows where it holds.
public struct ChoiceRule: Hashable, Sendable {
  /// What must hold.
  public var condition: Condition
  /// The state that follows.
  public var next: String

  /// A rule.
  public init(_ condition: Condition, next: String) {
    self.condition = condition
    self.next = next
  }
}

/// What must hold for a rule.
public indirect enum Condition: Hashable, Sendable {
  /// The value at a path compares so.
  case value(DataPath, Comparison)
  /// All hold.
  case and([Condition])
  /// One holds.
  case or([Condition])
  /// It does not hold.
  case not(Condition)
}

/// How a value is compared.
public enum Comparison: Hashable, Sendable {
  /// With a number.
  case number(Order, Double)
  /// With a text, by the order of its characters: `9` is above `50`.
  case text(Order, String)
  /// With a time in RFC 3339.
  case time(Order, String)
  /// With a truth value.
  case bool(Bool)
  /// With what another path names, as numbers, texts, times or truth values.
  case path(ValueKind, Order, DataPath)
  /// With a pattern in which `*` stands for any characters.
  case matches(String)
  /// Whether it is of a kind.
  case isKind(Kind, Bool)

  /// The order of two values.
  public enum Order: String, Hashable, Sendable, CaseIterable {
    case equals = "Equals"
    case lessThan = "LessThan"
    case greaterThan = "GreaterThan"
    case lessThanEquals = "LessThanEquals"
    case greaterThanEquals = "GreaterThanEquals"
  }

  /// The values that can be compared with those of another path.
  public enum ValueKind: String, Hashable, Sendable, CaseIterable {
    case number = "Numeric"
    case text = "String"
    case time = "Timestamp"
    /// Only by `equals`.
    case bool = "Boolean"
  }

  /// The kinds of a value.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    case null = "IsNull"
    case present = "IsPresent"
    case number = "IsNumeric"
    case text = "IsString"
    case bool = "IsBoolean"
    case time = "IsTimestamp"
  }
}

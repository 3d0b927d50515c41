// The condition operators of IAM that are evaluated here.

/// An operator such as `ForAllValues:StringLikeIfExists`.
///
/// Source: the user guide of IAM, "Condition operators" and "Multivalued context keys".
package struct PolicyOperator: Hashable, Sendable {
  /// How two texts are compared.
  package enum Comparison: String, Sendable {
    case stringEquals = "StringEquals"
    case stringNotEquals = "StringNotEquals"
    case stringEqualsIgnoreCase = "StringEqualsIgnoreCase"
    case stringNotEqualsIgnoreCase = "StringNotEqualsIgnoreCase"
    case stringLike = "StringLike"
    case stringNotLike = "StringNotLike"
    case arnEquals = "ArnEquals"
    case arnLike = "ArnLike"
    case arnNotEquals = "ArnNotEquals"
    case arnNotLike = "ArnNotLike"
    case bool = "Bool"
    case null = "Null"
  }

  /// What of several values of a request has to match.
  package enum Quantifier: String, Sendable {
    case all = "ForAllValues"
    case any = "ForAnyValue"
  }

  package let word: String
  package let comparison: Comparison
  package let quantifier: Quantifier?
  /// True where the key is not in the request.
  package let ifExists: Bool

  /// The operator of a word, or nil.
  package init?(_ word: String) {
    var rest = Substring(word)
    var quantifier: Quantifier?
    if let colon = rest.firstIndex(of: ":") {
      guard let found = Quantifier(rawValue: String(rest[..<colon])) else { return nil }
      quantifier = found
      rest = rest[rest.index(after: colon)...]
    }
    let suffix = "IfExists"
    let ifExists = rest.hasSuffix(suffix)
    guard let comparison = Comparison(rawValue: String(ifExists ? rest.dropLast(8) : rest)) else {
      return nil
    }
    if comparison == .null, ifExists || quantifier != nil { return nil }
    self.word = word
    self.comparison = comparison
    self.quantifier = quantifier
    self.ifExists = ifExists
  }

  /// Whether it is true of what does not match.
  package var isNegated: Bool {
    switch comparison {
    case .stringNotEquals, .stringNotEqualsIgnoreCase, .stringNotLike, .arnNotEquals, .arnNotLike:
      true
    default: false
    }
  }

  /// Whether `*` and `?` of a policy's value stand for characters.
  package var takesWildcards: Bool {
    switch comparison {
    case .stringLike, .stringNotLike, .arnEquals, .arnLike, .arnNotEquals, .arnNotLike: true
    default: false
    }
  }

  /// Whether a value of the request is one of the policy's, before the operator's own negation.
  func matches(_ value: String, _ patterns: [PolicyPattern]) -> Bool {
    switch comparison {
    case .stringEqualsIgnoreCase, .stringNotEqualsIgnoreCase, .bool:
      patterns.contains { $0.lowercased.matches(value.lowercased()) }
    case .arnEquals, .arnLike, .arnNotEquals, .arnNotLike:
      patterns.contains { $0.matchesARN(value) }
    default: patterns.contains { $0.matches(value) }
    }
  }
}

// Tags of AWS resources as people type them, checked by AWS's rules. It knows no service.

/// Tags by key, such as those of `CostCenter=123, Team=forecast`.
///
/// Source: the rules of the Resource Groups Tagging API, which the services share.
package struct ResourceTags: Sendable, Hashable {
  /// As many as a resource may have.
  package static let most = 50
  private static let longestKey = 128
  private static let longestValue = 256

  /// Values by key.
  package let values: [String: String]

  /// No tags.
  package static let none = ResourceTags(checked: [:])

  private init(checked values: [String: String]) { self.values = values }

  /// Whether there are no tags.
  package var isEmpty: Bool { values.isEmpty }

  /// The tags with those that Atelier sets itself, such as `atelier:accounts`.
  package func adding(_ own: [String: String]) -> ResourceTags {
    ResourceTags(checked: values.merging(own) { $1 })
  }

  /// The tags with those of a text; of one key the latter's value counts.
  package func adding(parsing text: String) throws(TagProblem) -> ResourceTags {
    ResourceTags(checked: values.merging(try ResourceTags(parsing: text).values) { $1 })
  }

  /// The tags in the order of their keys.
  package var sorted: [(key: String, value: String)] {
    values.map { ($0.key, $0.value) }.sorted { $0.key < $1.key }
  }

  /// Parses `Key=Value, Key=Value`; blanks around keys and values do not count.
  ///
  /// - Throws: a `TagProblem`, which names the tag as it was typed.
  package init(parsing text: String) throws(TagProblem) {
    var values: [String: String] = [:]
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let pair = Self.trimmed(part)
      if pair.isEmpty { continue }
      guard let equals = pair.firstIndex(of: "=") else {
        throw TagProblem("expected Key=Value, such as CostCenter=123, found '\(pair)'")
      }
      let key = Self.trimmed(pair[..<equals])
      let value = Self.trimmed(pair[pair.index(after: equals)...])
      try Self.check(key, value, pair)
      guard values.updateValue(value, forKey: key) == nil else {
        throw TagProblem("the key '\(key)' is given twice; remove one")
      }
    }
    guard values.count <= Self.most else {
      throw TagProblem("expected at most \(Self.most) tags, found \(values.count)")
    }
    self.values = values
  }

  private static func check(
    _ key: String, _ value: String, _ pair: String
  ) throws(TagProblem) {
    guard !key.isEmpty else { throw TagProblem("'\(pair)' has no key; expected Key=Value") }
    guard key.unicodeScalars.count <= longestKey else {
      throw TagProblem(
        "the key '\(key)' has \(key.unicodeScalars.count) characters; expected at most "
          + "\(longestKey)")
    }
    guard value.unicodeScalars.count <= longestValue else {
      throw TagProblem(
        "the value of '\(key)' has \(value.unicodeScalars.count) characters; expected at most "
          + "\(longestValue)")
    }
    guard !key.lowercased().hasPrefix("aws:") else {
      throw TagProblem("the key '\(key)' starts with aws:, which AWS keeps for itself; rename it")
    }
    guard !key.lowercased().hasPrefix("atelier:") else {
      throw TagProblem(
        "the key '\(key)' starts with atelier:, which Atelier sets itself; rename it")
    }
    for (text, place) in [(key, "the key '\(key)'"), (value, "the value of '\(key)'")] {
      if let wrong = text.first(where: { !isAllowed($0) }) {
        throw TagProblem(
          "\(place) holds '\(wrong)'; expected letters, digits, blanks and any of _ . : / = + - @")
      }
    }
  }

  private static func isAllowed(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || " _.:/=+-@".contains(character)
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    var rest = Substring(text)
    while let last = rest.last, last.isWhitespace { rest.removeLast() }
    return String(rest.drop(while: \.isWhitespace))
  }
}

/// Why a text does not list tags.
package struct TagProblem: Error, Hashable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}

// A parsed command line: the values of one call, read through the declarations.

package struct Call: Sendable {
  /// The words that name the verb, such as `store gc`.
  package let path: [String]
  private let values: [String: [any Sendable]]
  /// The words as they were typed, by parameter.
  private let words: [String: [String]]

  init(path: [String], values: [String: [any Sendable]], words: [String: [String]]) {
    self.path = path
    self.values = values
    self.words = words
  }

  /// Whether a flag is given.
  package subscript(_ flag: Flag) -> Bool { values[flag.description.name] != nil }

  /// The value of an option; nil where it is not given.
  package subscript<Value>(_ option: Option<Value>) -> Value? {
    values[option.description.name]?.last as? Value
  }

  /// All values of an option that may be repeated, in order.
  package func all<Value>(_ option: Option<Value>) -> [Value] {
    (values[option.description.name] ?? []).compactMap { $0 as? Value }
  }

  /// The words of a positional argument, in order.
  package subscript(_ argument: Argument) -> [String] { words[argument.description.name] ?? [] }

  /// The only or first word of a positional argument.
  ///
  /// Throws `UsageError` where it is missing, which the parser rules out for a required argument.
  package func word(_ argument: Argument) throws -> String {
    guard let word = self[argument].first else {
      throw UsageError("missing argument: \(argument.description.placeholder ?? "")")
    }
    return word
  }
}

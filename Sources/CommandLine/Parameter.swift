// What a verb declares: options, flags and positional arguments. Parsing, help, completion and the
// documentation read these declarations; the verb reads its values through them.

/// What may be typed for a value, for completion.
package enum CompletionHint: Hashable, Sendable {
  /// Nothing is known.
  case none
  /// Names of files and folders.
  case files
  /// One of these words.
  case words([String])
  /// Words that only the program can list, such as `steps` or `runs`.
  case named(String)
}

/// A declaration, without the Swift type of its value.
package struct ParameterDescription: Hashable, Sendable {
  /// The long name without hyphens; of a positional argument, its placeholder in angle brackets.
  package var name: String
  /// The letter of the short form; empty for none.
  package var short = ""
  /// Further long names that are accepted and not shown.
  package var aliases: [String] = []
  /// What the value is called in help; nil for a flag.
  package var placeholder: String?
  package var help = ""
  package var completion = CompletionHint.none
  /// Whether the option may be given several times.
  package var repeats = false
  /// How many positional arguments; nil for an option.
  package var count: ClosedRange<Int>?
  /// Whether the words after `--` are this argument's.
  package var takesRest = false
}

/// A declaration that the parser can find among a verb's properties.
package protocol Parameter: Sendable {
  var description: ParameterDescription { get }
  /// The typed value of a word; throws `UsageError` for a word that is not valid.
  func parse(_ word: String) throws -> any Sendable
}

/// Declarations that every verb has.
package protocol ParameterGroup: Sendable {
  /// The stored parameters, in the order in which help lists them.
  var parameters: [any Parameter] { get }
}

/// A switch that takes no value.
package struct Flag: Parameter {
  package let description: ParameterDescription

  package init(_ name: String, short: String = "", _ help: String) {
    description = ParameterDescription(name: name, short: short, help: help)
  }

  package func parse(_ word: String) throws -> any Sendable { true }
}

/// An option with a value.
package struct Option<Value: Sendable>: Parameter {
  package let description: ParameterDescription
  private let read: @Sendable (String) throws -> Value

  /// `read` gives the value of a word, or throws a `UsageError` that says what was expected.
  package init(
    _ name: String, short: String = "", aliases: [String] = [], value placeholder: String,
    repeats: Bool = false, completion: CompletionHint = .none, _ help: String,
    read: @escaping @Sendable (String) throws -> Value
  ) {
    description = ParameterDescription(
      name: name, short: short, aliases: aliases, placeholder: placeholder, help: help,
      completion: completion, repeats: repeats)
    self.read = read
  }

  package func parse(_ word: String) throws -> any Sendable { try read(word) }
}

extension Option where Value == String {
  /// An option whose value is any text.
  package init(
    _ name: String, short: String = "", aliases: [String] = [], value placeholder: String,
    repeats: Bool = false, completion: CompletionHint = .none, _ help: String
  ) {
    self.init(
      name, short: short, aliases: aliases, value: placeholder, repeats: repeats,
      completion: completion, help, read: { $0 })
  }
}

extension Option where Value == Int {
  /// An option whose value is a whole number in a range.
  package init(
    _ name: String, short: String = "", value placeholder: String = "N",
    in range: ClosedRange<Int>, _ help: String
  ) {
    self.init(name, short: short, value: placeholder, help) { text in
      guard let number = Int(text), range.contains(number) else {
        throw UsageError(
          "--\(name) takes a whole number from \(range.lowerBound) to \(range.upperBound), "
            + "not '\(text)'")
      }
      return number
    }
  }
}

extension Option where Value == Double {
  /// An option whose value is a number of seconds in a range.
  package init(_ name: String, secondsIn range: ClosedRange<Double>, _ help: String) {
    self.init(name, value: "SECONDS", help) { text in
      guard let value = Double(text), value.isFinite, range.contains(value) else {
        throw UsageError(
          "--\(name) takes seconds from \(Int(range.lowerBound)) to \(Int(range.upperBound)), "
            + "not '\(text)'")
      }
      return value
    }
  }
}

extension Option where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
  /// An option whose value is one of a few words.
  package init(_ name: String, value placeholder: String, _ help: String) {
    let words = Value.allCases.map(\.rawValue)
    self.init(name, value: placeholder, completion: .words(words), help) { text in
      guard let value = Value(rawValue: text) else {
        throw UsageError(
          "--\(name) takes \(words.joined(separator: ", ")), not '\(text)'."
            + Suggestion.text(for: text, among: words))
      }
      return value
    }
  }
}

/// Positional arguments.
package struct Argument: Parameter {
  package let description: ParameterDescription

  /// `count` is how many words there may be; `takesRest` gives it the words after `--`, too.
  package init(
    _ placeholder: String, count: ClosedRange<Int> = 1...1, completion: CompletionHint = .none,
    takesRest: Bool = false
  ) {
    description = ParameterDescription(
      name: "<\(placeholder)>", placeholder: placeholder, completion: completion, count: count,
      takesRest: takesRest)
  }

  package func parse(_ word: String) throws -> any Sendable { word }
}

extension Argument {
  /// As many words as wanted.
  package static let any = 0...100_000
}

// What may stand at the end of a command line that is not finished.

/// A word that may stand at the cursor, and what it means.
package struct CompletionWord: Hashable, Sendable {
  package let word: String
  package let meaning: String

  package init(_ word: String, _ meaning: String = "") {
    self.word = word
    self.meaning = meaning
  }

  /// Asks the shell to complete names of files by itself.
  package static let files = CompletionWord(":files")
}

/// An unfinished command line as far as it was understood.
package struct CompletionQuestion: Sendable {
  /// The verb's words.
  package let path: [String]
  /// The positional arguments before the cursor.
  package let positionals: [String]
  /// The word at the cursor, perhaps empty.
  package let current: String
  /// All words before the cursor.
  package let words: [String]
}

extension CommandTree {
  /// The words that could stand in place of the last one, also such as begin differently.
  ///
  /// `named` lists the words of a hint that only the program knows.
  package func completions(
    _ words: [String], named: (String, CompletionQuestion) -> [CompletionWord]
  ) -> [CompletionWord] {
    let before = Array(words.dropLast())
    let current = words.last ?? ""
    var path: [String] = []
    var positionals: [String] = []
    var pending: ParameterDescription?
    var scope = globalParameters.map(\.description)
    var isSeparated = false
    var node: VerbNode<Context>?
    var verb: (any Verb<Context>)?
    for word in before {
      if pending != nil {
        pending = nil
      } else if isSeparated {
        continue
      } else if word == "--" {
        isSeparated = true
      } else if Scanner.isOption(word) {
        pending = Self.valued(word, scope)
      } else if node == nil {
        guard word != "help" else { return before.count == 1 ? verbs : [] }
        if let short = self.verb(shortForm: word) {
          (node, path, verb) = (self.node(short.path[0]), short.path, short.verb)
        } else {
          node = self.node(word)
          guard let found = node else { return [] }
          path = [word]
          if case .verb(let only) = found { verb = only }
        }
      } else if verb == nil, case .group(let group)? = node {
        verb = group.verbs.first { $0.name == word }
        if verb == nil { return [] }
        path.append(word)
      } else {
        positionals.append(word)
      }
      if let verb, !path.isEmpty {
        scope = (verb.parameters + globalParameters).map(\.description)
      }
    }
    if verb?.isHidden ?? false { return [] }
    let question = CompletionQuestion(
      path: path, positionals: positionals, current: current, words: before)
    // Behind `--` stands another program's command line.
    if isSeparated { return [.files] }
    if let pending { return values(of: pending, question, named) }
    if current.hasPrefix("--"), let equals = current.firstIndex(of: "="),
      let option = Self.valued(String(current[..<equals]), scope)
    {
      return values(of: option, question, named).map {
        $0 == .files ? $0 : CompletionWord(current[...equals] + $0.word, $0.meaning)
      }
    }
    if current.hasPrefix("-") {
      return scope.filter { $0.count == nil }.map { CompletionWord("--\($0.name)", $0.help) }
    }
    guard let found = node else {
      return verbs + [CompletionWord("--help"), CompletionWord("--version")]
    }
    guard verb != nil else {
      guard case .group(let group) = found else { return [] }
      return group.verbs.filter { !$0.isHidden }.map { CompletionWord($0.name, $0.summary) }
    }
    var left = positionals.count
    for argument in scope where argument.count != nil {
      if left < argument.count?.upperBound ?? 0 { return values(of: argument, question, named) }
      left -= argument.count?.upperBound ?? 0
    }
    return []
  }

  private var verbs: [CompletionWord] {
    nodes.filter { !$0.isHidden }.map { CompletionWord($0.name, $0.summary) }
  }

  /// The option of a word whose value comes next; nil for a flag or a value that is there.
  private static func valued(
    _ word: String, _ scope: [ParameterDescription]
  ) -> ParameterDescription? {
    let found = scope.first { option in
      option.count == nil
        && (([option.name] + option.aliases).contains { "--\($0)" == word }
          || (!option.short.isEmpty && "-\(option.short)" == word))
    }
    return found?.placeholder == nil ? nil : found
  }

  private func values(
    of parameter: ParameterDescription, _ question: CompletionQuestion,
    _ named: (String, CompletionQuestion) -> [CompletionWord]
  ) -> [CompletionWord] {
    switch parameter.completion {
    case .none: []
    case .files: [.files]
    case .words(let words): words.map { CompletionWord($0) }
    case .named(let name): named(name, question)
    }
  }
}

// Pages of help as plain text, from the tree of verbs.

extension CommandTree {
  /// The page about a topic; `width` is that of the terminal in columns.
  package func page(_ topic: HelpTopic<Context>, width: Int = 80) -> String {
    switch topic {
    case .program: overview(width)
    case .group(let group): page(group, width)
    case .verb(let path, let verb): page(path, verb, width)
    }
  }

  private func overview(_ width: Int) -> String {
    let width = HelpText.width(width)
    var lines = ["\(program) \(version): \(summary)", ""]
    lines += ["usage: \(program) [options] <command> [arguments]"]
    for section in sections where section.nodes.contains(where: { !$0.isHidden }) {
      lines += ["", "\(section.title):"]
      for node in section.nodes where !node.isHidden {
        lines += HelpText.entry(node.name, node.summary, column: 14, width)
      }
    }
    lines += ["", "options of every command:"]
    lines += options(globalParameters, width)
    lines += ["", "exit codes:"]
    for (code, meaning) in ExitCode.meanings {
      lines += HelpText.entry("\(code)", meaning, column: 8, width)
    }
    lines += ["", "`\(program) help <command>` shows a command's options and examples."]
    return lines.joined(separator: "\n") + "\n"
  }

  private func page(_ group: VerbGroup<Context>, _ width: Int) -> String {
    let width = HelpText.width(width)
    var lines = [
      "\(program) \(group.name): \(group.summary)", "",
      "usage: \(program) \(group.name) <command> [options] [arguments]", "", "commands:",
    ]
    for verb in group.verbs where !verb.isHidden {
      lines += HelpText.entry(verb.name, verb.summary, column: 14, width)
    }
    if !group.details.isEmpty { lines += ["", group.details] }
    lines += examples(group.verbs.flatMap { $0.examples.prefix(1) })
    lines += [
      "", "`\(program) help \(group.name) <command>` shows a command's options and examples.",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private func page(_ path: [String], _ verb: any Verb<Context>, _ width: Int) -> String {
    let width = HelpText.width(width)
    let own = verb.parameters
    let name = ([program] + path).joined(separator: " ")
    var lines = ["\(name): \(verb.summary)", ""]
    lines += HelpText.wrapped("usage: " + usage(name, own), indent: "", next: "         ", width)
    if !verb.details.isEmpty { lines += ["", verb.details] }
    let options = own.filter { $0.description.count == nil }
    if !options.isEmpty { lines += ["", "options:"] + self.options(options, width) }
    lines += ["", "options of every command:"] + self.options(globalParameters, width)
    lines += examples(verb.examples)
    return lines.joined(separator: "\n") + "\n"
  }

  private func examples(_ examples: [Example]) -> [String] {
    if examples.isEmpty { return [] }
    return ["", "examples:"] + examples.flatMap { ["  \($0.command)", "      \($0.meaning)"] }
  }

  /// One line that shows how a verb is called.
  func usage(_ name: String, _ own: [any Parameter]) -> String {
    let arguments = own.map(\.description).filter { $0.count != nil }.map { argument in
      let text = argument.placeholder ?? argument.name
      let shown = argument.takesRest ? "-- \(text)" : text
      return argument.count?.lowerBound == 0 && !shown.hasPrefix("[") ? "[\(shown)]" : shown
    }
    return ([name, "[options]"] + arguments).joined(separator: " ")
  }

  private func options(_ parameters: [any Parameter], _ width: Int) -> [String] {
    parameters.map(\.description).flatMap { option in
      HelpText.entry(HelpText.name(of: option), option.help, column: 30, width)
    }
  }
}

/// Lays out lines of help.
enum HelpText {
  /// Neither too narrow to read nor wider than a page.
  static func width(_ width: Int) -> Int { min(max(width, 60), 100) }

  /// `-j, --jobs N`.
  static func name(of option: ParameterDescription) -> String {
    let short = option.short.isEmpty ? "    " : "-\(option.short), "
    return "\(short)--\(option.name)" + (option.placeholder.map { " \($0)" } ?? "")
  }

  /// A term and its meaning in two columns.
  static func entry(_ term: String, _ meaning: String, column: Int, _ width: Int) -> [String] {
    let head = "  " + term
    let indent = String(repeating: " ", count: column)
    if head.count + 1 > column {
      return [head] + wrapped(meaning, indent: indent, next: indent, width)
    }
    let padded = head + String(repeating: " ", count: column - head.count)
    return wrapped(meaning, indent: padded, next: indent, width)
  }

  /// A text in lines of at most `width` columns; a longer word has a line for itself.
  static func wrapped(_ text: String, indent: String, next: String, _ width: Int) -> [String] {
    var lines: [String] = []
    var line = indent
    var isEmpty = true
    for word in text.split(separator: " ") {
      if !isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = next
        isEmpty = true
      }
      line += (isEmpty ? "" : " ") + word
      isEmpty = false
    }
    return lines + [line]
  }
}

// Renders help from the table of verbs.

enum Help {
  /// The overview.
  static func overview(version: String) -> String {
    var lines = [
      "atelier \(version): reproducible pipelines in place of notebooks", "",
      "usage: atelier <verb> [options] [arguments]", "", "verbs:",
    ]
    for command in CommandSpec.all where !command.isHidden {
      lines.append("  " + pad(command.name, 12) + command.summary)
    }
    lines += [
      "", "options of every verb:",
    ]
    lines += OptionSpec.common.map(line)
    lines += [
      "", "exit codes: 0 fine, 1 a step failed, 2 usage or configuration, 3 out of date,",
      "            4 not reproducible, 5 store unusable, 6 integrity error, 130/143 signals", "",
      "`atelier <verb> --help` shows a verb's options and examples.", "",
    ]
    return lines.joined(separator: "\n")
  }

  /// One verb.
  static func page(_ command: CommandSpec) -> String {
    var lines = [
      "atelier \(command.name): \(command.summary)", "",
      "usage: atelier \(command.name) [options] \(command.arguments)",
    ]
    if !command.details.isEmpty { lines += ["", command.details] }
    lines += ["", "options:"] + (command.options + OptionSpec.common).map(line)
    if !command.examples.isEmpty {
      lines += ["", "examples:"]
      for example in command.examples {
        lines += ["  \(example.command)", "      \(example.meaning)"]
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func line(_ option: OptionSpec) -> String {
    let short = option.short.map { "-\($0), " } ?? "    "
    let value = option.value.map { " \($0)" } ?? ""
    let left = "  \(short)--\(option.name)\(value)"
    return left.count < 30 ? pad(left, 30) + option.help : left + "\n" + pad("", 30) + option.help
  }

  static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}

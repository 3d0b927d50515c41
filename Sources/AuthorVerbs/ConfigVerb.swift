// `atelier config`: values with their origin, and a rewrite that changes only what was set.
import CommandLine
import Configuration
import Content
import Project
import Terminal

package enum ConfigVerbs {
  package static let group = VerbGroup<VerbContext>(
    "config", "print settings, and change them in config.ini", isFirstDefault: true,
    verbs: [ConfigList(), ConfigGet(), ConfigSet()])
}

struct ConfigList: Verb {
  let name = "list"
  let summary = "every setting with its value"
  let examples = [
    Example("atelier config list --show-origin", "every value with its origin"),
    Example("atelier config list -w retail", "of another workshop than the first"),
  ]
  let showOrigin = Flag("show-origin", "where each value comes from")
  let markdown = Flag("markdown", "print the settings of every workshop as a Markdown page")
  let json = Shared.json

  var parameters: [any Parameter] { [showOrigin, markdown, json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    if call[markdown] {
      try context.output.data(SettingsPage.markdown(context.workshops))
      return ExitCode.success
    }
    let session = try Session(call, context)
    let known = session.declared.map(\.known)
    for entry in session.configuration.entries(known: known) {
      if call[json] {
        try context.output.data(ConfigEntry.json(entry))
      } else {
        let line = Text.pad("\(entry.section).\(entry.key)", 34) + " = \(entry.shown)"
        try context.output.data(
          call[showOrigin] ? Text.pad(line, 70) + "  \(entry.origin)\n" : line + "\n")
      }
    }
    return ExitCode.success
  }
}

enum ConfigEntry {
  /// A setting as a line of JSON.
  static func json(_ entry: Configuration.Entry) throws -> String {
    let fields: JSONValue = [
      "v": 1, "section": .string(entry.section), "key": .string(entry.key),
      "value": .string(entry.shown), "origin": .string("\(entry.origin)"),
    ]
    return try fields.canonicalText() + "\n"
  }
}

struct ConfigGet: Verb {
  let name = "get"
  let summary = "the value of a setting"
  let examples = [Example("atelier config get Retail.seed -w retail", "of another workshop")]
  let keys = Argument("Section.key ...", count: 1...1000, completion: .named("settings"))
  let json = Shared.json

  var parameters: [any Parameter] { [keys, json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let session = try Session(call, context)
    let known = session.declared.map(\.known)
    let entries = session.configuration.entries(known: known)
    for name in call[keys] {
      guard
        let entry = entries.first(where: {
          "\($0.section).\($0.key)".lowercased() == name.lowercased()
        })
      else {
        throw UsageError(
          "'\(name)' is not a setting of the workshop \(session.workshop.name)."
            + Suggestion.text(for: name, among: entries.map { "\($0.section).\($0.key)" }))
      }
      try context.output.data(call[json] ? ConfigEntry.json(entry) : entry.shown + "\n")
    }
    return ExitCode.success
  }
}

struct ConfigSet: Verb {
  let name = "set"
  let summary = "rewrite config.ini; nothing changes but the values"
  let examples = [
    Example("atelier config set AWS.s3_prefix=cmle-2", "kept: comments, order, unknown sections")
  ]
  let assignments = Argument(
    "Section.key=value ...", count: 1...1000, completion: .named("assignments"))

  var parameters: [any Parameter] { [assignments] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let session = try Session(call, context)
    guard var document = session.configuration.document else {
      throw UsageError("there is no config.ini to change")
    }
    let declared = session.declared
    for text in call[assignments] {
      let (name, value) = try Session.assignment(text)
      guard
        let setting = declared.first(where: {
          "\($0.section).\($0.key)".lowercased() == name.lowercased()
        })
      else {
        throw UsageError(
          "'\(name)' is not a setting of the workshop \(session.workshop.name)."
            + Suggestion.text(for: name, among: declared.map { "\($0.section).\($0.key)" }))
      }
      try document.set(setting.section, setting.key, value)
    }
    // The new file must still describe a workshop; otherwise the old one stays.
    let configuration = try Configuration(
      document: document, overrides: [:], environment: session.environmentVariables)
    _ = try session.with(configuration).graph()
    // Also a value that no step reads must be one that a reader of the file can expand.
    for text in call[assignments] {
      let (name, _) = try Session.assignment(text)
      let entry = configuration.entries().first {
        "\($0.section).\($0.key)".lowercased() == name.lowercased()
      }
      if let problem = entry?.problem { throw problem }
    }
    try FileSystem.replace(session.configPath, with: Array(document.text.utf8))
    context.output.message("\(document.file): \(call[assignments].count) changed")
    return ExitCode.success
  }
}

// `atelier config`: values with their origin, and a rewrite that changes only what was set.
import Atelier
import CommandLine
import Configuration
import Content
import Dispatch
import FileTools
import Project
import Terminal

package enum ConfigVerbs {
  package static let group = VerbGroup<VerbContext>(
    "config", "print settings, and change them in config.ini", isFirstDefault: true,
    verbs: [ConfigList(), ConfigGet(), ConfigSet(), CompletionVerb()])
}

struct ConfigList: Verb {
  let name = "list"
  let summary = "every setting with its value"
  let examples = [
    Example("atelier config list --show-origin", "every value with its origin"),
    Example("atelier config list --describe", "what each may be, and what it is for"),
    Example("atelier config list -w retail", "of another workshop than the first"),
  ]
  let showOrigin = Flag("show-origin", "where each value comes from")
  let describe = Flag("describe", "what each value may be, its default, and what it is for")
  let markdown = Flag("markdown", "print the settings of every workshop as a Markdown page")
  let json = Shared.json

  var parameters: [any Parameter] { [showOrigin, describe, markdown, json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    if call[markdown] {
      try context.output.data(SettingsPage.markdown(context.workshops))
      return ExitCode.success
    }
    let session = try Session(call, context)
    for entry in session.entries {
      if call[json] {
        try context.output.data(entry.json())
      } else {
        let line =
          Text.pad(entry.name, 34)
          + " = \(entry.value.shown)"
        try context.output.data(
          call[showOrigin] ? Text.pad(line, 70) + "  \(entry.value.origin)\n" : line + "\n")
        if call[describe], let text = entry.description { try context.output.data(text) }
      }
    }
    return ExitCode.success
  }
}

/// A setting with its value, and what is declared of it.
struct ConfigEntry {
  let value: Configuration.Entry
  /// Nil for a key of the file that the program does not know.
  let declaration: SettingDeclaration?
  /// `Section.key`.
  var name: String { "\(value.section).\(value.key)" }

  /// The setting as a line of JSON.
  func json() throws -> String {
    var fields: [String: JSONValue] = [
      "v": 1, "event": "configured", "section": .string(value.section), "key": .string(value.key),
      "value": .string(value.shown), "origin": .string("\(value.origin)"),
    ]
    if let declaration {
      fields["expected"] = .string(declaration.expected)
      fields["default"] = declaration.defaultValue.map { .string($0) }
      fields["summary"] = .string(declaration.summary)
    }
    return try JSONValue.object(fields).canonicalText() + "\n"
  }

  /// What it is for, what it may be, and its default, as indented lines.
  var description: String? {
    declaration.map {
      let standard = $0.defaultValue.map { $0.isEmpty ? "" : "; default \($0)" } ?? ""
      return "    \($0.summary)\n    \($0.expected)\(standard)\n"
    }
  }
}

extension Session {
  /// All settings of the configuration, and the declared ones that it leaves out.
  fileprivate var entries: [ConfigEntry] {
    let declared = self.declared
    return configuration.entries(known: declared.map(\.known)).map { entry in
      ConfigEntry(
        value: entry,
        declaration: declared.first {
          $0.section == entry.section && $0.known.key == entry.key
        })
    }
  }
}

extension Configuration {
  /// The entry of `Section.key`, in capitals or not.
  fileprivate func entry(_ name: String) -> Entry? {
    entries().first { "\($0.section).\($0.key)".lowercased() == name.lowercased() }
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
    let entries = session.entries
    for name in call[keys] {
      guard
        let entry = entries.first(where: {
          $0.name.lowercased() == name.lowercased()
        })
      else {
        throw UsageError(
          "'\(name)' is not a setting of the workshop \(session.workshop.name)."
            + Suggestion.text(
              for: name, among: entries.map { $0.name }))
      }
      try context.output.data(call[json] ? entry.json() : entry.value.shown + "\n")
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
    // Of two at a time the second reads what the first has written.
    let lock = try Self.lock(Session(call, context).configPath)
    let code = try change(call, context)
    _ = consume lock
    return code
  }

  /// The lock of the file; waits for whoever has it.
  private static func lock(_ path: String) throws -> FileLock {
    for _ in 0..<1000 {
      if let lock = try FileLock.attempt(path) { return lock }
      _ = DispatchSemaphore(value: 0).wait(timeout: .now() + 0.01)
    }
    throw UsageError(
      "\(path) is being changed by another `config set` for 10 s; try again when that has ended")
  }

  private func change(_ call: Call, _ context: VerbContext) throws -> Int32 {
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
    let changed = try session.with(document)
    let configuration = changed.configuration
    let names = try call[assignments].map { try Session.assignment($0).name }
    var stronger: [String] = []
    do {
      _ = try changed.graph()
      // Also a value that no step reads must be one that a reader of the file can expand.
      for entry in names.compactMap({ configuration.entry($0) }) {
        if let problem = entry.problem { throw problem }
        stronger += Self.stronger(entry)
      }
    } catch {
      throw Self.refusal(
        "\(error)", of: names.compactMap { configuration.entry($0) }, document.file)
    }
    try FileSystem.replace(session.configPath, with: Array(document.text.utf8))
    context.output.message("\(document.file): \(call[assignments].count) changed")
    for note in stronger { context.output.message("note: \(note)") }
    return ExitCode.success
  }

  /// What overrides the value that was written.
  private static func stronger(_ entry: Configuration.Entry) -> [String] {
    if case .file = entry.origin { return [] }
    return ["\(entry.section).\(entry.key) is also set by \(entry.origin), which is used"]
  }

  /// The error of a value that was typed: its line is that of a file which was not written.
  private static func refusal(
    _ text: String, of entries: [Configuration.Entry], _ file: String
  ) -> UsageError {
    var text = text
    for entry in entries {
      text = text.replacing("\(entry.origin): ", with: "config set \(entry.section).\(entry.key): ")
    }
    return UsageError("\(text); \(file) is unchanged")
  }
}

// `atelier config`: values with their origin, and a rewrite that changes only what was set.
import Configuration
import Content
import Engine

enum ConfigVerb {
  static func run(_ arguments: Arguments, _ house: House) throws -> Int32 {
    var words = arguments.positionals[...]
    // A workshop's name in front; without one it is the first workshop.
    let named = house.workshops.contains { $0.name == words.first } ? words.popFirst() : nil
    let session = try Session(arguments, targets: named.map { [$0] } ?? [], house)
    let rest = Array(words.dropFirst())
    switch words.first {
    case nil: try list(arguments, session)
    case "get": try get(rest, session)
    case "set": try set(rest, session)
    case let word?:
      throw UsageError(
        "`atelier config` takes get or set, not '\(word)'."
          + Suggestion.text(for: word, among: ["get", "set"]))
    }
    return ExitCode.fine
  }

  private static func list(_ arguments: Arguments, _ session: Session) throws {
    let known = session.declared.map(\.known)
    for entry in session.configuration.entries(known: known) {
      if arguments.has("json") {
        let fields: JSONValue = [
          "v": 1, "section": .string(entry.section), "key": .string(entry.key),
          "value": .string(entry.shown), "origin": .string("\(entry.origin)"),
        ]
        Console.data(try fields.canonicalText() + "\n")
      } else {
        let line = Text.pad("\(entry.section).\(entry.key)", 34) + " = \(entry.shown)"
        Console.data(
          arguments.has("show-origin") ? Text.pad(line, 70) + "  \(entry.origin)\n" : line + "\n")
      }
    }
  }

  private static func get(_ names: [String], _ session: Session) throws {
    guard !names.isEmpty else { throw UsageError("which key? atelier config get Section.key") }
    let known = session.declared.map(\.known)
    let entries = session.configuration.entries(known: known)
    for name in names {
      guard
        let entry = entries.first(where: {
          "\($0.section).\($0.key)".lowercased() == name.lowercased()
        })
      else {
        throw UsageError(
          "there is no configuration key '\(name)'."
            + Suggestion.text(for: name, among: entries.map { "\($0.section).\($0.key)" }))
      }
      Console.data(entry.shown + "\n")
    }
  }

  private static func set(_ assignments: [String], _ session: Session) throws {
    guard !assignments.isEmpty, var document = session.configuration.document else {
      throw UsageError("what to set? atelier config set Section.key=value")
    }
    let declared = session.declared
    for text in assignments {
      let (name, value) = try Session.assignment(text)
      guard
        let setting = declared.first(where: {
          "\($0.section).\($0.key)".lowercased() == name.lowercased()
        })
      else {
        throw UsageError(
          "the workshop \(session.workshop.name) has no configuration key '\(name)'."
            + Suggestion.text(for: name, among: declared.map { "\($0.section).\($0.key)" }))
      }
      try document.set(setting.section, setting.key, value)
    }
    // The new file must still describe a workshop; otherwise the old one stays.
    let configuration = try Configuration(
      document: document, overrides: [:], environment: session.environmentVariables)
    _ = try session.with(configuration).graph()
    try FileSystem.replace(session.configPath, with: Array(document.text.utf8))
    Console.talk("\(document.file): \(assignments.count) changed")
  }
}

// The record of an effect that must happen once, so that the next process goes on where one was killed.
import Content
import FileTools

/// How far an effect got, and under which ids.
package struct Intent: Hashable, Sendable {
  /// The effect's own word for how far it got.
  package var phase: String
  /// What the platform has named so far, by the effect's own names; never a secret.
  package var ids: [String: String]

  package init(phase: String, ids: [String: String] = [:]) {
    self.phase = phase
    self.ids = ids
  }
}

/// A file that is written before each call of an effect.
///
/// The file only saves time and gives advice: whoever acts by it looks at the platform first, so a file
/// that is lost or damaged does no harm.
package struct IntentFile: Sendable, Hashable {
  /// The effect's name on the platform.
  package let name: String
  /// The path of the file; its folder is made when it is needed.
  package let path: String

  package init(name: String, path: String) {
    self.name = name
    self.path = path
  }

  /// The name of what an action makes: `atelier-` and the first 16 hexadecimal digits of its key.
  package static func name(of key: ActionKey) -> String { "atelier-\(key.digest.hex.prefix(16))" }

  /// What was saved; nil where nothing was, or something else.
  package func load() throws(FileError) -> Intent? {
    guard let bytes = try Disk.readDocument(path) else { return nil }
    return Self.intent(bytes, of: name)
  }

  /// Reads a file; nil for one of another name or form.
  package static func intent(_ bytes: [UInt8], of name: String) -> Intent? {
    guard let json = try? JSONValue(parsing: bytes), json["v"]?.integer == 1,
      json["name"]?.string == name, let phase = json["phase"]?.string, phase.utf8.count <= 64,
      let members = json["ids"]?.object, members.count <= 1000
    else { return nil }
    let ids = members.compactMapValues { $0.string.flatMap { $0.utf8.count <= 4096 ? $0 : nil } }
    return ids.count == members.count ? Intent(phase: phase, ids: ids) : nil
  }

  /// Replaces the file for good before anything is sent.
  package func save(_ intent: Intent) throws {
    let json: JSONValue = [
      "v": 1, "name": .string(name), "phase": .string(intent.phase),
      "ids": .object(intent.ids.mapValues(JSONValue.string)),
    ]
    try Disk.makeFolders(Disk.parent(of: path))
    try ReplacedFile(path).write(try json.canonicalBytes())
  }

  /// Forgets the effect.
  package func remove() throws(FileError) { try Disk.remove(path) }
}

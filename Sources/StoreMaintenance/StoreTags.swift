// Names that people give to runs, so that what these hold stays. It knows no run record.
import Content
import FileTools
import LocalStores

/// Tags as `.atelier/tags/<name>`, each with the id of a run.
package struct StoreTags: Sendable {
  private let store: LocalStore

  package init(_ store: LocalStore) { self.store = store }

  /// Whether a text can be a tag: 1 to 100 letters, digits, `.`, `_` and `-`, the first no `.`.
  package static func isValid(_ name: String) -> Bool {
    let marks: Set<Character> = [".", "_", "-"]
    return (1...100).contains(name.utf8.count) && name.first != "."
      && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || marks.contains($0)) }
  }

  /// All tags; one whose file names no run is left out.
  package func all() throws -> [String: RunID] {
    var tags: [String: RunID] = [:]
    for name in try Disk.names(in: store.layout.tags) ?? [] where Self.isValid(name) {
      guard let bytes = try Disk.readDocument("\(store.layout.tags)/\(name)") else { continue }
      tags[name] = Self.run(in: bytes)
    }
    return tags
  }

  /// The run that a tag's file names; nil for anything else.
  static func run(in bytes: [UInt8]) -> RunID? {
    RunID(String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self))
  }

  /// Sets a tag; one of that name moves.
  package func set(_ name: String, to run: RunID) throws {
    try Disk.replace(
      "\(store.layout.tags)/\(name)", with: Array("\(run)\n".utf8), by: store.temporary.next())
  }

  /// Removes a tag; false where there was none.
  package func remove(_ name: String) throws -> Bool {
    let path = "\(store.layout.tags)/\(name)"
    guard try FileStatus(path, followingLinks: false) != nil else { return false }
    try Disk.remove(path)
    return true
  }
}

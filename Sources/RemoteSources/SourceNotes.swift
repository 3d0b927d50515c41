// Which bytes a version of an object elsewhere was found to have. It sends no request.
import Content
import FileTools
import LocalStores

/// Notes below `.atelier/sources/`, one an object; each may be deleted at any time, which costs a
/// download.
package struct SourceNotes: Sendable {
  private let store: LocalStore

  package init(_ store: LocalStore) { self.store = store }

  /// The digest of a version of an object, if it is the one that was seen last.
  package func digest(_ object: String, _ version: String) -> Digest? {
    guard let path = try? path(object), let bytes = try? Disk.readDocument(path) else { return nil }
    return Self.digest(bytes, object, version)
  }

  /// Reads a note; nil where it is of another object or version.
  static func digest(_ bytes: [UInt8], _ object: String, _ version: String) -> Digest? {
    guard let json = try? JSONValue(parsing: bytes), json["object"]?.string == object,
      json["version"]?.string == version
    else { return nil }
    return json["digest"]?.string.flatMap { Digest($0) }
  }

  /// Keeps what was seen, unless the store is open for reading only.
  package func add(_ object: String, _ version: String, _ digest: Digest) throws {
    guard !store.isReadOnly else { return }
    let json: JSONValue = [
      "object": .string(object), "version": .string(version), "digest": .string("\(digest)"),
    ]
    let draft = try store.temporary.next()
    try Disk.write(try json.canonicalBytes(), to: draft)
    try Disk.move(draft, to: path(object))
  }

  private func path(_ object: String) throws -> String {
    "\(store.layout.sources)/\(try Digest.of(object).hex.prefix(32)).json"
  }
}

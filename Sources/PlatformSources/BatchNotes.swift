// Which files batches have, which never changes once they succeeded. It sends no request.
import AdobePlatform
import Content
import FileTools
import LocalStores

/// Notes below `.atelier/sources/`, one a batch; each may be deleted at any time, which costs requests.
package struct BatchNotes: Sendable {
  private let store: LocalStore

  init(_ store: LocalStore) { self.store = store }

  /// `place` names host, organisation and sandbox: another one may have a batch of the same id.
  func files(_ batch: String, of place: String) -> [BatchFile]? {
    guard let path = try? path(batch, place), let bytes = try? Disk.readDocument(path) else {
      return nil
    }
    return Self.files(bytes, of: batch)
  }

  /// Reads a note; nil where it is of another batch.
  package static func files(_ bytes: [UInt8], of batch: String) -> [BatchFile]? {
    guard let json = try? JSONValue(parsing: bytes), json["batch"]?.string == batch,
      let list = json["files"]?.array
    else { return nil }
    let files = list.compactMap { file -> BatchFile? in
      guard let id = file["id"]?.string, PlatformID.isValid(id), let name = file["name"]?.string,
        !name.isEmpty, let length = file["length"]?.integer(in: 0...(1 << 40))
      else { return nil }
      return BatchFile(fileID: id, name: name, length: length)
    }
    return files.count == list.count ? files : nil
  }

  /// Keeps what was seen, unless the store is open for reading only.
  func add(_ batch: String, of place: String, _ files: [BatchFile]) throws {
    guard !store.isReadOnly else { return }
    let list = files.map { file -> JSONValue in
      ["id": .string(file.fileID), "name": .string(file.name), "length": .integer(file.length)]
    }
    let json: JSONValue = ["batch": .string(batch), "files": .array(list)]
    let draft = try store.temporary.next()
    try Disk.write(try json.canonicalBytes(), to: draft)
    try Disk.move(draft, to: path(batch, place))
  }

  private func path(_ batch: String, _ place: String) throws -> String {
    "\(store.layout.sources)/\(try Digest.of("files of \(batch)\n\(place)").hex.prefix(32)).json"
  }
}

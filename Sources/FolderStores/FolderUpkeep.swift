// The shared folder as a whole: what is there, and what is removed from it.
import Content
import FileTools
import RemoteCache

extension FolderStore {
  package func objects(_ kind: RemoteFolder) throws -> [RemoteObject] {
    switch kind {
    case .blobs: try sharded(layout.algorithm) { Digest($0).map { .blob($0) } }
    case .results:
      try sharded(layout.actions) { name in
        name.hasSuffix(".json") ? Digest(name.dropLast(5)).map { .result(ActionKey($0)) } : nil
      }
    case .records:
      try objects(in: layout.runs) { name in
        name.hasSuffix(".json") ? RunID(name.dropLast(5)).map { .record($0) } : nil
      }
    case .everything:
      try objects(.blobs) + objects(.results) + objects(.records)
        + objects(in: layout.base + "/leases") { _ in .lease }
        + objects(in: layout.base + "/probe") { _ in .probe }
        + objects(in: layout.quarantine) { _ in .quarantined }
        + RemoteObject.noticeFolders.flatMap { try notices(below: "\(layout.base)/\($0)") }
    }
  }

  /// Files of a folder and of the folders in it.
  private func notices(below parent: String) throws -> [RemoteObject] {
    var found = try objects(in: parent) { _ in .notice }
    for name in try folder.names(in: parent).sorted()
    where try folder.status("\(parent)/\(name)")?.kind == .folder {
      found += try objects(in: "\(parent)/\(name)") { _ in .notice }
    }
    return found
  }

  private func sharded(
    _ parent: String, _ kind: (Substring) -> RemoteObject.Kind?
  ) throws -> [RemoteObject] {
    try folder.names(in: parent).sorted().flatMap { try objects(in: "\(parent)/\($0)", kind) }
  }

  private func objects(
    in parent: String, _ kind: (Substring) -> RemoteObject.Kind?
  ) throws -> [RemoteObject] {
    try folder.names(in: parent).sorted().compactMap { name in
      let path = "\(parent)/\(name)"
      // What somebody removes meanwhile is gone.
      guard let status = try folder.status(path), status.kind == .file else { return nil }
      return RemoteObject(
        kind: kind(name[...]) ?? .other, name: path, size: status.identity.size,
        written: Timestamp(milliseconds: status.identity.mtime / 1_000_000))
    }
  }

  package func remove(_ objects: [RemoteObject]) throws {
    for object in objects { try folder.remove(object.name) }
  }

  package func moveToQuarantine(_ object: RemoteObject) throws {
    let file = object.name.split(separator: "/").last.map(String.init) ?? "object"
    try folder.translated { try Disk.move(object.name, to: "\(layout.quarantine)/\(file)") }
  }
}

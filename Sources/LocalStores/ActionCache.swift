// Action results as files, with a row cache in the index. It reads no blob.
import Content
import FileIndex
import FileTools
import StoreFolder

/// Results as `.atelier/ac/ab/<key>.json`, written whole by rename.
///
/// Safe to use from any thread and any number of processes.
package struct ActionCache: Sendable {
  package let layout: StoreLayout
  package let index: StoreIndex
  package let temporary: TemporaryFiles
  package let isReadOnly: Bool

  /// A result that was written but is not visible yet.
  package struct Staged: Sendable {
    package let result: ActionResult
    package let path: String
  }

  /// The index row if there is one, else the file.
  ///
  /// A file that is half, garbage or of another key is no result; the next `store` replaces it.
  package func lookup(_ key: ActionKey) throws -> ActionResult? {
    if let row = index.action(key), let result = ActionResult(rowBytes: row, key: key) {
      return result
    }
    guard let bytes = try Disk.readDocument(layout.action(key), atMost: ByteLimit.result),
      let result = ActionResult(fileBytes: bytes, key: key)
    else { return nil }
    index.remember(key, result: result.rowBytes)
    return result
  }

  /// Whether there is a file for the key, whatever it holds; nothing is read.
  package func hasFile(_ key: ActionKey) -> Bool {
    (try? FileStatus(layout.action(key), followingLinks: true)) != nil
  }

  /// Makes a result visible at once; its blobs must be durable already.
  ///
  /// Runs use `CommitQueue`.
  package func store(_ result: ActionResult) throws {
    var folders = FlushList()
    try publish(stage(result), &folders)
    try folders.flush()
  }

  /// Removes a result with its row; one that is not there is fine.
  package func remove(_ key: ActionKey) throws {
    guard !isReadOnly else { throw StoreError.readOnly(path: layout.root) }
    try Disk.remove(layout.action(key))
    index.forget(key)
  }

  /// The keys of all results, in order; files that cannot be results by their name are left out.
  package func keys() throws -> [ActionKey] {
    var keys: [ActionKey] = []
    for shard in try Disk.names(in: layout.actions) ?? [] {
      for name in try Disk.names(in: "\(layout.actions)/\(shard)") ?? []
      where name.hasSuffix(".json") && name.hasPrefix(shard) {
        if let digest = Digest(name.dropLast(5)) { keys.append(ActionKey(digest)) }
      }
    }
    return keys.sorted()
  }

  package func stage(_ result: ActionResult) throws -> Staged {
    guard !isReadOnly else { throw StoreError.readOnly(path: layout.root) }
    let bytes = try result.fileBytes()
    let path = try temporary.next()
    try Disk.write(bytes, to: path)
    return Staged(result: result, path: path)
  }

  /// Makes a result visible; it is there for good when the folders are flushed.
  package func publish(_ staged: Staged, _ folders: inout FlushList) throws {
    let key = staged.result.key
    try folders.move(staged.path, to: layout.action(key))
    index.remember(key, result: staged.result.rowBytes)
  }

  package func discard(_ staged: Staged) { try? Disk.remove(staged.path) }
}

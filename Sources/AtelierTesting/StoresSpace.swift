// What the tests of stores share: a store in a temporary folder, sample results, file edits.
import Content
import FileTools
import Foundation
import LocalStores

/// A store in a folder that is removed with the value.
package struct Space {
  package let folder: TemporaryFolder
  package let store: LocalStore

  package init() throws {
    folder = try TemporaryFolder()
    store = try LocalStore.open(root: folder("store"), readOnly: false)
  }

  package var base: String { store.layout.base }

  /// The same store as another process would open it.
  package func reopened(readOnly: Bool = false) throws -> LocalStore {
    try LocalStore.open(root: store.layout.root, readOnly: readOnly)
  }

  /// A file in a scratch folder of the store's own file system.
  package func scratch(_ text: String, _ name: String = "draft") throws -> String {
    try folder.write(text, to: "store/.atelier/work/scratch/" + name)
  }

  /// Adopts a file with that text.
  package func adopt(_ text: String) throws -> OutputRecord {
    try store.objects.adopt(file: scratch(text), mediaType: "text/plain")
  }

  /// Makes a folder of files in scratch; its path.
  package func scratchTree(_ files: [String: String], _ name: String = "tree") throws -> String {
    for (path, text) in files { _ = try scratch(text, "\(name)/\(path)") }
    return "\(base)/work/scratch/\(name)"
  }
}

package func record(_ text: String, _ mediaType: String = "text/plain") throws -> OutputRecord {
  OutputRecord(
    digest: try Digest.of(text), size: Int64(text.utf8.count), mediaType: mediaType, kind: .file)
}

/// The result of an action whose key document names `name`.
package func result(_ name: String, outputs: [String: OutputRecord] = [:]) throws -> ActionResult {
  let document: JSONValue = ["step": .string(name), "quote": "}\"{\\", "list": [1, ["a": 2.5]]]
  let bytes = try document.canonicalBytes()
  return ActionResult(
    key: ActionKey(try Digest.of(bytes)), document: bytes, outputs: outputs,
    startedAt: Timestamp(milliseconds: 1_763_725_734_123), seconds: 0.125, host: "host-é",
    versions: ["duckdb": "v1.5.6"])
}

/// Overwrites a file's bytes in place, whatever its mode, and puts its mtime back to the ns.
package func editInPlace(_ path: String, _ text: String, keepingMtime: Bool = true) throws {
  let before = try FileIdentity(ofFile: path)
  chmod(path, 0o644)
  let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
  try handle.truncate(atOffset: 0)
  try handle.write(contentsOf: Data(text.utf8))
  try handle.close()
  if keepingMtime, let mtime = before?.mtime { setMtime(path, mtime) }
}

package func setMtime(_ path: String, _ mtime: Int64) {
  let time = timespec(tv_sec: Int(mtime / 1_000_000_000), tv_nsec: Int(mtime % 1_000_000_000))
  let times = [time, time]
  utimensat(AT_FDCWD, path, times, 0)
}

/// Waits until files written before count as settled for the stat memo.
package func settle() { usleep(60_000) }

package func mode(_ path: String) throws -> Int {
  let attributes = try FileManager.default.attributesOfItem(atPath: path)
  return (attributes[.posixPermissions] as? Int) ?? -1
}

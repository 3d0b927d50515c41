// Where things lie in a store's folder. It touches no file.
import Content
import FileTools

/// The paths of a store.
package struct StoreLayout: Hashable, Sendable {
  /// The version that `.atelier/version` names.
  package static let version = "1"

  /// The absolute path of the folder that holds `.atelier`.
  package let root: String

  /// `.atelier`.
  package let base: String
  /// All blobs lie below; a step that reads inputs through symlinks needs it readable.
  package let blobs: String
  package let algorithm: String
  package let actions: String

  package init(root: String) {
    self.root = Disk.absolute(root)
    base = self.root == "/" ? "/.atelier" : self.root + "/.atelier"
    blobs = base + "/cas"
    algorithm = blobs + "/sha256"
    actions = base + "/ac"
  }

  package var runs: String { base + "/runs" }
  /// Journals of runs that go on.
  package var live: String { base + "/live" }
  package var current: String { base + "/current" }
  package var lockFile: String { base + "/keys.lock" }
  package var useLock: String { base + "/use.lock" }
  package var tags: String { base + "/tags" }
  package var trees: String { base + "/trees" }
  package var logs: String { base + "/logs" }
  package var remotes: String { base + "/remote" }
  package var sources: String { base + "/sources" }
  package var platform: String { base + "/platform" }
  package var watch: String { base + "/watch" }
  package var temporary: String { base + "/tmp" }
  package var work: String { base + "/work" }
  package var quarantine: String { base + "/quarantine" }
  package var index: String { base + "/index.sqlite" }
  package var versionFile: String { base + "/version" }
  package var tag: String { base + "/CACHEDIR.TAG" }

  /// The path of a blob.
  package func blob(_ digest: Digest) -> String {
    let hex = digest.hex
    return algorithm + "/" + hex.prefix(2) + "/" + hex
  }

  /// The path of a tree's folder, where it is laid out.
  package func tree(_ digest: Digest) -> String { "\(trees)/\(digest.hex)" }

  /// The path of an action's result.
  package func action(_ key: ActionKey) -> String {
    let hex = key.digest.hex
    return "\(actions)/\(hex.prefix(2))/\(hex).json"
  }

  /// The path of the log of a key's last execution on this machine.
  package func log(_ key: ActionKey) -> String {
    let hex = key.digest.hex
    return "\(logs)/\(hex.prefix(2))/\(hex).log"
  }
}

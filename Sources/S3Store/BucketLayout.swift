// Where things lie in a bucket: as in a store's folder. It sends no request.
import Content
import Stores

/// The keys of a store below a prefix.
struct BucketLayout: Hashable, Sendable {
  /// Ends in a slash, or is empty.
  let prefix: String

  /// `prefix` may have slashes at its ends.
  init(prefix: String) {
    let names = prefix.split(separator: "/").joined(separator: "/")
    self.prefix = names.isEmpty ? "" : names + "/"
  }

  private var base: String { prefix + ".atelier" }

  func blob(_ digest: Digest) -> String {
    "\(base)/cas/sha256/\(digest.hex.prefix(2))/\(digest.hex)"
  }

  func action(_ key: ActionKey) -> String {
    let hex = key.digest.hex
    return "\(base)/ac/\(hex.prefix(2))/\(hex).json"
  }

  /// All run records lie below.
  var runs: String { "\(base)/runs/" }

  func run(_ id: RunID) -> String { "\(runs)\(id).json" }

  func lease(_ key: ActionKey) -> String { "\(base)/leases/\(key.digest.hex)" }

  func probe(_ name: String) -> String { "\(base)/probe/\(name)" }
}

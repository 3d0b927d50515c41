// Where things lie in a bucket: as in a store's folder. It sends no request.
import Content
import RemoteCache

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

  /// What lies below this is of the store, whatever it is.
  var all: String { base + "/" }
  var blobs: String { base + "/cas/sha256/" }
  var actions: String { base + "/ac/" }

  /// What an object is by its key.
  func kind(of key: String) -> RemoteObject.Kind {
    func rest(_ folder: String, _ suffix: String = "") -> Substring? {
      key.hasPrefix(folder) && key.hasSuffix(suffix)
        ? key.dropFirst(folder.count).dropLast(suffix.count) : nil
    }
    func sharded(_ folder: String, _ suffix: String = "") -> Digest? {
      guard let rest = rest(folder, suffix), rest.dropFirst(2).first == "/",
        rest.dropFirst(3).hasPrefix(rest.prefix(2))
      else { return nil }
      return Digest(rest.dropFirst(3))
    }
    if let digest = sharded(blobs) { return .blob(digest) }
    if let digest = sharded(actions, ".json") { return .result(ActionKey(digest)) }
    if let id = rest(runs, ".json").flatMap({ RunID($0) }) { return .record(id) }
    if rest(base + "/leases/") != nil { return .lease }
    if rest(base + "/probe/") != nil { return .probe }
    if rest(base + "/quarantine/") != nil { return .quarantined }
    if RemoteObject.noticeFolders.contains(where: { rest("\(base)/\($0)/") != nil }) {
      return .notice
    }
    return .other
  }

  func quarantine(_ name: String) -> String { "\(base)/quarantine/\(name)" }

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

  func notice(_ name: String) -> String { "\(base)/\(name)" }

  func probe(_ name: String) -> String { "\(base)/probe/\(name)" }
}

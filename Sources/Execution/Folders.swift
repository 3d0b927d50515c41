// The engine's few calls on folders of a step's own scratch.
import CSystem
import Content

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

package enum Folders {
  /// Makes a folder and those above it.
  package static func make(_ path: String) throws {
    if mkdir(path, 0o755) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, path.contains("/") else { throw failure("make the folder", path) }
    try make(parent(of: path))
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw failure("make", path) }
  }

  /// Makes a symlink.
  package static func link(_ path: String, to target: String) throws {
    guard symlink(target, path) == 0 else { throw failure("link", path) }
  }

  /// Removes a folder with all in it; what cannot be removed is swept with the run's area.
  package static func remove(_ path: String) { _ = cs_remove_tree(path) }

  package static func exists(_ path: String) -> Bool {
    var status = cs_stat_t()
    return cs_stat(path, 1, &status) == 0
  }

  package static func parent(of path: String) -> String {
    String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
  }

  private static func failure(_ what: String, _ path: String) -> EngineFailure {
    EngineFailure("cannot \(what) \(path): \(String(cString: cs_error()))")
  }
}

extension ActionResult {
  /// The key document as JSON; nil where it is damaged.
  public var keyDocument: JSONValue? { try? JSONValue(parsing: document) }
}

// What lies beside results, blobs and records in a store's folder and is of no use any more. It
// removes nothing.
import Content
import FileTools
import LocalStores
import RemoteCache
import StoreFolder

/// Files that may be deleted at any time, which costs work and never an answer.
struct LocalGarbage {
  let layout: StoreLayout
  let limits: CollectionLimits

  private func isOld(_ path: String) -> Bool {
    guard let status = try? FileStatus(path, followingLinks: false) else { return false }
    return status.identity.mtime / 1_000_000 <= limits.now.milliseconds - limits.maxAge
  }

  /// Folders of trees that no kept result has.
  func trees(keeping kept: Set<Digest>) throws -> [String] {
    try (Disk.names(in: layout.trees) ?? []).filter { name in
      Digest(name).map { !kept.contains($0) } ?? true
    }.map { "\(layout.trees)/\($0)" }
  }

  /// Logs of keys without a result that were written long ago: those of failures stay for a while.
  func logs(keeping kept: Set<ActionKey>) throws -> [String] {
    var paths: [String] = []
    for shard in try Disk.names(in: layout.logs) ?? [] {
      for name in try Disk.names(in: "\(layout.logs)/\(shard)") ?? [] {
        let path = "\(layout.logs)/\(shard)/\(name)"
        let key = Digest(name.prefix { $0 != "." }).map { ActionKey($0) }
        if key.map({ !kept.contains($0) }) ?? true, isOld(path) { paths.append(path) }
      }
    }
    return paths
  }

  /// What was put aside long ago.
  func quarantined() throws -> [String] {
    try (Disk.names(in: layout.quarantine) ?? []).map { "\(layout.quarantine)/\($0)" }.filter(isOld)
  }

  /// Old notes about objects elsewhere that were sources, and about effects on the platform.
  func sources() throws -> [String] {
    try [layout.sources, layout.platform].flatMap { folder in
      try (Disk.names(in: folder) ?? []).map { "\(folder)/\($0)" }.filter(isOld)
    }
  }

  /// Notes about shared stores that speak of nothing that is kept.
  func notes(keeping results: Set<ActionKey>, _ runs: Set<RunID>) throws -> [String] {
    var paths: [String] = []
    for id in try Disk.names(in: layout.remotes) ?? [] {
      func add(_ kind: RemoteNotes.Kind, where isStale: (_ name: String, _ path: String) -> Bool)
        throws
      {
        let folder = "\(layout.remotes)/\(id)/\(kind.rawValue)"
        for name in try Disk.names(in: folder) ?? [] where isStale(name, "\(folder)/\(name)") {
          paths.append("\(folder)/\(name)")
        }
      }
      let isGone: (String, String) -> Bool = { name, _ in
        Digest(name).map { !results.contains(ActionKey($0)) } ?? true
      }
      try add(.pending, where: isGone)
      try add(.held, where: isGone)
      try add(.records) { name, _ in RunID(name).map { !runs.contains($0) } ?? true }
      try add(.damaged) { _, path in isOld(path) }
      try add(.conflicts) { _, path in isOld(path) }
    }
    return paths
  }

  /// The keys that notes of a kind name, of all shared stores.
  static func noted(_ kind: RemoteNotes.Kind, _ layout: StoreLayout) throws -> [String] {
    try (Disk.names(in: layout.remotes) ?? []).flatMap { id in
      try Disk.names(in: "\(layout.remotes)/\(id)/\(kind.rawValue)") ?? []
    }
  }
}

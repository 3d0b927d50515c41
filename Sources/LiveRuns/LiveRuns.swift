// The runs that go on, by their journals. It changes none.
import CSystem
import Content
import FileTools
import StoreFolder

/// The journals of a store.
package enum LiveRuns {
  static let ending = ".ndjson"

  /// The ids of runs that go on, newest first.
  ///
  /// The journal of a run that was killed has no lock.
  package static func names(_ layout: StoreLayout) throws -> [RunID] {
    try (Disk.names(in: layout.live) ?? []).filter { $0.hasSuffix(ending) }
      .compactMap { RunID($0.dropLast(ending.count)) }
      .filter { isLocked(path(of: $0, layout)) }.sorted(by: >)
  }

  /// Where the journal of a run lies while it goes on.
  package static func path(of id: RunID, _ layout: StoreLayout) -> String {
    "\(layout.live)/\(id)\(ending)"
  }

  private static func isLocked(_ path: String) -> Bool {
    let descriptor = cs_open_read(path)
    guard descriptor >= 0 else { return false }
    defer { cs_close(descriptor) }
    guard cs_flock(descriptor, 0, 1) == 0 else { return true }
    cs_unlock(descriptor)
    return false
  }
}

/// What one run tells of itself, read as its journal grows.
package struct LiveRun: ~Copyable {
  /// The longest journal that is read, in bytes.
  private static let limit = 1 << 28

  private let descriptor: Int32
  private let inode: UInt64
  private let path: String
  private var rest: [UInt8] = []
  private var count = 0

  package let id: RunID
  /// What the journal says so far.
  package private(set) var state = LiveRunState()

  /// Opens the journal of a run; nil where there is none.
  package init?(_ id: RunID, _ layout: StoreLayout) {
    let path = LiveRuns.path(of: id, layout)
    let descriptor = cs_open_read(path)
    guard descriptor >= 0 else { return nil }
    guard let identity = try? FileStatus(descriptor: descriptor, path: path).identity else {
      cs_close(descriptor)
      return nil
    }
    self.id = id
    self.path = path
    self.descriptor = descriptor
    inode = identity.inode
  }

  deinit { cs_close(descriptor) }

  /// Whether the run has ended: its journal is gone.
  package var hasEnded: Bool {
    guard let status = try? FileStatus(path, followingLinks: false) else { return true }
    return status.identity.inode != inode
  }

  /// Reads what was added, and gives the positions of the nodes that changed, in their order.
  package mutating func update() -> [Int] {
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while count < Self.limit {
      let got = cs_read(descriptor, &block, block.count)
      guard got > 0 else { break }
      count += got
      rest += block[0..<got]
    }
    guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
    let lines = rest[..<end].split(separator: UInt8(ascii: "\n"))
    let changed = Set(lines.compactMap { state.take(line: Array($0)) })
    rest.removeFirst(end + 1)
    return changed.sorted()
  }
}

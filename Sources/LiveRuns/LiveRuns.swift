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
  /// The longest line that is read, and the longest journal, in bytes.
  private static let limit = 1 << 28

  /// A node of a run that goes on.
  package struct Node: Hashable, Sendable {
    package let name: String
    /// `waiting`, `running`, or the status at its end.
    package fileprivate(set) var status = "waiting"
    /// Milliseconds since 1970 at which it started; of an ended node, how many it took.
    package fileprivate(set) var milliseconds: Int64 = 0
    /// Hundredths that are done, as the step tells; nil where it tells nothing.
    package fileprivate(set) var percent: Int?
    package fileprivate(set) var key: String?
  }

  private let descriptor: Int32
  private let inode: UInt64
  private let path: String
  private var rest: [UInt8] = []
  private var count = 0
  private var places: [String: Int] = [:]

  package let id: RunID
  /// The run's record as far as there is one; nil before the journal's first line.
  package private(set) var head: JSONValue?
  package private(set) var nodes: [Node] = []
  /// What each ended node reported, as it will stand in the record.
  package private(set) var reports: [String: JSONValue] = [:]

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
    var changed: Set<Int> = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while count < Self.limit {
      let got = cs_read(descriptor, &block, block.count)
      guard got > 0 else { break }
      count += got
      rest += block[0..<got]
    }
    let end = rest.lastIndex(of: UInt8(ascii: "\n")) ?? rest.startIndex
    for line in rest[..<end].split(separator: UInt8(ascii: "\n")) {
      guard let event = try? JSONValue(parsing: Array(line)), let name = event["event"]?.string
      else { continue }
      if let node = take(name, event) { changed.insert(node) }
    }
    rest.removeFirst(end < rest.endIndex ? end + 1 - rest.startIndex : 0)
    return changed.sorted()
  }

  /// The position of the node that an event is about; nil for none.
  private mutating func take(_ name: String, _ event: JSONValue) -> Int? {
    if name == "run", head == nil {
      head = event
      nodes = (event["nodes"]?.array ?? []).compactMap(\.string).map { Node(name: $0) }
      for (place, node) in nodes.enumerated() { places[node.name] = place }
      return nil
    }
    guard let step = event["step"]?.string, let place = places[step] else { return nil }
    switch name {
    case "start":
      nodes[place].status = "running"
      nodes[place].percent = nil
      nodes[place].key = event["key"]?.string
      nodes[place].milliseconds = Self.milliseconds(event["at"])
    case "progress": nodes[place].percent = event["percent"]?.integer.map { Int(clamping: $0) }
    case "end":
      nodes[place].status = event["status"]?.string ?? "unknown"
      nodes[place].percent = nil
      nodes[place].key = event["key"]?.string ?? nodes[place].key
      nodes[place].milliseconds = Self.milliseconds(event["seconds"])
      reports[step] = event
    default: return nil
    }
    return place
  }

  private static func milliseconds(_ seconds: JSONValue?) -> Int64 {
    guard let number = seconds?.number, number.isFinite, abs(number) < 1e12 else { return 0 }
    return Int64(number * 1000)
  }
}

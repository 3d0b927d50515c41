// What arrived in an inbox, on disk: each content of each object once, in order of arrival.
import Content
import FileTools
import LocalStores
import StoreFolder

/// The arrivals of one inbox, below `.atelier/watch/<name>/`.
///
///     entries/00000001.json   an arrival, replaced as a whole when its state changes
///     files/00000001/<name>   its bytes, until it is done
///     retry/00000001          somebody asks for another attempt
///
/// One process writes: the one that holds `lock`. A kill loses nothing: a file without an entry is
/// taken anew, and an entry whose run did not end waits for its turn.
package final class InboxLedger {
  private let folder: String
  /// nil for a ledger that is only read.
  private let lock: FileLock?
  package private(set) var arrivals: [Arrival] = []

  /// Opens the ledger of an inbox in a store's folder, and unless it is only read takes its lock.
  ///
  /// Throws `StoreError.busy` where another process watches the same location. The store itself is not held
  /// open: it can be cleaned while nothing arrives.
  package init(_ layout: StoreLayout, name: String, readOnly: Bool) throws {
    folder = "\(layout.watch)/\(name)"
    if readOnly {
      lock = nil
    } else {
      for part in ["entries", "files", "retry"] { try Disk.makeFolders("\(folder)/\(part)") }
      guard let lock = try FileLock.attempt("\(folder)/lock") else {
        throw StoreError.busy(
          path: "\(folder)/lock",
          advice: "another process watches this place; end it, or leave the work to it")
      }
      self.lock = consume lock
    }
    try load()
    if !readOnly { try sweep() }
  }

  private func load() throws {
    for name in (try Disk.names(in: "\(folder)/entries") ?? []).sorted()
    where name.hasSuffix(".json") {
      let path = "\(folder)/entries/\(name)"
      guard let bytes = try Disk.read(path) else { continue }
      guard let arrival = (try? JSONValue(parsing: bytes)).flatMap(Arrival.init(json:)) else {
        throw FileError.unsuitable(
          path: path, found: "something else",
          expected: "an entry of a watcher; remove the file if its object may run once more")
      }
      arrivals.append(arrival)
    }
  }

  /// Removes the files of what is done, or never became an entry.
  private func sweep() throws {
    let kept = Set(arrivals.filter { $0.state != .done }.map { Self.number($0.sequence) })
    for name in try Disk.names(in: "\(folder)/files") ?? [] where !kept.contains(name) {
      try removeFiles(name)
    }
  }

  /// Takes over what is new at a location, oldest first; what arrived, and the names of what is still
  /// being written.
  package func receive(
    from location: any InboxLocation, now: Timestamp
  ) throws -> (arrivals: [Arrival], unfinished: [String]) {
    let found = try location.objects().sorted {
      ($0.written, $0.name) < ($1.written, $1.name)
    }
    var new: [Arrival] = []
    var unfinished: [String] = []
    let known = Set(arrivals.map { Seen(name: $0.object, version: $0.version) })
    for object in found
    where !known.contains(Seen(name: object.name, version: object.version)) {
      let sequence = (arrivals.last?.sequence ?? 0) + 1
      let draft = "\(folder)/files/\(Self.number(sequence))"
      try removeFiles(Self.number(sequence))
      try Disk.makeFolders(draft)
      let path = file(sequence, object.name)
      guard let digest = try location.copy(object, to: path) else {
        unfinished.append(object.name)
        try removeFiles(Self.number(sequence))
        continue
      }
      if var known = arrivals.last(where: { $0.object == object.name && $0.digest == digest }) {
        try removeFiles(Self.number(sequence))
        known.version = object.version
        try update(known)
        continue
      }
      try Disk.flush(path)
      let arrival = Arrival(
        sequence: sequence, object: object.name, digest: digest, version: object.version,
        arrived: now)
      try write(arrival)
      arrivals.append(arrival)
      new.append(arrival)
    }
    return (new, unfinished)
  }

  private struct Seen: Hashable {
    let name: String
    let version: String
  }

  /// The next one that waits.
  package var next: Arrival? { arrivals.first { $0.state == .waiting } }

  /// The bytes of an arrival that is not done.
  package func file(of arrival: Arrival) -> String { file(arrival.sequence, arrival.object) }

  /// Writes what became of an arrival; its bytes go when it is done.
  package func update(_ arrival: Arrival) throws {
    try write(arrival)
    if let index = arrivals.firstIndex(where: { $0.sequence == arrival.sequence }) {
      arrivals[index] = arrival
    }
    if arrival.state == .done { try removeFiles(Self.number(arrival.sequence)) }
  }

  // MARK: Another attempt

  /// Asks for another attempt of a failed arrival; whoever watches, now or later, takes it up.
  package func askForRetry(_ arrival: Arrival) throws {
    let path = "\(folder)/retry/\(Self.number(arrival.sequence))"
    if try FileStatus(path, followingLinks: false) == nil { try Disk.write([], to: path) }
  }

  /// Puts what somebody asked for back among what waits.
  package func takeRetries() throws -> [Arrival] {
    var taken: [Arrival] = []
    for name in (try Disk.names(in: "\(folder)/retry") ?? []).sorted() {
      if var arrival = arrivals.first(where: { Self.number($0.sequence) == name }),
        arrival.state == .failed
      {
        arrival.state = .waiting
        try update(arrival)
        taken.append(arrival)
      }
      try Disk.remove("\(folder)/retry/\(name)")
    }
    return taken
  }

  // MARK: Files

  private func file(_ sequence: Int, _ object: String) -> String {
    let name = object.split(separator: "/").last.map(String.init) ?? "file"
    return "\(folder)/files/\(Self.number(sequence))/\(name)"
  }

  private func write(_ arrival: Arrival) throws {
    let draft = "\(folder)/entries/draft"
    try Disk.remove(draft)
    try Disk.write(JSONValue.object(arrival.json).canonicalBytes(), to: draft)
    try Disk.flush(draft)
    try Disk.move(draft, to: "\(folder)/entries/\(Self.number(arrival.sequence)).json")
    try Disk.flush("\(folder)/entries")
  }

  private func removeFiles(_ name: String) throws {
    try Disk.remove("\(folder)/files/\(name)")
  }

  private static func number(_ sequence: Int) -> String {
    let digits = String(sequence)
    return String(repeating: "0", count: max(0, 8 - digits.count)) + digits
  }
}

// Records that are only ever added: where they lie, and the order in which they were. It does not know what
// a record says.
import Content
import FileTools

/// Files of a folder or objects of a bucket that are made once and never change.
///
/// A name is `<log>/<number>.json`. Methods may be called from any thread and block. A record appears whole
/// or not at all, and of several that are created under one name exactly one is.
package protocol EventLog: Sendable {
  /// For people, such as `s3://bucket/prefix/.atelier/models`.
  var name: String { get }

  /// The names of all records, in any order; with `log` those of that one alone.
  func names(in log: String?) throws -> [String]

  /// The bytes of a record; nil where there is none.
  func read(_ name: String) throws -> [UInt8]?

  /// Makes a record that stays; false where another one has the name.
  func create(_ name: String, _ bytes: [UInt8]) throws -> Bool
}

/// A record that is there and cannot be used.
package struct DamagedRecord: Error, CustomStringConvertible {
  package let description: String

  /// An error that names the record, what is wrong, and what to do.
  package init(_ record: String, in log: any EventLog, _ problem: String) {
    description =
      "\(log.name)/\(record): \(problem); restore it from another copy of the store "
      + "(`atelier store pull` brings what a shared store has)"
  }
}

/// An event of a log, with its place in it.
package struct LoggedEvent: Hashable, Sendable {
  /// From 1.
  package let number: Int
  /// Of the event's canonical JSON, by which other events refer to it.
  package let digest: Digest
  package let event: JSONValue
}

/// The events of one log in their order.
package struct EventChain: Sendable {
  /// Bytes of the largest record: an event with an attestation of some thousand dependencies.
  package static let largest = 8 << 20

  /// Events that a log may have.
  private static let most = 99_999_999
  /// Records that are read at a time.
  private static let width = 8
  /// How often others may come first.
  private static let patience = 100

  package let log: any EventLog
  package let name: String

  /// The log of a name, which has no slash.
  package init(_ name: String, in log: any EventLog) {
    self.log = log
    self.name = name
  }

  /// All events; throws `DamagedRecord` for one that is missing among them or has other bytes.
  package func events() throws -> [LoggedEvent] {
    try Self.all(in: log, named: log.names(in: name), where: { $0 == name })[name] ?? []
  }

  /// The events of every log whose name is wanted.
  package static func all(
    in log: any EventLog, where isWanted: (String) -> Bool = { _ in true }
  ) throws -> [String: [LoggedEvent]] {
    try all(in: log, named: log.names(in: nil), where: isWanted)
  }

  private static func all(
    in log: any EventLog, named names: [String], where isWanted: (String) -> Bool
  ) throws -> [String: [LoggedEvent]] {
    var numbers: [String: Set<Int>] = [:]
    for name in names {
      guard let (chain, number) = parts(of: name), isWanted(chain) else { continue }
      numbers[chain, default: []].insert(number)
    }
    let chains = numbers.sorted { $0.key < $1.key }
    for (chain, found) in chains {
      // Before anything is made of the largest number, which may be anybody's.
      if let gap = (1...found.count).first(where: { !found.contains($0) }) {
        throw DamagedRecord(
          path(chain, gap), in: log, "it is missing, and later ones are there")
      }
    }
    let wanted = chains.flatMap { chain, found in
      (1...found.count).map { (chain: chain, number: $0) }
    }
    let read = try Parallel.map(wanted.count, width: width, chunk: 1) { index in
      let record = path(wanted[index].chain, wanted[index].number)
      guard let bytes = try log.read(record) else {
        throw DamagedRecord(record, in: log, "it is missing, and later ones are there")
      }
      return try event(bytes, wanted[index].number, record, log)
    }
    return Dictionary(grouping: zip(wanted, read), by: \.0.chain).mapValues { $0.map(\.1) }
  }

  /// Adds an event behind all others, whoever adds some meanwhile.
  package func append(_ event: JSONValue) throws -> LoggedEvent {
    try append(event, from: events().count)
  }

  /// Adds an event behind all others, of which there are at least so many.
  package func append(_ event: JSONValue, from count: Int) throws -> LoggedEvent {
    for count in count..<(count + Self.patience) {
      if let added = try append(event, after: count) { return added }
    }
    throw DamagedRecord(name, in: log, "others keep adding to it; try again later")
  }

  /// Adds an event as the one after so many; nil where somebody else was first.
  package func append(_ event: JSONValue, after count: Int) throws -> LoggedEvent? {
    guard count < Self.most else {
      throw DamagedRecord(name, in: log, "it has \(count) events; there is no room for another")
    }
    let added = LoggedEvent(
      number: count + 1, digest: try Self.digest(of: event), event: event)
    let bytes = try Self.bytes(of: added)
    guard bytes.count <= Self.largest else {
      throw DamagedRecord(
        name, in: log, "an event of \(bytes.count) bytes; expected at most \(Self.largest)")
    }
    return try log.create(Self.path(name, added.number), bytes) ? added : nil
  }

  /// The digest by which an event is known.
  package static func digest(of event: JSONValue) throws -> Digest {
    try Digest.of(event.canonicalBytes())
  }

  // MARK: - Form

  static func bytes(of event: LoggedEvent) throws -> [UInt8] {
    let record: JSONValue = [
      "v": 1, "digest": .string(event.digest.description), "event": event.event,
    ]
    return try record.canonicalBytes() + [UInt8(ascii: "\n")]
  }

  /// Reads a record's bytes; nil where they are of another form or do not have their digest.
  package static func parse(_ bytes: [UInt8], number: Int) -> LoggedEvent? {
    guard bytes.count <= largest, let record = try? JSONValue(parsing: bytes), record["v"] == 1,
      let event = record["event"], event.object != nil,
      let digest = record["digest"]?.string.flatMap({ Digest($0) }),
      (try? Self.digest(of: event)) == digest
    else { return nil }
    return LoggedEvent(number: number, digest: digest, event: event)
  }

  private static func event(
    _ bytes: [UInt8], _ number: Int, _ record: String, _ log: any EventLog
  ) throws -> LoggedEvent {
    guard let event = parse(bytes, number: number) else {
      throw DamagedRecord(record, in: log, "expected an event with its digest, found other bytes")
    }
    return event
  }

  package static func path(_ chain: String, _ number: Int) -> String {
    let digits = String(number)
    return "\(chain)/\(String(repeating: "0", count: max(0, 8 - digits.count)))\(digits).json"
  }

  /// The log and the number of a record's name; nil for anything else.
  static func parts(of name: String) -> (chain: String, number: Int)? {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, parts[1].hasSuffix(".json"),
      parts[1].utf8.count == 13, parts[1].utf8.prefix(8).allSatisfy({ (48...57).contains($0) }),
      let number = Int(parts[1].dropLast(5)), (1...most).contains(number)
    else { return nil }
    return (String(parts[0]), number)
  }
}

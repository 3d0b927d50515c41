// Run records as files. It knows nothing of what a record says.
import Content

/// The name of a run: sorts by time as text, unique between processes.
public struct RunID: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// For example `20261121T114854.123-7f3a9c0d41e2`.
  public let description: String

  /// A new name for a run that started at a moment, distinct by random bits.
  public init(startedAt: Timestamp) {
    var generator = SystemRandomNumberGenerator()
    self.init(startedAt: startedAt, using: &generator)
  }

  /// A new name with bits from a generator.
  public init(startedAt: Timestamp, using generator: inout some RandomNumberGenerator) {
    let digits = String(UInt64.random(in: 0..<1 << 48, using: &generator), radix: 16)
    let padding = String(repeating: "0", count: 12 - digits.count)
    description = "\(startedAt.compact)-\(padding)\(digits)"
  }

  /// The name of a record; nil for anything that is no such name.
  public init?(_ text: some StringProtocol) {
    let shape = text.utf8.map { byte -> Character in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): "0"
      case UInt8(ascii: "a")...UInt8(ascii: "f"): "a"
      default: Character(Unicode.Scalar(byte))
      }
    }
    guard shape.count == 32, String(shape[0..<20]) == "00000000T000000.000-",
      shape[20...].allSatisfy({ $0 == "0" || $0 == "a" })
    else { return nil }
    description = String(text)
  }

  /// When the run started by its name; nil for a date that does not exist.
  var moment: Timestamp? {
    let digits = description.utf8.map { String(Unicode.Scalar($0)) }
    func part(_ range: Range<Int>) -> String { digits[range].joined() }
    return Timestamp(
      iso8601: "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(9..<11)):\(part(11..<13)):"
        + "\(part(13..<19))Z")
  }

  public static func < (a: RunID, b: RunID) -> Bool { a.description < b.description }
}

/// Records as `.atelier/runs/<id>.json`, written whole by rename.
public struct RunStore: Sendable {
  let layout: StoreLayout
  let temporary: TemporaryFiles
  let isReadOnly: Bool

  /// Writes a record; one of the same name is replaced.
  public func write(_ record: JSONValue, id: RunID) throws {
    guard !isReadOnly else { throw StoreError.readOnly(path: layout.root) }
    let path = try temporary.next()
    try Disk.write(try record.canonicalBytes(), to: path)
    try Disk.move(path, to: self.path(of: id))
  }

  /// All names, newest first.
  public func list() throws -> [RunID] {
    let names = try Disk.names(in: layout.runs) ?? []
    return names.filter { $0.hasSuffix(".json") }.compactMap { RunID($0.dropLast(5)) }
      .sorted(by: >)
  }

  /// A new name for a run that starts now; it sorts after all others, also when the clock was set
  /// back since the last run.
  public func nextID(now: Timestamp) throws -> RunID {
    let newest = try list().lazy.compactMap(\.moment).first
    guard let newest, newest >= now else { return RunID(startedAt: now) }
    let next = RunID(startedAt: Timestamp(milliseconds: newest.milliseconds + 1))
    // Beyond the year 9999 there is no name.
    return RunID(next.description) ?? RunID(startedAt: now)
  }

  /// A record; nil when there is none or it is not JSON.
  public func read(_ id: RunID) throws -> JSONValue? {
    guard let bytes = try Disk.read(path(of: id)) else { return nil }
    return try? JSONValue(parsing: bytes)
  }

  /// Where a record lies.
  public func path(of id: RunID) -> String { "\(layout.runs)/\(id).json" }
}

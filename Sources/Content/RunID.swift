// Names of runs. It knows nothing of what a run did or where its record is kept.

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
  public var startedAt: Timestamp? {
    let digits = description.utf8.map { String(Unicode.Scalar($0)) }
    func part(_ range: Range<Int>) -> String { digits[range].joined() }
    return Timestamp(
      iso8601: "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(9..<11)):\(part(11..<13)):"
        + "\(part(13..<19))Z")
  }

  /// The order in time, then by the random part.
  public static func < (a: RunID, b: RunID) -> Bool { a.description < b.description }
}

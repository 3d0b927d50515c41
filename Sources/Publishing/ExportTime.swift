// The names of exports, made of the moment of publishing. It reads no clock and lists no folder.
import Content

/// The name of an export: `exportTime=<YYYYMMDDhhmmss>` in UTC.
///
/// Only 14 digits that are a real time make one; every other name in a data set is somebody else's.
package struct ExportTime: Hashable, Comparable, Sendable, CustomStringConvertible {
  package static let prefix = "exportTime="

  /// Seconds since 1970 that have a name: the years 0000 to 9999.
  private static let range = Int64(-62_167_219_200)...253_402_300_799

  private let seconds: Int64

  /// The export of a second; nil outside of the years 0000 to 9999.
  package init?(secondsSince1970 seconds: Int64) {
    guard Self.range.contains(seconds) else { return nil }
    self.seconds = seconds
  }

  /// The export that a name is of; nil for any other name.
  package init?(_ name: some StringProtocol) {
    guard name.hasPrefix(Self.prefix) else { return nil }
    let digits = name.utf8.dropFirst(Self.prefix.utf8.count).map { Int64($0) - 0x30 }
    guard digits.count == 14, digits.allSatisfy({ (0...9).contains($0) }) else { return nil }
    func number(_ range: Range<Int>) -> Int64 { digits[range].reduce(0) { $0 * 10 + $1 } }
    let civil = CivilTime(
      year: number(0..<4), month: number(4..<6), day: number(6..<8), hour: number(8..<10),
      minute: number(10..<12), second: number(12..<14))
    guard let seconds = civil.secondsSince1970 else { return nil }
    self.init(secondsSince1970: seconds)
    // The 31st of June is the 1st of July, whose name is another one.
    guard description == name else { return nil }
  }

  /// The newest export among names of any kind.
  package static func newest(among names: [String]) -> ExportTime? {
    names.lazy.compactMap { ExportTime($0) }.max()
  }

  /// The export of a moment, later than the last one; nil after the end of the year 9999.
  package static func next(after last: ExportTime?, secondsSince1970 seconds: Double) -> ExportTime?
  {
    guard let now = Int64(exactly: seconds.rounded(.down)) else { return nil }
    return ExportTime(secondsSince1970: max(now, last.map { $0.seconds + 1 } ?? now))
  }

  package var description: String {
    let civil = CivilTime(secondsSince1970: seconds)
    return Self.prefix + civil.dateDigits + civil.timeDigits
  }

  package static func < (a: ExportTime, b: ExportTime) -> Bool { a.seconds < b.seconds }
}

// The names of exports, made of the moment of publishing. It reads no clock and lists no folder.
import Content

/// The names of exports: `exportTime=<YYYYMMDDhhmmss>` in UTC.
package enum ExportTime {
  package static let prefix = "exportTime="

  /// A name for now, strictly greater than the last.
  package static func next(after last: String?, seconds: Double) -> String {
    var second = Int64(seconds)
    while true {
      let name = prefix + stamp(second)
      guard let last, name <= last else { return name }
      // The last export's own second plus one, without parsing dates: count up.
      second = max(second, self.seconds(of: last) ?? second) + 1
    }
  }

  /// `YYYYMMDDhhmmss` in UTC for seconds since 1970, by the proleptic Gregorian calendar.
  package static func stamp(_ seconds: Int64) -> String {
    let civil = CivilTime(secondsSince1970: seconds)
    return civil.dateDigits + civil.timeDigits
  }

  private static func seconds(of name: String) -> Int64? {
    let digits = name.dropFirst(prefix.count).compactMap(\.wholeNumberValue).map(Int64.init)
    guard digits.count == 14 else { return nil }
    func number(_ range: Range<Int>) -> Int64 { digits[range].reduce(0) { $0 * 10 + $1 } }
    return CivilTime(
      year: number(0..<4), month: number(4..<6), day: number(6..<8), hour: number(8..<10),
      minute: number(10..<12), second: number(12..<14)
    ).secondsSince1970
  }
}

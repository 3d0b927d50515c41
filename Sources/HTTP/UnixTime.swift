// Moments as signatures, credentials and HTTP write them. It never reads a clock.
import Content

/// Whole seconds since 1970 in UTC.
package struct UnixTime: Hashable, Comparable, Sendable {
  package let seconds: Int64

  package init(seconds: Int64) { self.seconds = seconds }

  package static func < (a: UnixTime, b: UnixTime) -> Bool { a.seconds < b.seconds }

  /// This moment and some seconds.
  package static func + (time: UnixTime, seconds: Int64) -> UnixTime {
    UnixTime(seconds: time.seconds + seconds)
  }

  /// `20150830T123600Z`, as a signature has it.
  package var basic: String {
    let civil = CivilTime(secondsSince1970: seconds)
    return "\(civil.dateDigits)T\(civil.timeDigits)Z"
  }

  /// `2015-08-30T12:36:00Z`.
  package var iso8601: String {
    let civil = CivilTime(secondsSince1970: seconds)
    func parts(_ digits: String, _ sizes: [Int], _ separator: String) -> String {
      var rest = digits[...]
      return sizes.map { size in
        defer { rest = rest.dropFirst(size) }
        return String(rest.prefix(size))
      }.joined(separator: separator)
    }
    return parts(civil.dateDigits, [4, 2, 2], "-") + "T" + parts(civil.timeDigits, [2, 2, 2], ":")
      + "Z"
  }

  /// `20150830`.
  package var day: String { CivilTime(secondsSince1970: seconds).dateDigits }

  /// Parses ISO 8601 such as `2015-08-30T12:36:00Z`, with or without a fraction or an offset.
  ///
  /// A fraction is cut off.
  package init?(iso8601 text: String) {
    let parts = text.split(separator: "T", maxSplits: 1)
    guard parts.count == 2 else { return nil }
    let date = parts[0].split(separator: "-").compactMap { Int64($0) }
    var clock = parts[1]
    var offset: Int64 = 0
    if clock.hasSuffix("Z") {
      clock = clock.dropLast()
    } else if let sign = clock.lastIndex(where: { $0 == "+" || $0 == "-" }) {
      let digits = clock[clock.index(after: sign)...].filter { $0 != ":" }
      guard digits.count == 4, let value = Int64(digits) else { return nil }
      offset = (value / 100 * 3600 + value % 100 * 60) * (clock[sign] == "-" ? -1 : 1)
      clock = clock[..<sign]
    } else {
      return nil
    }
    if let dot = clock.firstIndex(of: ".") { clock = clock[..<dot] }
    let time = clock.split(separator: ":").compactMap { Int64($0) }
    guard date.count == 3,
      let seconds = Self.seconds(year: date[0], month: date[1], day: date[2], time)
    else { return nil }
    self.init(seconds: seconds - offset)
  }

  /// Parses the date of an HTTP field, `Sun, 06 Nov 1994 08:49:37 GMT`.
  package init?(httpDate text: String) {
    let words = text.split(separator: " ")
    guard words.count == 6, words[5] == "GMT", let day = Int64(words[1]),
      let month = Self.months.firstIndex(of: String(words[2])), let year = Int64(words[3])
    else { return nil }
    let time = words[4].split(separator: ":").compactMap { Int64($0) }
    guard let seconds = Self.seconds(year: year, month: Int64(month) + 1, day: day, time) else {
      return nil
    }
    self.init(seconds: seconds)
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// `time` are hour, minute and second.
  private static func seconds(
    year: Int64, month: Int64, day: Int64, _ time: [Int64]
  ) -> Int64? {
    // A minute may have a leap second.
    guard (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day),
      time.count == 3, (0...24).contains(time[0]), (0...59).contains(time[1]),
      (0...60).contains(time[2])
    else { return nil }
    return CivilTime(
      year: year, month: month, day: day, hour: time[0], minute: time[1], second: time[2]
    ).secondsSince1970
  }
}

// Moments as signatures, credentials and HTTP write them. It never reads a clock.

/// Whole seconds since 1970 in UTC.
public struct UnixTime: Hashable, Comparable, Sendable {
  public let seconds: Int64

  public init(seconds: Int64) { self.seconds = seconds }

  public static func < (a: UnixTime, b: UnixTime) -> Bool { a.seconds < b.seconds }

  /// This moment and some seconds.
  public static func + (time: UnixTime, seconds: Int64) -> UnixTime {
    UnixTime(seconds: time.seconds + seconds)
  }

  /// `20150830T123600Z`, as a signature has it.
  public var basic: String {
    let second = (seconds % 86_400 + 86_400) % 86_400
    return day + "T" + Self.pad(second / 3600, 2) + Self.pad(second / 60 % 60, 2)
      + Self.pad(second % 60, 2) + "Z"
  }

  /// `20150830`.
  public var day: String {
    let days = (seconds - (seconds % 86_400 + 86_400) % 86_400) / 86_400
    let date = Self.civil(days: days)
    return Self.pad(date.year, 4) + Self.pad(date.month, 2) + Self.pad(date.day, 2)
  }

  /// Parses ISO 8601 such as `2015-08-30T12:36:00Z`, with or without a fraction or an offset.
  ///
  /// A fraction is cut off.
  public init?(iso8601 text: String) {
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
    guard date.count == 3, time.count == 3,
      let midnight = Self.midnight(year: date[0], month: date[1], day: date[2])
    else { return nil }
    self.init(seconds: midnight + time[0] * 3600 + time[1] * 60 + time[2] - offset)
  }

  /// Parses the date of an HTTP field, `Sun, 06 Nov 1994 08:49:37 GMT`.
  public init?(httpDate text: String) {
    let words = text.split(separator: " ")
    guard words.count == 6, words[5] == "GMT", let day = Int64(words[1]),
      let month = Self.months.firstIndex(of: String(words[2])), let year = Int64(words[3])
    else { return nil }
    let time = words[4].split(separator: ":").compactMap { Int64($0) }
    guard time.count == 3,
      let midnight = Self.midnight(year: year, month: Int64(month) + 1, day: day)
    else { return nil }
    self.init(seconds: midnight + time[0] * 3600 + time[1] * 60 + time[2])
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private static func pad(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// Years begin in March, so that a leap day comes last.
  private static func midnight(year: Int64, month: Int64, day: Int64) -> Int64? {
    guard (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else {
      return nil
    }
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted % 400
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return (days - 719_468) * 86_400
  }

  private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shiftedDays = days + 719_468
    let day = (shiftedDays % 146_097 + 146_097) % 146_097
    let era = (shiftedDays - day) / 146_097
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
    let dayOfYear = day - (365 * year + year / 4 - year / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (year + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }
}

// Dates and times of day in UTC by the proleptic Gregorian calendar, without locale, time zone or ICU.
// It reads no clock. Algorithms: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".

/// A date and a time of day in UTC, to the second.
public struct CivilTime: Hashable, Sendable {
  /// The year.
  public var year: Int64
  /// The month, from 1.
  public var month: Int64
  /// The day of the month, from 1.
  public var day: Int64
  /// The hour of the day, from 0.
  public var hour: Int64
  /// The minute of the hour, from 0.
  public var minute: Int64
  /// The second of the minute, from 0.
  public var second: Int64

  /// A time from its parts.
  public init(
    year: Int64, month: Int64, day: Int64, hour: Int64 = 0, minute: Int64 = 0, second: Int64 = 0
  ) {
    self.year = year
    self.month = month
    self.day = day
    self.hour = hour
    self.minute = minute
    self.second = second
  }

  /// A day such as `2024-05-01`; nil for another text, and for a day that there is not.
  public init?(date text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [4, 2, 2],
      parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
      let year = Int64(parts[0]), let month = Int64(parts[1]), let day = Int64(parts[2])
    else { return nil }
    self.init(year: year, month: month, day: day)
    // A day that its month lacks would count on into the next one.
    guard secondsSince1970.map({ CivilTime(secondsSince1970: $0) }) == self else { return nil }
  }

  /// The civil time of a moment.
  public init(secondsSince1970 seconds: Int64) {
    let (days, rest) = seconds.flooredQuotient(by: 86_400)
    let (era, dayOfEra) = (days + 719_468).flooredQuotient(by: 146_097)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    month = shifted < 10 ? shifted + 3 : shifted - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    day = dayOfYear - (153 * shifted + 2) / 5 + 1
    hour = rest / 3600
    minute = rest / 60 % 60
    second = rest % 60
  }

  /// The civil time of a moment; a fraction of a second belongs to the second that it is part of, also
  /// before 1970.
  package init(secondsSince1970 seconds: Double) {
    let whole = seconds.rounded(.down)
    self.init(secondsSince1970: Int64(exactly: whole) ?? (whole < 0 ? .min : .max))
  }

  /// Seconds since 1970; nil for numbers that no calendar has.
  ///
  /// A month that its year lacks counts on into the next year, and a day into the next month.
  public var secondsSince1970: Int64? {
    guard (-999_999...999_999).contains(year),
      [month, day, hour, minute, second].allSatisfy({ (0...99).contains($0) })
    else { return nil }
    let (years, month) = (month - 1).flooredQuotient(by: 12)
    // Years begin in March, so that a leap day comes last.
    let (era, yearOfEra) = (year + years - (month < 2 ? 1 : 0)).flooredQuotient(by: 400)
    let dayOfYear = (153 * ((month + 10) % 12) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    let days = era * 146_097 + dayOfEra - 719_468
    return days * 86_400 + hour * 3600 + minute * 60 + second
  }

  /// `2024-07-01T12:00:00`.
  public var text: String {
    "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))T"
      + "\(Self.padded(hour, 2)):\(Self.padded(minute, 2)):\(Self.padded(second, 2))"
  }

  /// `2024-07-01T12:00:00Z`.
  public var iso8601: String { text + "Z" }

  /// `20240701`.
  public var dateDigits: String {
    Self.padded(year, 4) + Self.padded(month, 2) + Self.padded(day, 2)
  }

  /// `120000`.
  public var timeDigits: String {
    Self.padded(hour, 2) + Self.padded(minute, 2) + Self.padded(second, 2)
  }

  /// A number with zeros before it.
  static func padded(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

extension Int64 {
  /// Quotient and remainder, the latter never negative.
  func flooredQuotient(by divisor: Int64) -> (Int64, Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}

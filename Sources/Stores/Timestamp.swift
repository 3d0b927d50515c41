// Moments of UTC to the millisecond, as records print them. It reads the clock only when asked.
import CSystem

/// Milliseconds since 1970 in UTC.
public struct Timestamp: Hashable, Comparable, Sendable {
  public let milliseconds: Int64

  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// The moment that the machine's clock shows.
  public static func now() -> Timestamp { Timestamp(milliseconds: cs_wall_clock() / 1_000_000) }

  public static func < (a: Timestamp, b: Timestamp) -> Bool { a.milliseconds < b.milliseconds }

  /// `2026-11-21T11:48:54.123Z`.
  public var iso8601: String {
    let part = parts
    return "\(pad(part.year, 4))-\(pad(part.month, 2))-\(pad(part.day, 2))T\(pad(part.hour, 2)):"
      + "\(pad(part.minute, 2)):\(pad(part.second, 2)).\(pad(part.millisecond, 3))Z"
  }

  /// `20261121T114854.123`, which sorts as text by time.
  public var compact: String {
    let part = parts
    return "\(pad(part.year, 4))\(pad(part.month, 2))\(pad(part.day, 2))T\(pad(part.hour, 2))"
      + "\(pad(part.minute, 2))\(pad(part.second, 2)).\(pad(part.millisecond, 3))"
  }

  /// Parses what `iso8601` prints, and nothing else.
  public init?(iso8601 text: String) {
    let numbers = text.split(whereSeparator: { !$0.isASCII || !$0.isNumber }).compactMap {
      Int64($0)
    }
    guard numbers.count == 7 else { return nil }
    let days = Self.days(year: numbers[0], month: numbers[1], day: numbers[2])
    let seconds = days * 86_400 + numbers[3] * 3600 + numbers[4] * 60 + numbers[5]
    self.init(milliseconds: seconds * 1000 + numbers[6])
    guard iso8601 == text else { return nil }
  }

  private func pad(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  private typealias Parts = (
    year: Int64, month: Int64, day: Int64, hour: Int64, minute: Int64, second: Int64,
    millisecond: Int64
  )

  private var parts: Parts {
    let (days, rest) = floorDivide(milliseconds, 86_400_000)
    let (year, month, day) = Self.civil(days: days)
    return (
      year, month, day, rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60, rest % 1000
    )
  }

  /// Days since 1970 of a Gregorian date; years begin in March, so that a leap day comes last.
  private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let (era, yearOfEra) = floorDivide(shifted, 400)
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (era, day) = floorDivide(days + 719_468, 146_097)
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
    let dayOfYear = day - (365 * year + year / 4 - year / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (year + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }
}

private func floorDivide(_ a: Int64, _ b: Int64) -> (quotient: Int64, remainder: Int64) {
  let remainder = (a % b + b) % b
  return ((a - remainder) / b, remainder)
}

// Moments as people write them in a configuration. It reads no clock.

/// A moment in seconds since 1970 in UTC.
enum Moment {
  /// What is expected of a text, for messages.
  static let expected =
    "give a time such as 2026-01-01T00:00:00Z, or seconds since 1970, in the years 1970 to 9999"

  /// Reads `YYYY-MM-DD`, `YYYY-MM-DDTHH:MM:SSZ` with or without a fraction, or seconds.
  ///
  /// Nil for anything else, also for a day that no calendar has.
  static func seconds(_ text: String) -> Double? {
    guard let seconds = number(text) ?? iso8601(text), seconds < 253_402_300_800 else { return nil }
    return seconds
  }

  /// Digits, and perhaps a fraction.
  private static func number(_ text: some StringProtocol) -> Double? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let isPlain = parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { $0 &- 0x30 < 10 } }
    return isPlain && parts.count <= 2 ? Double(String(text)) : nil
  }

  private static func iso8601(_ text: String) -> Double? {
    let shape = String(text.map { $0.isASCII && $0.isNumber ? "0" : $0 })
    guard shape.hasPrefix("0000-00-00"), let day = day(String(text.prefix(10))) else { return nil }
    let time = text.dropFirst(10)
    if time.isEmpty { return Double(day) * 86_400 }
    guard shape.dropFirst(10).hasPrefix("T00:00:00"), time.hasSuffix("Z") else { return nil }
    let parts = time.dropFirst().dropLast().split(separator: ":")
    guard parts.count == 3, let hour = Int(parts[0]), hour < 24, let minute = Int(parts[1]),
      minute < 60, let second = number(parts[2]), second < 60
    else { return nil }
    return Double(day * 86_400 + hour * 3600 + minute * 60) + second
  }

  /// Days since 1970 of `YYYY-MM-DD`; years begin in March, so that a leap day comes last.
  private static func day(_ text: String) -> Int? {
    let numbers = text.split(separator: "-").compactMap { Int($0) }
    guard numbers.count == 3, numbers[0] >= 1970, (1...12).contains(numbers[1]) else { return nil }
    let (year, month) = (numbers[0], numbers[1])
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard (1...lengths[month - 1]).contains(numbers[2]) else { return nil }
    let shifted = month <= 2 ? year - 1 : year
    let (era, yearOfEra) = (shifted / 400, shifted % 400)
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + numbers[2] - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}

// Moments as people write them on the command line and in a configuration. It reads no clock.
#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A moment in seconds since 1970 in UTC.
public enum Moment {
  /// Reads a number of seconds, a date, or a date and a time, in UTC unless an offset is given.
  ///
  /// `1793534400.5`, `2026-11-01`, `2026-11-01T12:00:00.25Z`, `2026-11-01 13:00+01:00`; nil for anything
  /// else, also for a day that no calendar has, or that is written as `20261101`.
  public static func seconds(_ text: String) -> Double? {
    if let seconds = Double(text) {
      return seconds.isFinite && !isCompactDate(text) ? seconds : nil
    }
    let form =
      /(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(\.\d+)?(Z|[+-]\d\d:?\d\d)?)?/
    guard let match = text.wholeMatch(of: form) else { return nil }
    let (_, day, clock, second, fraction, zone) = match.output
    guard let whole = whole("\(day)T\(clock ?? "00:00")\(second ?? ":00")Z"),
      let offset = offset(zone ?? "Z"), fraction == nil || second != nil
    else { return nil }
    let part = fraction.flatMap { Double("0\($0)") } ?? 0
    return whole - offset + part
  }

  /// Whether eight digits are a day, such as 20240501, which would be a moment of August 1970.
  private static func isCompactDate(_ text: String) -> Bool {
    guard text.utf8.count == 8, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return false
    }
    let (year, month, day) = (text.prefix(4), text.dropFirst(4).prefix(2), text.suffix(2))
    return (1970...2199).contains(Int(year) ?? 0)
      && whole("\(year)-\(month)-\(day)T00:00:00Z") != nil
  }

  /// Seconds of `2026-11-01T12:00:00Z`.
  private static func whole(_ text: String) -> Double? {
    guard let date = try? Date(text, strategy: .iso8601), date.formatted(.iso8601) == text else {
      return nil  // a day or an hour that is none is read as a later one
    }
    return date.timeIntervalSince1970
  }

  /// Seconds of `Z`, `+01:00` or `-0130`.
  private static func offset(_ zone: Substring) -> Double? {
    guard let sign = zone.first, sign != "Z" else { return 0 }
    let digits = zone.dropFirst().filter { $0 != ":" }
    guard let hours = Int(digits.prefix(2)), let minutes = Int(digits.suffix(2)), hours < 24,
      minutes < 60
    else { return nil }
    return Double(hours * 3600 + minutes * 60) * (sign == "-" ? -1 : 1)
  }
}

// Event times as people write and read them: ISO 8601, or seconds since 1970.
import Stores

enum FeatureMoment {
  /// Seconds since 1970 of a number of seconds, a date, or a date and a time, in UTC unless an offset
  /// is given; nil for any other text.
  static func seconds(_ text: String) -> Double? {
    if let seconds = Double(text) { return seconds.isFinite ? seconds : nil }
    let form =
      /(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(\.\d+)?(Z|[+-]\d\d:?\d\d)?)?/
    guard let match = text.wholeMatch(of: form) else { return nil }
    let (_, day, clock, second, fraction, zone) = match.output
    guard let time = Timestamp(iso8601: "\(day)T\(clock ?? "00:00")\(second ?? ":00").000Z"),
      let offset = offset(zone ?? "Z"), fraction == nil || second != nil
    else { return nil }
    let part = fraction.flatMap { Double("0\($0)") } ?? 0
    return Double(time.milliseconds / 1000) - offset + part
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

  /// `2026-11-01T12:00:00Z`, to the millisecond where there is a fraction.
  static func text(_ seconds: Double) -> String {
    // Beyond the years of four digits the number says more.
    guard seconds > -62_000_000_000, seconds < 253_000_000_000 else { return "\(seconds)" }
    let text = Timestamp(milliseconds: Int64((seconds * 1000).rounded())).iso8601
    return text.hasSuffix(".000Z") ? "\(text.dropLast(5))Z" : text
  }
}

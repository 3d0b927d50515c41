// Event times as people read them.
import Content

enum FeatureMoment {
  /// `2026-11-01T12:00:00Z`, to the millisecond where there is a fraction.
  static func text(_ seconds: Double) -> String {
    // Beyond the years of four digits the number says more.
    guard seconds > -62_000_000_000, seconds < 253_000_000_000 else { return "\(seconds)" }
    let text = Timestamp(milliseconds: Int64((seconds * 1000).rounded())).iso8601
    return text.hasSuffix(".000Z") ? "\(text.dropLast(5))Z" : text
  }
}

// Moments of UTC to the millisecond, as records print them. It reads the clock only when asked.
import CSystem

/// Milliseconds since 1970 in UTC.
public struct Timestamp: Hashable, Comparable, Sendable {
  /// Milliseconds since 1970, UTC.
  public let milliseconds: Int64

  /// A time from milliseconds since 1970, UTC.
  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// A time from seconds since 1970, UTC, to the millisecond; the nearest one that there is.
  package init(secondsSince1970 seconds: Double) {
    let milliseconds = (seconds * 1000).rounded(.down)
    self.milliseconds = Int64(exactly: milliseconds) ?? (milliseconds > 0 ? .max : 0)
  }

  /// The moment that the machine's clock shows.
  public static func now() -> Timestamp { Timestamp(milliseconds: cs_wall_clock() / 1_000_000) }

  /// The order in time.
  public static func < (a: Timestamp, b: Timestamp) -> Bool { a.milliseconds < b.milliseconds }

  /// `2026-11-21T11:48:54.123Z`.
  public var iso8601: String { "\(civil.text).\(fraction)Z" }

  /// `20261121T114854.123`, which sorts as text by time.
  public var compact: String { "\(civil.dateDigits)T\(civil.timeDigits).\(fraction)" }

  /// Parses what `iso8601` prints, and nothing else.
  public init?(iso8601 text: String) {
    guard text.utf8.count == 24 else { return nil }
    let numbers = text.split(whereSeparator: { !$0.isASCII || !$0.isNumber }).compactMap {
      Int64($0)
    }
    guard numbers.count == 7, (0...999).contains(numbers[6]) else { return nil }
    let civil = CivilTime(
      year: numbers[0], month: numbers[1], day: numbers[2], hour: numbers[3], minute: numbers[4],
      second: numbers[5])
    guard let seconds = civil.secondsSince1970 else { return nil }
    self.init(milliseconds: seconds * 1000 + numbers[6])
    guard iso8601 == text else { return nil }
  }

  private var civil: CivilTime {
    CivilTime(secondsSince1970: milliseconds.flooredQuotient(by: 1000).0)
  }

  private var fraction: String {
    CivilTime.padded(milliseconds.flooredQuotient(by: 1000).1, 3)
  }
}

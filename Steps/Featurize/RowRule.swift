// Which moment of a user's history a row stands for, and up to when its features look.
import AtelierStep

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The rule by which each user gets one row.
public enum RowRule: Codable, Sendable, Hashable {
  /// As in the notebooks: a subscriber's row is the first subscription, anybody else's an event that is
  /// drawn. Features count events up to so many seconds before the row; with 0 the row's own event, too.
  ///
  /// With 0 the row says much about its label: see the workshop's page.
  case event(gap: Int)
  /// Every user's last event: what is known of them now.
  case latest
  /// Everybody at the beginning of one day (YYYY-MM-DD, UTC): the label is a subscription within so many
  /// days. Users who subscribed before are left out, and those of whom nothing is known by then.
  case forecast(date: String, days: Int)

  /// Throws a `StepFailure` for a gap, a date or a number of days that cannot be.
  public func check() throws {
    switch self {
    case .event(let gap):
      guard (0...Self.longestGap).contains(gap) else {
        throw StepFailure("the gap is \(gap) seconds: give 0 to \(Self.longestGap)")
      }
    case .latest: break
    case .forecast(let date, let days):
      guard (1...3660).contains(days) else {
        throw StepFailure("the forecast is for \(days) days: give 1 to 3660")
      }
      guard Self.isDate(date) else {
        throw StepFailure("the forecast begins on '\(date)': give a day such as 2024-05-17")
      }
    }
  }

  /// Ten years.
  private static let longestGap = 315_576_000

  private static func isDate(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [4, 2, 2],
      parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
    else { return false }
    let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...12).contains(month) && (1...lengths[month - 1]).contains(day) && year >= 1970
  }
}

// Which moment of a user's history a row stands for, and up to when its features look.
import AtelierStep
import Content

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
      guard Self.gaps.contains(gap) else {
        throw StepFailure("the gap is \(gap) seconds: give 0 to \(Self.gaps.upperBound)")
      }
    case .latest: break
    case .forecast(let date, let days):
      guard Self.forecastDays.contains(days) else {
        throw StepFailure(
          "the forecast is for \(days) days: give 1 to \(Self.forecastDays.upperBound)")
      }
      guard let day = CivilTime(date: date), day.year >= 1970 else {
        throw StepFailure("the forecast begins on '\(date)': give a day such as 2024-05-17")
      }
    }
  }

  /// Seconds; up to ten years.
  public static let gaps = 0...315_576_000
  /// Days.
  public static let forecastDays = 1...3660
}

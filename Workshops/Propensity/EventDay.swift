// A day of the configuration, as events and forecasts have it.
import Atelier
import Content

/// A day of the calendar, from 1970 on.
struct EventDay: SettingValue {
  /// The day as `2024-05-17`.
  let settingText: String

  /// The notebooks' events end two weeks before this day.
  static let reference = EventDay(day: "2024-07-01")
  static let expected = "a day such as 2024-05-17"

  private init(day: String) { settingText = day }

  /// Nil for a day that no calendar has.
  init?(settingText: String) {
    guard let time = CivilTime(date: settingText), time.year >= 1970 else { return nil }
    self.init(day: settingText)
  }
}

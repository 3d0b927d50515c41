// A moment of the configuration, as records of a feature group may have it.
import Atelier
import Features

/// A moment in UTC.
struct RecordTime: SettingValue {
  /// Seconds since 1970.
  let seconds: Double
  /// The moment as it was written.
  let settingText: String

  /// What records were made at where nothing else is said: the first second of 2026.
  static let standard = RecordTime(
    seconds: 1_767_225_600, settingText: "2026-01-01T00:00:00Z")

  static let expected =
    "a time such as 2026-01-01T00:00:00Z, or seconds since 1970, in the years 1970 to 9999"

  private init(seconds: Double, settingText: String) {
    (self.seconds, self.settingText) = (seconds, settingText)
  }

  /// Reads what `Moment` does; nil also for a moment that no record can have.
  init?(settingText: String) {
    guard let seconds = Moment.seconds(settingText), RecordEncoding.times.contains(seconds) else {
      return nil
    }
    self.init(seconds: seconds, settingText: settingText)
  }
}

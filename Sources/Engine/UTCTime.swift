// Civil time in UTC from seconds since 1970 and back, without locale, time zone or ICU.
// Algorithms: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".

public enum UTCTime {
  /// The calendar date and the time of day of a moment.
  public static func parts(
    _ seconds: Int64
  ) -> (
    date: (year: Int64, month: Int64, day: Int64), time: (hour: Int64, minute: Int64, second: Int64)
  ) {
    let days = (seconds >= 0 ? seconds : seconds - 86399) / 86400
    let rest = seconds - days * 86400
    let z = days + 719_468
    let era = (z >= 0 ? z : z - 146_096) / 146_097
    let doe = z - era * 146_097
    let yoe = (doe - doe / 1460 + doe / 36524 - doe / 146_096) / 365
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100)
    let mp = (5 * doy + 2) / 153
    let month = mp < 10 ? mp + 3 : mp - 9
    let year = yoe + era * 400 + (month <= 2 ? 1 : 0)
    return (
      (year, month, doy - (153 * mp + 2) / 5 + 1), (rest / 3600, rest % 3600 / 60, rest % 60)
    )
  }

  /// Seconds since 1970 of a moment in UTC.
  public static func seconds(
    year: Int64, month: Int64, day: Int64, hour: Int64 = 0, minute: Int64 = 0, second: Int64 = 0
  ) -> Int64 {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yoe = y - era * 400
    let doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy
    return (era * 146_097 + doe - 719_468) * 86400 + hour * 3600 + minute * 60 + second
  }

  /// `2024-07-01T12:00:00Z`.
  public static func iso(_ seconds: Double) -> String {
    let (date, time) = parts(Int64(seconds.rounded(.down)))
    return "\(pad(date.year, 4))-\(pad(date.month, 2))-\(pad(date.day, 2))T"
      + "\(pad(time.hour, 2)):\(pad(time.minute, 2)):\(pad(time.second, 2))Z"
  }

  static func pad(_ value: Int64, _ width: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }
}

// What the model is asked: which moments its rows stand for, and who gets a score.
import Atelier
import AtelierStep
import Featurize

/// The workshop's configuration of rows, as checked values.
struct ModelQuestion {
  /// The moments of the rows that are learnt from.
  let rows: RowRule
  /// Whether the segment is cut among users who have not subscribed, by what is known of them last.
  let leavesOutSubscribers: Bool

  init(_ settings: Settings) throws {
    let gap = try settings.integer("Atelier", "feature_gap", in: RowRule.gaps)
    let date = try settings.string("Atelier", "forecast_date")
    let days = try settings.integer("Atelier", "forecast_days", in: RowRule.forecastDays)
    guard date.isEmpty || gap == 0 else {
      throw SettingError(
        "Atelier", "feature_gap",
        "\(gap) does not go with forecast_date: a forecast knows what was before its day; leave one out"
      )
    }
    rows = date.isEmpty ? .event(gap: gap) : .forecast(date: date, days: days)
    do {
      try rows.check()
    } catch let failure as StepFailure {
      throw SettingError("Atelier", "forecast_date", failure.description)
    }
    let audience = try settings.choice("Segment", "audience", among: ["all", "not_subscribed"])
    leavesOutSubscribers = audience == "not_subscribed"
    guard date.isEmpty || !leavesOutSubscribers else {
      throw SettingError(
        "Segment", "audience",
        "a forecast leaves out who subscribed before, and scores all others as of its day: leave "
          + "audience at all")
    }
  }
}

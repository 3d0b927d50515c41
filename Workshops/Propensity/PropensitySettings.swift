// The settings of the propensity workshop; the notebooks' own come first.
import Atelier
import AtelierStep
import Featurize
import Source

extension RepeatedEventRule: SettingChoice {}

/// What the propensity workshop's `config.ini` says.
public struct PropensitySettings: SettingsTable {
  var notebook = NotebookSettings()
  @Setting(
    "Atelier", "events",
    "folder of real events (Parquet, CSV or JSON lines, a batch a file, also in folders) instead of simulated ones, or s3://bucket/prefix, or aep://<data set id>"
  )
  var events = ""
  @Setting(
    "Atelier", "user_buckets",
    "groups of users of real events, each featurized over all files", in: 1...10_000)
  var userBuckets = 32
  @Setting("Atelier", "duplicates", "what becomes of events with the _id of an earlier one")
  var duplicates = RepeatedEventRule.refuse
  @Setting("Atelier", "tenant", "tenant name: the ECID is _<tenant>.cmle_id")
  var tenant = "cmle"
  @Setting("Atelier", "users", "simulated users over all batches", in: 1...1_000_000_000)
  var users = 100_000
  @Setting("Atelier", "batches", "snapshot batches", in: 1...10_000)
  var batches = 10
  @Setting("Atelier", "reference_date", "events end two weeks before this day")
  var referenceDate = EventDay.reference
  @Setting("Atelier", "seed", "seed of everything that is drawn", in: 0...Int(Int32.max))
  var seed = 1
  @Setting(
    "Atelier", "trials", "draws of hyperparameters that the search compares", in: 1...100_000)
  var trials = 100
  @Setting(
    "Atelier", "feature_gap",
    "seconds before a user's row up to which events count; 0: the row's own event, too, as in the notebooks",
    in: RowRule.gaps)
  var gap = 0
  @Setting(
    "Atelier", "forecast_date",
    "a day: who subscribes within forecast_days of it, by what was known before, earlier subscribers left out; empty: the notebooks' rows"
  )
  var forecastDate: EventDay? = nil
  @Setting("Atelier", "forecast_days", "days of the forecast", in: RowRule.forecastDays)
  var forecastDays = 7
  @Setting(
    "Atelier", "sklearn_calibration",
    "yes: week 4 has scikit-learn's calibration curve, too, with packages from PyPI")
  var sklearnCalibration = false
  @Setting("Segment", "from", "lowest propensity of the segment")
  var lowest = 0.2
  @Setting("Segment", "to", "highest propensity of the segment")
  var highest = 0.93
  @Setting(
    "Segment", "audience",
    "all, as in the notebooks, or not_subscribed: without those who have, each by the latest that is known"
  )
  var audience = Audience.all

  /// All settings with their defaults.
  public init() {}

  /// Who may be in the segment.
  enum Audience: String, SettingChoice {
    case all
    case notSubscribed = "not_subscribed"
  }

  /// Checks names and what two settings say together.
  public func check() throws {
    guard PlainName.isPlain(tenant, hyphens: false) else {
      throw $tenant.error("'\(tenant)' is not made of letters, digits and '_'")
    }
    guard users >= batches || !events.isEmpty else {
      throw $batches.error("\(batches) batches are more than \(users) users")
    }
    guard forecastDate == nil || gap == 0 else {
      throw $gap.error(
        "\(gap) does not go with forecast_date: a forecast knows what was before its day; leave one out"
      )
    }
    guard forecastDate == nil || !leavesOutSubscribers else {
      throw $audience.error(
        "a forecast leaves out who subscribed before, and scores all others as of its day: leave "
          + "audience at all")
    }
  }

  /// The moments of the rows that are learnt from.
  var rows: RowRule {
    forecastDate.map { .forecast(date: $0.settingText, days: forecastDays) } ?? .event(gap: gap)
  }

  /// Whether the segment is cut among users who have not subscribed, by what is known of them last.
  var leavesOutSubscribers: Bool { audience == .notSubscribed }
}

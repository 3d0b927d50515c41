// Renders declared features for Query Service over batches or snapshots, by any row rule. It runs nothing.
import AtelierStep
import Content
import Featurize
import PropensityFormats

/// The SELECT that gives each user's row on the platform, with the columns of `FeatureTable`.
///
/// Times are compared and subtracted as whole microseconds, so that no rounding of the platform's own
/// functions and no time zone of a session matters.
public struct FeatureQuery: Sendable {
  private let events: EventSelection
  private let features: [Feature]
  private let seed: Int
  private let rows: RowRule

  /// A query; throws a `StepFailure` for a row rule or a name that cannot be.
  public init(
    _ events: EventSelection, features: [Feature] = Feature.propensity, seed: Int, rows: RowRule
  ) throws {
    try rows.check()
    try features.forEach { try SQLWord.check($0.name, "the name of a feature") }
    self.events = events
    self.features = features
    self.seed = seed
    self.rows = rows
  }

  /// The names of the columns in their order.
  public var columns: [String] { FeatureTable.columns(features: features.map(\.name)).map(\.name) }

  /// The SELECT, ordered by user.
  public var text: String {
    if case .forecast(let date, let days) = rows, let moment = Self.moment(date) {
      return forecast(from: moment, until: moment + Int64(days) * 86_400_000_000)
    }
    return chosen
  }

  /// The statement that makes a table of the rows; throws for a name that cannot be a table's.
  public func creating(table: String) throws -> String {
    try SQLWord.check(table, "the name of a table")
    return "CREATE TABLE \(table) AS\n\(text)"
  }

  /// How far events go, in microseconds since 1970: a forecast's labels must be known by then.
  public var newest: String {
    """
    SELECT max(unix_micros(timestamp)) AS newest
    FROM \(events.relation)\(events.filter("", withUser: true))
    """
  }

  /// Throws a `StepFailure` when a forecast's label cannot be known by the newest event.
  public func check(newest: Int64?) throws {
    guard case .forecast(let date, let days) = rows, let moment = Self.moment(date) else { return }
    guard let newest, newest >= moment + Int64(days) * 86_400_000_000 else {
      throw StepFailure(
        "the label of a forecast from \(date) is known \(days) days later only, and the events end "
          + "before; choose an earlier forecast_date or fewer forecast_days")
    }
  }

  private static func moment(_ date: String) -> Int64? {
    CivilTime(date: date)?.secondsSince1970.map { $0 * 1_000_000 }
  }

  private static let target = "eventType = '\(EventType.formFilledOut.rawValue)'"

  // MARK: - A row of each user's own

  private var chosen: String {
    """
    SELECT
      userId,
      max(pickType) AS eventType,
      max(pickTime) AS timestamp,
      max(isSubscriber) = 1 AS subscriptionOccurred,
      \(columns("max(pickMicros)\(gap > 0 ? " - \(gap * 1_000_000)" : "")")),
      sum(isDrawn) AS random_row_number_for_user
    FROM (
      SELECT
        userId, eventType, micros, pickType, pickTime, pickMicros, isSubscriber,
        CASE WHEN \(known) THEN 1 ELSE 0 END AS isKnown,
        CASE WHEN lot < pickLot
          OR (lot = pickLot AND micros < pickMicros)
          OR (lot = pickLot AND micros = pickMicros AND _id <= pickId)
        THEN 1 ELSE 0 END AS isDrawn
      FROM (
        SELECT
          userId, _id, eventType, micros, lot,
          max(isTarget) OVER (PARTITION BY userId) AS isSubscriber,
          \(picked)
        FROM (
          SELECT
            \(events.user) AS userId, _id, eventType, timestamp,
            unix_micros(timestamp) AS micros,
            CASE WHEN \(Self.target) THEN 1 ELSE 0 END AS isTarget,
            md5(concat('\(seed)', \(events.user), _id)) AS lot
          FROM \(events.relation)\(events.filter("      ", withUser: true))
        ) AS event
      ) AS chosen
    ) AS history
    GROUP BY userId
    ORDER BY userId
    """
  }

  private var gap: Int { if case .event(let gap) = rows { gap } else { 0 } }

  private var known: String {
    gap > 0
      ? "micros <= pickMicros - \(gap * 1_000_000)"
      : "micros < pickMicros OR (micros = pickMicros AND _id <= pickId)"
  }

  /// The values of the event that a user's row stands for, at each of the user's events.
  private var picked: String {
    let order =
      rows == .latest
      ? "micros DESC, _id DESC, eventType DESC"
      // The first subscription, else the event with the lowest lot.
      : "isTarget DESC, CASE WHEN isTarget = 1 THEN '' ELSE lot END, micros, _id, eventType"
    let columns = [
      ("eventType", "pickType"), ("timestamp", "pickTime"), ("micros", "pickMicros"),
      ("_id", "pickId"), ("lot", "pickLot"),
    ]
    return columns.map { column, name in
      """
      first_value(\(column)) OVER (
              PARTITION BY userId
              ORDER BY \(order)
              ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS \(name)
      """
    }.joined(separator: ",\n      ")
  }

  // MARK: - One moment for all users

  private func forecast(from moment: Int64, until: Int64) -> String {
    """
    SELECT
      userId,
      max(lastType) AS eventType,
      timestamp_micros(\(moment)) AS timestamp,
      max(isSubscription) = 1 AS subscriptionOccurred,
      \(columns(String(moment))),
      sum(isKnown) AS random_row_number_for_user
    FROM (
      SELECT
        userId, eventType, micros, isKnown, isSubscription, isEarlier,
        first_value(eventType) OVER (
          PARTITION BY userId
          ORDER BY isKnown DESC, micros DESC, _id DESC, eventType DESC
          ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS lastType
      FROM (
        SELECT
          userId, _id, eventType, micros,
          CASE WHEN micros < \(moment) THEN 1 ELSE 0 END AS isKnown,
          CASE WHEN \(Self.target) AND micros >= \(moment) AND micros < \(until)
            THEN 1 ELSE 0 END AS isSubscription,
          CASE WHEN \(Self.target) AND micros < \(moment) THEN 1 ELSE 0 END AS isEarlier
        FROM (
          SELECT \(events.user) AS userId, _id, eventType, unix_micros(timestamp) AS micros
          FROM \(events.relation)\(events.filter("      ", withUser: true))
        ) AS event
      ) AS span
    ) AS history
    GROUP BY userId
    HAVING max(isKnown) = 1 AND max(isEarlier) = 0
    ORDER BY userId
    """
  }

  private func columns(_ moment: String) -> String {
    features.map { feature in
      switch feature.kind {
      case .count(let type):
        "sum(CASE WHEN isKnown = 1 AND eventType = '\(type.rawValue)' THEN 1 ELSE 0 END) "
          + "AS \(feature.name)"
      case .minutes(let type):
        "(\(moment) - max(CASE WHEN isKnown = 1 AND eventType = '\(type.rawValue)' THEN micros END))"
          + " div 60000000 AS \(feature.name)"
      }
    }.joined(separator: ",\n  ")
  }
}

// The explorations that compare event types with each other. It runs nothing.
import Featurize

extension Exploration {
  /// Of the users with an event of a first type, how many have one of a later type then or after it.
  public static func cooccurrence(_ events: EventSelection) -> Exploration {
    Exploration(
      name: "cooccurrence",
      columns: [
        Column("eventTypeFirst", "VARCHAR"), Column("eventTypeLater", "VARCHAR"),
        Column("distinctUsers", "BIGINT"), Column("firstUsers", "BIGINT"),
      ],
      query: """
        WITH spans AS (
          SELECT
            \(events.user) AS userId, eventType, min(timestamp) AS earliest, max(timestamp) AS latest
          FROM \(events.relation)\(events.filter("  "))
          GROUP BY \(events.user), eventType
        )
        SELECT
          pairs.eventTypeFirst AS eventTypeFirst, pairs.eventTypeLater AS eventTypeLater,
          pairs.distinctUsers AS distinctUsers, users.firstUsers AS firstUsers
        FROM (
          SELECT
            a.eventType AS eventTypeFirst, b.eventType AS eventTypeLater, count(*) AS distinctUsers
          FROM spans AS a JOIN spans AS b ON a.userId = b.userId AND a.earliest <= b.latest
          GROUP BY a.eventType, b.eventType
        ) AS pairs
        JOIN (
          SELECT eventType, count(*) AS firstUsers FROM spans GROUP BY eventType
        ) AS users ON pairs.eventTypeFirst = users.eventType
        ORDER BY eventTypeFirst, eventTypeLater
        """,
      finish: """
        SELECT
          eventTypeFirst, eventTypeLater, distinctUsers,
          round(distinctUsers / firstUsers, 12) AS probability
        FROM answer
        ORDER BY eventTypeFirst, eventTypeLater
        """)
  }

  /// Sums from which Pearson's correlation with the number of subscriptions follows here.
  public static func correlation(_ events: EventSelection) -> Exploration {
    let target = EventType.formFilledOut.rawValue
    return Exploration(
      name: "correlation",
      columns: [Column("eventType", "VARCHAR")]
        + ["users", "x", "xx", "y", "yy", "xy"].map { Column($0, "HUGEINT") },
      query: """
        WITH counts AS (
          SELECT \(events.user) AS userId, eventType, count(*) AS events
          FROM \(events.relation)\(events.filter("  "))
          GROUP BY \(events.user), eventType
        )
        SELECT
          c.eventType AS eventType, p.users AS users, t.x AS x, t.xx AS xx,
          sum(c.events) AS y, sum(c.events * c.events) AS yy,
          coalesce(sum(c.events * s.events), 0) AS xy
        FROM counts AS c
        LEFT JOIN (
          SELECT userId, events FROM counts WHERE eventType = '\(target)'
        ) AS s ON c.userId = s.userId
        CROSS JOIN (SELECT count(DISTINCT userId) AS users FROM counts) AS p
        CROSS JOIN (
          SELECT coalesce(sum(events), 0) AS x, coalesce(sum(events * events), 0) AS xx
          FROM counts WHERE eventType = '\(target)'
        ) AS t
        WHERE c.eventType <> '\(target)'
        GROUP BY c.eventType, p.users, t.x, t.xx
        ORDER BY eventType
        """,
      finish: """
        SELECT
          eventType,
          round(
            (users * xy - x * y)::DOUBLE / nullif(
              sqrt((users * xx - x * x)::DOUBLE * (users * yy - y * y)::DOUBLE), 0),
            12) AS pearsonCorrelation
        FROM answer
        ORDER BY eventType
        """)
  }
}

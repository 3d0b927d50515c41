// What week 1 looks at, as a query of the platform and the rest of the work here. It runs nothing.
import AtelierStep
import Featurize

/// An exploration of events on the platform.
///
/// Only counts, names and times cross the wire; quotients and roots are computed here, since the last
/// digits of a floating-point number are the platform's own.
public struct Exploration: Sendable, Hashable {
  /// As its step is called locally.
  public let name: String
  /// The columns that the platform sends, with their types here.
  public let columns: [Column]
  /// The SELECT for the platform, in a total order.
  public let query: String
  /// The SELECT for DuckDB that makes the local step's columns of the relation `answer`, in its order.
  public let finish: String

  /// A column of the answer.
  public struct Column: Sendable, Hashable {
    /// Its name in the query.
    public let name: String
    /// Its type in DuckDB.
    public let type: String

    init(_ name: String, _ type: String) {
      self.name = name
      self.type = type
    }
  }

  /// The table expression that reads the answer's CSV file, which an SQL expression names.
  public func relation(of file: String) -> String {
    let types = columns.map { "'\($0.name)': '\($0.type)'" }.joined(separator: ", ")
    return "read_csv(\(file), auto_detect = false, header = true, delim = ',', quote = '\"', "
      + "escape = '\"', nullstr = '', allow_quoted_nulls = false, columns = {\(types)})"
  }
}

extension Exploration {
  /// All of them, as week 1 has them.
  public static func all(_ events: EventSelection, seed: Int, count: Int = 10, percent: Int = 5)
    throws -> [Exploration]
  {
    [
      statistics(events), try samples(events, seed: seed, count: count),
      try sampling(events, seed: seed, percent: percent), funnel(events), cooccurrence(events),
      correlation(events),
    ]
  }

  /// Rows and users.
  public static func statistics(_ events: EventSelection) -> Exploration {
    Exploration(
      name: "statistics", columns: [Column("rows", "BIGINT"), Column("users", "BIGINT")],
      query: """
        SELECT count(*) AS rows, count(DISTINCT \(events.user)) AS users
        FROM \(events.relation)\(events.filter(""))
        """,
      finish: "SELECT \"rows\", users FROM answer")
  }

  /// Some rows by a seeded hash, with the structs as JSON.
  public static func samples(_ events: EventSelection, seed: Int, count: Int) throws -> Exploration
  {
    guard (1...10_000).contains(count) else {
      throw StepFailure("\(count) sample rows: give 1 to 10000")
    }
    let names = [
      "_id", "eventType", "timestamp", "producedBy", "userId", "directMarketing", "web",
    ]
    return Exploration(
      name: "samples",
      columns: names.map { Column($0, $0 == "timestamp" ? "TIMESTAMP" : "VARCHAR") },
      query: """
        SELECT _id, eventType, timestamp, producedBy, userId, directMarketing, web
        FROM (
          SELECT
            _id, eventType, timestamp, producedBy, \(events.user) AS userId,
            to_json(directMarketing, map('ignoreNullFields', 'false')) AS directMarketing,
            to_json(web, map('ignoreNullFields', 'false')) AS web
          FROM \(events.relation)\(events.filter("  "))
          ORDER BY md5(concat('\(seed)', ':', _id)), _id
          LIMIT \(count)
        ) AS sample
        ORDER BY _id
        """,
      finish: "SELECT \(names.joined(separator: ", ")) FROM answer ORDER BY _id")
  }

  /// A sample of some percent by a seeded hash, and how many rows it makes one expect.
  public static func sampling(_ events: EventSelection, seed: Int, percent: Int) throws
    -> Exploration
  {
    guard (1...99).contains(percent) else {
      throw StepFailure("a sample of \(percent) percent: give 1 to 99")
    }
    let bound = SQLWord.hexadecimal(UInt64(percent) << 32 / 100)
    return Exploration(
      name: "sampling", columns: [Column("sampleRows", "BIGINT"), Column("actual", "BIGINT")],
      query: """
        SELECT
          coalesce(sum(CASE WHEN md5(concat('\(seed)', ':', _id)) < '\(bound)' THEN 1 ELSE 0 END), 0)
            AS sampleRows,
          count(*) AS actual
        FROM \(events.relation)\(events.filter(""))
        """,
      finish: """
        SELECT sampleRows, round(sampleRows * 100 / \(percent))::BIGINT AS estimate, actual
        FROM answer
        """)
  }

  /// How many users have an event of a type, and how many events of it there are.
  public static func funnel(_ events: EventSelection) -> Exploration {
    Exploration(
      name: "funnel",
      columns: [
        Column("eventType", "VARCHAR"), Column("distinctUsers", "BIGINT"),
        Column("distinctEvents", "BIGINT"),
      ],
      query: """
        SELECT
          eventType,
          count(DISTINCT \(events.user)) AS distinctUsers,
          count(DISTINCT _id) AS distinctEvents
        FROM \(events.relation)\(events.filter(""))
        GROUP BY eventType
        ORDER BY distinctUsers DESC, eventType
        """,
      finish: """
        SELECT eventType, distinctUsers, distinctEvents FROM answer
        ORDER BY distinctUsers DESC, eventType
        """)
  }
}

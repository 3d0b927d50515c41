// What is told of a feature group: counts, features, ingestions, as text and as JSON.
import AtelierStep
import Content
import DuckDB
import FeatureStore
import Terminal

/// How many records a group has, of how many identifiers, from when to when.
struct FeatureCounts {
  let records: Int64
  let identifiers: Int64
  /// Seconds since 1970; nil without records.
  let first: Double?
  let last: Double?

  /// Counts all groups at once, in their order.
  static func of(_ groups: [KnownGroup], _ database: FeatureDatabase) throws -> [FeatureCounts] {
    let queries = try groups.enumerated().map { position, known in
      let definition = known.group.definition
      let time = SQLName.quoted(definition.eventTime)
      return """
        SELECT \(position) AS position, count(*),
          count(DISTINCT \(SQLName.quoted(definition.recordIdentifier))), min(\(time)), max(\(time))
        FROM (\(try database.sql(known).records))
        """
    }
    let answer = try database.answer(queries.joined(separator: "\nUNION ALL\n") + "\nORDER BY 1")
    return Table(csv: answer).rows.map { row in
      FeatureCounts(
        records: Int64(row[1]) ?? 0, identifiers: Int64(row[2]) ?? 0, first: Double(row[3]),
        last: Double(row[4]))
    }
  }

  /// The count of records by ingestion.
  static func batches(
    of known: KnownGroup, _ database: FeatureDatabase
  ) throws -> [Int: Int64] {
    let answer = try database.answer(
      "SELECT batch, count(*) FROM (\(try database.sql(known).records)) GROUP BY 1 ORDER BY 1")
    let counts = Table(csv: answer).rows.compactMap { row in
      Int(row[0]).flatMap { batch in Int64(row[1]).map { (batch, $0) } }
    }
    return Dictionary(counts, uniquingKeysWith: { first, _ in first })
  }
}

/// A group on one line.
struct FeatureSummary {
  let known: KnownGroup
  let counts: FeatureCounts

  static let columns = [
    "group", "workshop", "version", "records", "ids", "first", "last", "ingestions", "place",
  ]

  var cells: [String] {
    [
      known.name, known.workshop, "\(known.group.version)", "\(counts.records)",
      "\(counts.identifiers)", counts.first.map(FeatureMoment.text) ?? "",
      counts.last.map(FeatureMoment.text) ?? "", "\(known.group.ingestions.count)",
      known.group.place,
    ]
  }

  var json: [String: JSONValue] {
    func time(_ seconds: Double?) -> JSONValue {
      seconds.map { .string(FeatureMoment.text($0)) } ?? .null
    }
    return [
      "v": 1, "event": "feature-group", "group": .string(known.name),
      "workshop": .string(known.workshop),
      "version": .integer(Int64(known.group.version)), "records": .integer(counts.records),
      "ids": .integer(counts.identifiers), "first": time(counts.first), "last": time(counts.last),
      "ingestions": .integer(Int64(known.group.ingestions.count)),
      "place": .string(known.group.place),
    ]
  }
}

/// All of a group but its records.
struct FeatureDescription {
  let summary: FeatureSummary
  /// Records by ingestion.
  let batches: [Int: Int64]

  private var group: FeatureGroup { summary.known.group }

  /// The version that each feature came with, from 1.
  private var versions: [String: Int] {
    var versions: [String: Int] = [:]
    var version = 0
    var last: FeatureDefinition?
    for ingestion in group.ingestions where ingestion.definition != last {
      version += 1
      last = ingestion.definition
      for feature in ingestion.definition.features where versions[feature.name] == nil {
        versions[feature.name] = version
      }
    }
    return versions
  }

  private func records(_ ingestion: Ingestion) -> Int64 { batches[ingestion.sequence] ?? 0 }

  /// Three paragraphs: the group, its features, its ingestions.
  func text(width: Int) -> String {
    let versions = versions
    let definition = group.definition
    var facts = zip(FeatureSummary.columns, summary.cells).map { ($0, $1) }
    facts.append(("record identifier", definition.recordIdentifier))
    facts.append(("event time", definition.eventTime))
    let features = Table(
      columns: ["feature", "type", "since version"],
      rows: definition.features.map {
        [$0.name, $0.type.rawValue, "\(versions[$0.name] ?? 1)"]
      })
    let ingestions = Table(
      columns: ["ingestion", "time", "run", "by", "records", "dates", "batch"],
      rows: group.ingestions.map {
        [
          "\($0.sequence)", $0.time.iso8601, $0.author.run, $0.author.host, "\(records($0))",
          Self.dates($0), $0.batch.short,
        ]
      })
    return facts.map { DisplayText.clean("\(Text.pad($0, 18))\($1)") + "\n" }.joined() + "\n"
      + features.text(limit: features.rows.count, width: width) + "\n"
      + ingestions.text(limit: ingestions.rows.count, width: width)
  }

  /// `2026-11-01`, or the first and the last with how many there are.
  private static func dates(_ ingestion: Ingestion) -> String {
    let dates = ingestion.files.map(\.date)
    guard let first = dates.first, let last = dates.last else { return "" }
    return first == last ? first : "\(first) to \(last) (\(dates.count))"
  }

  var json: JSONValue {
    let versions = versions
    let definition = group.definition
    var fields = summary.json
    fields["recordIdentifier"] = .string(definition.recordIdentifier)
    fields["eventTime"] = .string(definition.eventTime)
    fields["features"] = .array(
      definition.features.map {
        [
          "name": .string($0.name), "type": .string($0.type.rawValue),
          "sinceVersion": .integer(Int64(versions[$0.name] ?? 1)),
        ]
      })
    fields["ingestions"] = .array(
      group.ingestions.map { ingestion in
        [
          "number": .integer(Int64(ingestion.sequence)), "time": .string(ingestion.time.iso8601),
          "run": .string(ingestion.author.run), "host": .string(ingestion.author.host),
          "records": .integer(records(ingestion)),
          "dates": .array(ingestion.files.map { .string($0.date) }),
          "batch": .string(ingestion.batch.description),
        ]
      })
    return .object(fields)
  }
}

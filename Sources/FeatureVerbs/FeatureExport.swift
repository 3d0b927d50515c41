// A feature group as files in the layout of SageMaker's offline store.
#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import AtelierStep
import CommandLine
import Content
import DuckDB
import FeatureStore
import LocalStores
import Project
import Terminal

extension FeatureCall {
  /// Writes all records of a group below a folder, a Parquet file for each hour of event times.
  ///
  /// The bytes of a file and its name follow from the records, so what is there is written again.
  func export(_ name: String, to output: String) throws -> Int32 {
    let known = try places.find(name)
    let folder = FileSystem.absolute(output) + "/data"
    let hours = try withDatabase { database in
      try database.exportHours(known) { hour, path in
        let place = "\(folder)/\(hour.folder)"
        try FileSystem.makeFolder(place)
        let digest = try Digest.of(FileSystem.read(path)).hex.prefix(16)
        let target = "\(place)/\(hour.lastTime)_\(digest).parquet"
        if FileSystem.isFile(target) { return }
        try FileManager.default.moveItem(atPath: path, toPath: target)
      }
    }
    try self.output.data(
      "\(known.name): \(Text.count(hours, "file")) in \(folder), in the layout of SageMaker\n")
    return ExitCode.success
  }
}

/// An hour of event times.
struct FeatureHour {
  /// Hours since 1970, in UTC.
  let number: Int64
  /// The latest event time in it, in whole seconds since 1970.
  let last: Int64

  /// `year=YYYY/month=MM/day=DD/hour=HH`.
  var folder: String {
    let digits = Timestamp(milliseconds: number * 3_600_000).compact
    func part(_ from: Int, _ count: Int) -> String { String(digits.dropFirst(from).prefix(count)) }
    return "year=\(part(0, 4))/month=\(part(4, 2))/day=\(part(6, 2))/hour=\(part(9, 2))"
  }

  /// `YYYYMMDDThhmmssZ`.
  var lastTime: String { String(Timestamp(milliseconds: last * 1000).compact.prefix(15)) + "Z" }
}

extension FeatureDatabase {
  /// Writes the records of each hour of event times into a file of its own, which `take` gets; how many
  /// files that were.
  func exportHours(
    _ known: KnownGroup, _ take: (FeatureHour, String) throws -> Void
  ) throws -> Int {
    let definition = known.group.definition
    let records = try sql(known).records
    let time = "r.\(SQLName.quoted(definition.eventTime))"
    let hour = "CAST(floor(\(time) / 3600) AS BIGINT)"
    let found = Table(
      csv: try answer(
        "SELECT \(hour), CAST(floor(max(\(time))) AS BIGINT) FROM (\(records)) AS r "
          + "GROUP BY 1 ORDER BY 1"))
    let hours = found.rows.compactMap { row in
      Int64(row[0]).flatMap { number in
        Int64(row[1]).map { FeatureHour(number: number, last: $0) }
      }
    }
    guard !hours.isEmpty else { return 0 }
    let features = definition.features.map { "r.\(SQLName.quoted($0.name))" }
    let ingestions = known.group.ingestions.map {
      "(\($0.sequence), make_timestamp(\($0.time.milliseconds * 1000)))"
    }
    let identifier = "r.\(SQLName.quoted(definition.recordIdentifier))"
    // One time stands for both: each batch came as a whole.
    let all = """
      CREATE TEMP TABLE hours AS SELECT \(hour) AS _hour, row_number() OVER (
          ORDER BY \(time), \(identifier), r.batch, r.batch_row) AS _row,
        \(features.joined(separator: ", ")), i.ingested AS write_time,
        i.ingested AS api_invocation_time, false AS is_deleted
      FROM (\(records)) AS r
        JOIN (VALUES \(ingestions.joined(separator: ", "))) AS i(batch, ingested)
          ON r.batch = i.batch
      """
    let copies = hours.enumerated().map { index, hour in
      "COPY (SELECT * EXCLUDE (_hour, _row) FROM hours WHERE _hour = \(hour.number) ORDER BY _row) "
        + "TO \(SQLValue.text(exported(index)).literal) (FORMAT parquet)"
    }
    try write(([all] + copies).joined(separator: ";\n"))
    for (index, hour) in hours.enumerated() { try take(hour, exported(index)) }
    return hours.count
  }
}

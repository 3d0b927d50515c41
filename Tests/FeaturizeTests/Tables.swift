// Makes and reads the tables of these tests with DuckDB.
import AtelierStep
import AtelierTesting
import Content
import DuckDB
import Foundation

/// A temporary folder with a DuckDB session.
struct Tables {
  let space: TemporarySpace
  private let context: StepContext

  init() throws {
    space = try TemporarySpace()
    try FileManager.default.createDirectory(
      atPath: space.path + "/scratch", withIntermediateDirectories: true)
    context = StepContext(
      directory: space.path, inputs: [:], outputs: [:],
      programs: ["duckdb": TestTools.path(of: "duckdb") ?? ""])
  }

  /// The path of a file in the folder.
  func path(_ name: String) -> String { "\(space.path)/\(name)" }

  /// The lines of a query's result without its header; null is `NULL`.
  func rows(_ sql: String, _ variables: [String: SQLValue] = [:]) throws -> [String] {
    try DuckDB(in: context).run(sql, with: variables)
      .split(whereSeparator: \.isNewline).dropFirst().map(String.init)
  }

  /// Writes events in the shape of the event table and gives the file's path.
  func events(_ name: String, _ events: [Event], tenant: String = "acme") throws -> String {
    let lines = events.map { "\($0.id),\($0.type),\($0.time),\($0.user ?? "")" }
    let csv = try space.write("\(name).csv", (["h,h,h,h"] + lines).joined(separator: "\n") + "\n")
    _ = try rows(
      """
      COPY (
        SELECT _id, eventType, make_timestamp(time) AS timestamp, 'test' AS producedBy,
          NULL::VARCHAR AS eventMergeId, {'cmle_id': cmle} AS "_\(tenant)",
          NULL::STRUCT(sends STRUCT(value DOUBLE)) AS directMarketing,
          NULL::STRUCT(webPageDetails STRUCT(name VARCHAR)) AS web
        FROM read_csv(getvariable('csv'), auto_detect = false, header = true, delim = ',',
          columns = {'_id': 'VARCHAR', 'eventType': 'VARCHAR', 'time': 'BIGINT', 'cmle': 'VARCHAR'})
        ORDER BY timestamp, _id
      ) TO (getvariable('parquet')) (FORMAT parquet);
      """, ["csv": .text(csv), "parquet": .text(path("\(name).parquet"))])
    return path("\(name).parquet")
  }
}

/// An experience event, as far as these steps look at it.
struct Event: Equatable {
  let id: String
  let type: String
  /// Microseconds since 1970.
  let time: Int64
  /// The user id; nil for an event without one.
  let user: String?
}

/// The digest of a file's bytes.
func digest(_ path: String) throws -> String { try Digest.of(file: path).digest.description }

/// The files below a folder, sorted.
func files(_ folder: String) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
}

// A delivery in a bucket as the programs see it that it is made for: pyarrow, boto3 and DuckDB.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs, .enabled(if: BucketServer.isInstalled, Comment(rawValue: BucketServer.absence)))
struct ExportClientTests {
  /// DuckDB's names of the types that pyarrow finds.
  private static let types = [
    "string": "VARCHAR", "int32": "INTEGER", "int64": "BIGINT", "double": "DOUBLE",
    "bool": "BOOLEAN", "timestamp[us]": "TIMESTAMP",
    "timestamp[us, tz=UTC]": "TIMESTAMP WITH TIME ZONE",
  ]

  /// DuckDB's answer to SQL, as JSON rows.
  private func duckdb(_ sql: String, _ space: Space) throws -> [JSONValue] {
    let finished = try Space.start(
      Space.tools["ATELIER_DUCKDB"] ?? "duckdb", ["-no-init", "-batch", "-json", "-c", sql],
      environment: Space.tools, folder: space.root)
    try #require(finished.code == 0, "\(finished.err)")
    return try JSONValue(parsing: finished.out).array ?? []
  }

  @Test func pyarrowBotoAndDuckDBReadWhatWasDelivered() throws {
    let server = try BucketServer.common.get()
    let bucket = try server.makeBucket()
    let space = try Space(server, bucket: bucket)
    let run = try space.run(["week3"])
    #expect(run.deliveries == ["week3.delivery": "delivered"])

    let folder = try TemporaryFolder()
    let finished = try Space.start(
      BucketServer.venv + "/bin/python",
      [
        TestTools.root + "/Tests/EndToEndTests/Cloud/read_exports.py", bucket,
        "cmle/cmle-featurized/",
        folder.path,
      ], environment: Space.tools.merging(space.environment) { $1 }, folder: space.root)
    try #require(finished.code == 0, "\(finished.err)")
    let found = try JSONValue(parsing: finished.out)

    // The bytes that boto3 brought are blobs of the local store.
    let paths = (found["names"]?.array ?? []).compactMap(\.string).map { folder($0) }
    #expect(paths.count == 2)
    for path in paths {
      let hex = try Digest.of(file: path).digest.hex
      let blob = "\(space.store)/.atelier/cas/sha256/\(hex.prefix(2))/\(hex)"
      #expect(FileManager.default.fileExists(atPath: blob), "\(path)")
    }

    // The rows are those that `show` prints.
    let shown = try JSONValue(
      parsing: space.atelier(["show", "week3.export", "--format", "json"]).out
    ).array
    #expect(shown?.isEmpty == false)
    #expect(found["rows"]?.array == shown)
    #expect(found["exports"]?.array?.count == 1)

    // The pinned DuckDB has no httpfs, and installing an extension needs the network: it reads the
    // files as boto3 brought them, which says nothing of DuckDB's own S3 client.
    let list = "[" + paths.map { "'\($0)'" }.joined(separator: ", ") + "]"
    let described = try duckdb("DESCRIBE FROM read_parquet(\(list))", space)
    let columns = described.map {
      [$0["column_name"]?.string ?? "", $0["column_type"]?.string ?? ""]
    }
    let seen = (found["columns"]?.array ?? []).map { column in
      let words = (column.array ?? []).compactMap(\.string)
      return [words.first ?? "", words.last.map { Self.types[$0] ?? $0 } ?? ""]
    }
    #expect(!columns.isEmpty && columns == seen)
    let count = try duckdb("SELECT count(*) AS n FROM read_parquet(\(list))", space)
    #expect(count.first?["n"]?.integer.map(Int.init) == shown?.count)
  }
}

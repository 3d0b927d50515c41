// Reads artifacts for people: tables through DuckDB where they are Parquet, else as they are.
import CSystem
import Content
import Engine
import Stores
import Subprocess

/// Turns artifacts into tables and texts.
struct ArtifactReader {
  let environment: EngineEnvironment
  let locator: ProgramLocator

  /// CSV of a table file by its media type, or nil where it is no table.
  func csv(_ paths: [String], mediaType: String) throws -> [UInt8]? {
    switch mediaType {
    case "text/csv":
      guard paths.count > 1 else { return try paths.first.map(FileSystem.read) }
      return try query(paths, reader: "read_csv", options: ", all_varchar = true")
    case "application/vnd.apache.parquet": return try query(paths, reader: "read_parquet")
    default: return nil
    }
  }

  /// CSV of the files of an export folder by their extension, or nil.
  func csv(filesIn folder: String) throws -> [UInt8]? {
    let names = FileSystem.names(in: folder).sorted()
    let paths = names.map { "\(folder)/\($0)" }
    if names.allSatisfy({ $0.hasSuffix(".parquet") }), !names.isEmpty {
      return try query(paths, reader: "read_parquet")
    }
    if names.allSatisfy({ $0.hasSuffix(".csv") || $0.contains(".csv.") }), !names.isEmpty {
      return try query(paths, reader: "read_csv", options: ", all_varchar = true")
    }
    if names.allSatisfy({ $0.contains(".json") }), !names.isEmpty {
      return try query(paths, reader: "read_json")
    }
    return nil
  }

  private func query(_ paths: [String], reader: String, options: String = "") throws -> [UInt8] {
    let list = paths.map {
      "'"
        + $0.split(separator: "'", omittingEmptySubsequences: false)
        .joined(separator: "''") + "'"
    }.joined(separator: ", ")
    let captured = try capture(
      Command(
        executable: try locator.path(of: .init("duckdb")),
        arguments: [
          "-no-init", "-batch", "-csv", "-nullvalue", "", "-c",
          "SET threads = 1; SET TimeZone = 'UTC'; SET autoload_known_extensions = false; "
            + "SELECT * FROM \(reader)([\(list)]\(options))",
        ], environment: ["HOME": "/nonexistent", "TZ": "UTC", "LC_ALL": "C.UTF-8"],
        supervised: false))
    guard captured.exit.succeeded else {
      throw UsageError("DuckDB cannot read the table: \(captured.errorText)")
    }
    return captured.stdout
  }
}

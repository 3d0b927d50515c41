// Reads artifacts for people: tables through DuckDB where they are Parquet, else as they are.
import CSystem
import CommandLine
import Content
import Execution
import Project
import Subprocess

/// Turns artifacts into tables and texts.
package struct ArtifactReader {
  package let environment: EngineEnvironment
  package let locator: ProgramLocator

  package init(environment: EngineEnvironment, locator: ProgramLocator) {
    self.environment = environment
    self.locator = locator
  }

  /// CSV of a table file by its media type, or nil where it is no table.
  package func csv(_ paths: [String], mediaType: String) throws -> [UInt8]? {
    switch mediaType {
    case "text/csv":
      guard paths.count > 1 else { return try paths.first.map(FileSystem.read) }
      return try query(paths, reader: "read_csv", options: ", all_varchar = true")
    case "application/vnd.apache.parquet": return try query(paths, reader: "read_parquet")
    default: return nil
    }
  }

  /// CSV of a tree that is laid out in a folder, or nil where it is no table.
  package func csv(ofTree record: OutputRecord, in folder: String) throws -> [UInt8]? {
    guard FeatureFiles.isKept(record.mediaType) else { return try csv(filesIn: folder) }
    let paths = FeatureFiles.parquet(below: folder)
    return paths.isEmpty
      ? nil : try query(paths, reader: "read_parquet", options: FeatureFiles.options)
  }

  /// CSV of the files of an export folder by their extension, or nil.
  package func csv(filesIn folder: String) throws -> [UInt8]? {
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

  /// The SQL table function that reads a table's files with the types of its columns; nil where
  /// they are no table.
  package func source(_ paths: [String], mediaType: String) -> String? {
    switch mediaType {
    case "text/csv": Self.typed("read_csv", paths)
    case "application/vnd.apache.parquet": Self.typed("read_parquet", paths)
    default: nil
    }
  }

  /// The same for the files of an export folder, by their extension.
  package func source(filesIn folder: String) -> String? {
    let names = FileSystem.names(in: folder).sorted()
    let paths = names.map { "\(folder)/\($0)" }
    guard !names.isEmpty else { return nil }
    if names.allSatisfy({ $0.hasSuffix(".parquet") }) { return Self.typed("read_parquet", paths) }
    if names.allSatisfy({ $0.hasSuffix(".csv") || $0.contains(".csv.") }) {
      return Self.typed("read_csv", paths)
    }
    return names.allSatisfy { $0.contains(".json") } ? Self.typed("read_json", paths) : nil
  }

  private static func typed(_ reader: String, _ paths: [String]) -> String {
    let options = reader == "read_csv" ? ", header = true, sample_size = -1" : ""
    return "\(reader)(\(list(paths))\(options))"
  }

  private static func list(_ paths: [String]) -> String {
    "["
      + paths.map {
        "'"
          + $0.split(separator: "'", omittingEmptySubsequences: false)
          .joined(separator: "''") + "'"
      }.joined(separator: ", ") + "]"
  }

  private func query(_ paths: [String], reader: String, options: String = "") throws -> [UInt8] {
    try answer("SELECT * FROM \(reader)(\(Self.list(paths))\(options))")
  }

  /// What DuckDB answers to a query, as CSV with a header.
  package func answer(_ query: String) throws -> [UInt8] {
    let captured = try capture(
      Command(
        executable: try locator.path(of: .init("duckdb")),
        arguments: [
          "-no-init", "-batch", "-csv", "-nullvalue", "", "-c",
          "SET threads = 1; SET TimeZone = 'UTC'; SET autoload_known_extensions = false; "
            + query,
        ], environment: ["HOME": "/nonexistent", "TZ": "UTC", "LC_ALL": "C.UTF-8"],
        supervised: false))
    guard captured.exit.succeeded else {
      throw UsageError("DuckDB cannot read the table: \(captured.errorText)")
    }
    return captured.stdout
  }
}

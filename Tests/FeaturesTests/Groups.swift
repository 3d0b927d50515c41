// Makes tables, records and histories for these tests, and reads what steps made of them.
import AtelierStep
import AtelierTesting
import Content
import DuckDB
import Features
import Foundation
import LearningFormats

/// A temporary folder with a DuckDB session.
struct Groups {
  let space: TemporarySpace

  init() throws {
    space = try TemporarySpace()
    try space.write("scratch/none", "")
  }

  func path(_ name: String) -> String { "\(space.path)/\(name)" }

  private var context: StepContext {
    StepContext(
      directory: space.path, inputs: [:], outputs: [:],
      programs: ["duckdb": TestTools.path(of: "duckdb") ?? ""])
  }

  /// The lines of a query's result without its header; null is `NULL`.
  func rows(_ sql: String, _ variables: [String: SQLValue] = [:]) throws -> [String] {
    try DuckDB(in: context).run(sql, with: variables)
      .split(whereSeparator: \.isNewline).dropFirst().map(String.init)
  }

  /// The rows of a Parquet file, as CSV.
  func rows(of path: String, _ columns: String = "*") throws -> [String] {
    // A folder such as event_date=2026-01-01 is no column.
    try rows(
      "SELECT \(columns) FROM read_parquet(getvariable('p'), hive_partitioning = false);",
      ["p": .text(path)])
  }

  /// The rows of a step's output, which is a Parquet file.
  func rows(
    _ output: String, of result: StepHarness.Result, _ columns: String = "*"
  ) throws -> [String] {
    try withExtendedLifetime(result) {
      try rows(of: result.outputs[output] ?? "", columns)
    }
  }

  /// A table with the row numbers of its rows, by an SQL relation such as `VALUES ... t(a, b)`.
  func table(_ name: String, _ relation: String) throws -> String {
    let path = path("\(name).parquet")
    _ = try rows(
      """
      COPY (SELECT row_number() OVER () AS row, * FROM \(relation))
      TO (getvariable('p')) (FORMAT parquet);
      """, ["p": .text(path)])
    return path
  }

  /// Copies the records of some ingestions into one history; `definition` is the newest one.
  func history(_ name: String, _ batches: [StepHarness.Result]) throws -> String {
    let tree = path(name)
    for (index, batch) in batches.enumerated() {
      let number = String(index + 1)
      let folder = "\(tree)/batches/\(String(repeating: "0", count: 8 - number.count))\(number)"
      let records = batch.outputs["records"] ?? ""
      for day in try FileManager.default.contentsOfDirectory(atPath: records)
      where day.hasPrefix("event_date=") {
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: "\(records)/\(day)", toPath: "\(folder)/\(day)")
      }
    }
    let definitions = try batches.map { batch in
      let path = "\(batch.outputs["records"] ?? "")/group.json"
      return try FeatureDefinition(
        json: JSONValue(parsing: String(contentsOfFile: path, encoding: .utf8)))
    }
    let newest = try definitions.dropFirst().reduce(definitions[0]) { try $0.evolved(by: $1) }
    try Data(newest.json.canonicalBytes()).write(to: URL(fileURLWithPath: "\(tree)/group.json"))
    return tree
  }
}

/// The digests of all files of a tree, by their paths.
func digests(_ tree: String) throws -> [String: String] {
  var all: [String: String] = [:]
  for path in try FileManager.default.subpathsOfDirectory(atPath: tree) {
    var isFolder: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: "\(tree)/\(path)", isDirectory: &isFolder)
    if !isFolder.boolValue { all[path] = try Digest.of(file: "\(tree)/\(path)").digest.hex }
  }
  return all
}

// How SQL reads an input and writes an output, by the file's extension. It runs nothing.
import AtelierStep
import DuckDB

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The files of a table, as DuckDB reads and writes them.
public enum SQLFileFormat: String, Sendable, CaseIterable {
  case parquet, csv, json, jsonl

  /// The endings of the files that SQL can read, in words.
  public static let endings = allCases.map(\.rawValue).joined(separator: ", ")

  /// The table function over files, whose paths are an SQL expression.
  ///
  /// Types of text are found by all of its rows, not by the first ones.
  func reading(_ files: String) -> String {
    switch self {
    case .parquet: "read_parquet(\(files))"
    case .csv:
      "read_csv(\(files), header = true, delim = ',', quote = '\"', escape = '\"', "
        + "sample_size = -1)"
    case .json: "read_json(\(files), sample_size = -1)"
    case .jsonl: "read_json(\(files), format = 'newline_delimited', sample_size = -1)"
    }
  }

  /// The options of COPY; equal rows give equal bytes.
  var writing: String {
    switch self {
    case .parquet:
      "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880"
    case .csv: "FORMAT csv, HEADER true"
    case .json: "FORMAT json, ARRAY true"
    case .jsonl: "FORMAT json, ARRAY false"
    }
  }

  /// The format of a file by its name; nil for another ending.
  init?(path: String) {
    var name = path[...]
    // DuckDB unpacks text by these endings.
    for ending in [".gz", ".zst"] where name.hasSuffix(ending) {
      name = name.dropLast(ending.count)
    }
    guard let dot = name.lastIndex(of: ".") else { return nil }
    self.init(rawValue: String(name[name.index(after: dot)...]))
  }
}

/// One input as a relation.
struct SQLRelation {
  /// The expression after FROM.
  let text: String

  /// The relation over an input's files, or over all files of its trees.
  init(_ input: InputFiles, called name: String, in context: StepContext) throws {
    let paths = try input.paths(in: context).flatMap { try Self.files(at: $0) }
    let formats = Set(paths.map { SQLFileFormat(path: $0) })
    guard let format = formats.first.flatMap({ $0 }), formats.count == 1 else {
      throw StepFailure(
        "the input '\(name)' is no table: expected files that all end in one of "
          + SQLFileFormat.endings)
    }
    text = format.reading(SQLValue.list(paths.map { .text($0) }).literal)
  }

  private static func files(at path: String) throws -> [String] {
    // A file has no contents of a folder.
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      return [path]
    }
    return try names.sorted().flatMap {
      try files(at: "\(path)/\($0)")
    }
  }
}

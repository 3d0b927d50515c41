// DuckDB over the files of feature groups: it can read those and nothing else, and write nothing.
#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import AtelierStep
import CommandLine
import DuckDB
import FeatureSQL
import Project
import Subprocess

final class FeatureDatabase {
  /// How an answer is written.
  enum Form: String {
    case csv = "-csv"
    case json = "-json"
    /// An object a line.
    case jsonLines = "-jsonlines"
  }

  private let program: String
  private let folder: String
  private let token: CancellationToken
  /// The files that may be read.
  private var files: Set<String> = []
  private var links = 0

  /// Call `remove` in the end; a cancelled answer throws.
  init(_ locator: ProgramLocator, _ token: CancellationToken) throws {
    self.token = token
    program = try locator.path(of: .duckdb)
    let temporary = FileManager.default.temporaryDirectory.path
    folder =
      (FileSystem.resolved(temporary) ?? temporary) + "/atelier-features-" + UUID().uuidString
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
  }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  /// What a group means; its files become readable.
  ///
  /// They are read through links with plain names: those of a store may hold what is a pattern to
  /// DuckDB, and what says nothing of their format.
  func sql(_ known: KnownGroup) throws -> FeatureSQL {
    let files = try known.files().map { file in
      self.files.insert(FileSystem.resolved(file.path) ?? file.path)
      links += 1
      let link = "\(folder)/\(links).parquet"
      try FileManager.default.createSymbolicLink(
        atPath: link, withDestinationPath: file.path)
      return FeatureSQL.File(path: link, batch: file.batch)
    }
    return FeatureSQL(known.group.definition, files: files)
  }

  /// What DuckDB answers to a query of ours.
  func answer(_ query: String, as form: Form = .csv) throws -> [UInt8] {
    try run(query, opening: "", as: form)
  }

  /// The folder that DuckDB may write into.
  private var exports: String { folder + "/export" }

  /// The path of a file that is written for others.
  func exported(_ number: Int) -> String { "\(exports)/\(number).parquet" }

  /// Runs statements of ours that write such files.
  func write(_ statements: String) throws {
    try FileManager.default.createDirectory(atPath: exports, withIntermediateDirectories: true)
    let allowed = SQLValue.list([.text(exports)]).literal
    _ = try run(statements, opening: "SET allowed_directories = \(allowed);\n", as: .csv)
  }

  /// What DuckDB answers to a query of the user's, who sees `views`.
  ///
  /// `query()` takes one SELECT and no other statement, in one line, so that nothing in it is a
  /// command of the program.
  func answer(asked query: String, views: String, as form: Form) throws -> [UInt8] {
    guard !query.utf8.contains(0) else {
      throw UsageError("SQL must not hold a NUL character; take it out")
    }
    return try run("FROM query(\(Self.literal(query)))", opening: views, as: form)
  }

  /// A text as a literal on one line.
  private static func literal(_ text: String) -> String {
    var literal = "E'"
    for character in text.unicodeScalars {
      switch character {
      case "'": literal += "''"
      case "\\": literal += "\\\\"
      case "\n": literal += "\\n"
      case "\r": literal += "\\r"
      default: literal.unicodeScalars.append(character)
      }
    }
    return literal + "'"
  }

  private func run(_ query: String, opening: String, as form: Form) throws -> [UInt8] {
    let script = "\(folder)/query.sql"
    let allowed = SQLValue.list(files.sorted().map { .text($0) }).literal
    let text =
      DuckDB.settings(scratch: "\(folder)/duckdb") + "SET allowed_paths = \(allowed);\n" + opening
      + "SET enable_external_access = false;\nSET lock_configuration = true;\n\(query);\n"
    try text.write(toFile: script, atomically: false, encoding: .utf8)
    let captured = try capture(
      Command(
        executable: program,
        arguments: [
          "-no-init", "-no-stdin", "-batch", "-bail", form.rawValue, "-nullvalue", "", "-f", script,
        ], environment: ["HOME": "/nonexistent", "TZ": "UTC", "LC_ALL": "C.UTF-8"],
        directory: folder, supervised: false), cancelled: token)
    guard captured.exit.succeeded else {
      throw UsageError(Self.message(captured.errorText))
    }
    return form == .csv ? captured.stdout : Self.plainNumbers(captured.stdout)
  }

  /// DuckDB's message without the lines that show our own statement, or where it failed inside.
  static func message(_ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      .drop { $0.isEmpty }
      .prefix { !$0.isEmpty && !$0.hasPrefix("LINE ") && !$0.hasPrefix("Stack Trace") }
    return lines.isEmpty ? "DuckDB failed" : lines.joined(separator: " ")
  }

  /// JSON has no NaN and no Infinity, which DuckDB prints bare: they become null.
  static func plainNumbers(_ bytes: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var isText = false
    var position = 0
    let names = ["-Infinity", "Infinity", "NaN"].map { Array($0.utf8) }
    while position < bytes.count {
      let byte = bytes[position]
      if isText, byte == UInt8(ascii: "\\"), position + 1 < bytes.count {
        out += bytes[position...position + 1]
        position += 2
        continue
      }
      if byte == UInt8(ascii: "\"") { isText.toggle() }
      if !isText,
        byte == UInt8(ascii: "-") || byte == UInt8(ascii: "I") || byte == UInt8(ascii: "N"),
        let name = names.first(where: { bytes[position...].starts(with: $0) })
      {
        out += "null".utf8
        position += name.count
        continue
      }
      out.append(byte)
      position += 1
    }
    return out
  }
}

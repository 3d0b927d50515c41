// Wires a workshop's table: the user's own file or URL, or what the workshop simulates.
import Atelier
import AtelierStep
import LearningFormats
import Source

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Where a workshop's table comes from, by two keys of its configuration.
///
/// `data` is a path (relative to the project's root), `s3://bucket/key`, or an http(s) URL; empty for
/// the simulation. `sha256` is the file's digest: a URL needs it, a path and an object may have it.
public struct TableInput: Sendable {
  private let section: String
  private let data: String
  private let sha256: String
  private let isInBucket: Bool
  private let root: String

  /// Reads the keys `data` and `sha256` of a section, which the workshop declares by `settings(_:)`.
  public init(_ settings: Settings, section: String) throws {
    self.section = section
    data = try settings.string(section, "data")
    sha256 = try settings.string(section, "sha256")
    isInBucket = try settings.s3URL(section, "data") != nil
    root = settings.projectRoot
    if !data.isEmpty || !sha256.isEmpty { try check() }
  }

  /// The declarations of the two keys.
  public static func settings(_ section: String) -> [Setting] {
    [
      Setting(
        section, "data", default: "",
        "table of your own (\(TableFileFormat.endings)): a path, s3://bucket/key or an http(s) URL; "
          + "empty: simulated"),
      Setting(
        section, "sha256", default: "", "SHA-256 of that file; needed for a URL"),
    ]
  }

  /// The table with its declared columns, as the steps `<stage>.file` or `<stage>.download`,
  /// `<stage>.workbook` for .xlsx, and `<stage>.table`.
  ///
  /// `dateFormat` says how a workbook's dates are written before the schema reads them.
  /// `simulation` wires the step that makes a CSV file where the configuration gives none.
  public func wire(
    _ p: inout PipelineBuilder, stage: String, schema: TableSchema,
    dateFormat: String = "%Y-%m-%d %H:%M:%S", limits: StepLimits? = nil,
    simulation: (inout PipelineBuilder) throws -> Artifact<TableFile>
  ) throws -> Artifact<DataTable> {
    guard !data.isEmpty else {
      // What we write ourselves is plain.
      var plain = schema
      plain.quotedRows = false
      let file = try simulation(&p)
      return try p.add(
        "\(stage).table", ImportTable(file: file, format: .csv, schema: plain), limits: limits
      ).table
    }
    var file = try given(&p, stage)
    var format = try format()
    // A download has compared the digest already.
    var digest = isURL ? "" : sha256
    if format == .workbook {
      file = try p.add(
        "\(stage).workbook", ReadWorkbook(file: file, dateFormat: dateFormat, sha256: digest),
        limits: limits
      ).rows
      format = .csv
      digest = ""
    }
    return try p.add(
      "\(stage).table",
      ImportTable(file: file, format: format, schema: schema, sha256: digest), limits: limits
    ).table
  }

  private var isURL: Bool { data.hasPrefix("http://") || data.hasPrefix("https://") }

  private func given(
    _ p: inout PipelineBuilder, _ stage: String
  ) throws -> Artifact<TableFile> {
    if isURL {
      return try p.add(
        "\(stage).download", Download<TableFile>(url: data, sha256: sha256)
      ).file
    }
    let isAbsolute = data.hasPrefix("/") || isInBucket
    return try p.source(
      "\(stage).file", path: isAbsolute ? data : "\(root)/\(data)", as: TableFile.self)
  }

  private func format() throws -> TableFileFormat {
    guard let format = TableFileFormat(path: data) else {
      throw SettingError(
        section, "data", "'\(data)' should end in one of \(TableFileFormat.endings)")
    }
    return format
  }

  private func check() throws {
    guard !data.isEmpty else {
      throw SettingError(section, "sha256", "it is of no file: give [\(section)] data, too")
    }
    _ = try format()
    let digits = sha256.lowercased().hasPrefix("sha256:") ? sha256.dropFirst(7) : sha256[...]
    let isDigest =
      digits.utf8.count == 64 && digits.allSatisfy { $0.isASCII && $0.isHexDigit }
    guard isDigest || (sha256.isEmpty && !isURL) else {
      throw SettingError(
        section, "sha256",
        sha256.isEmpty
          ? "a URL needs the SHA-256 of its file: 64 hexadecimal digits"
          : "'\(sha256)' is no SHA-256: give 64 hexadecimal digits")
    }
  }
}

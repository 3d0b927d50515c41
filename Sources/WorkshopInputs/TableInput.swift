// Wires a workshop's table: the user's own file or URL, or what the workshop simulates.
import Atelier
import AtelierStep
import LearningFormats
import Source

/// Where a workshop's table comes from, by three keys of its configuration.
///
/// `data` is a path (relative to the project's root), `s3://bucket/key`, or an http(s) URL; empty for
/// the simulation. `sha256` is the file's digest: a URL needs it, a path and an object may have it.
/// `sheet` names the sheet of a workbook.
public struct TableInput: SettingsGroup {
  /// The path or URL, as typed; empty for the simulation.
  @Setting public var data: String
  @Setting var sha256: String
  @Setting var sheet: String

  /// The settings of a section.
  public init(section: String) {
    _data = Setting(
      wrappedValue: "", section, "data",
      "table of your own (\(TableFileFormat.endings)): a path, s3://bucket/key or an http(s) URL; "
        + "empty: simulated")
    _sha256 = Setting(
      wrappedValue: "", section, "sha256", "SHA-256 of that file; needed for a URL")
    _sheet = Setting(
      wrappedValue: "", section, "sheet",
      "sheet of a workbook, by name or number; needed where more than one is visible")
  }

  /// Checks that the three go together; the file is not read.
  public func check() throws {
    let address = try address()
    _ = try $data.bucketURL()
    guard !data.isEmpty else {
      guard sha256.isEmpty else {
        throw $sha256.error(
          "it is of no file: give [\($data.declaration.section)] data, too")
      }
      return
    }
    guard try format() == .workbook || sheet.isEmpty else {
      throw $sheet.error(
        "'\(sheet)' names a sheet, and \(try shown()) is not a workbook (.xlsx)")
    }
    let digits = sha256.lowercased().hasPrefix("sha256:") ? sha256.dropFirst(7) : sha256[...]
    let isDigest =
      digits.utf8.count == 64 && digits.allSatisfy { $0.isASCII && $0.isHexDigit }
    guard isDigest || (sha256.isEmpty && address == nil) else {
      throw $sha256.error(
        sha256.isEmpty
          ? "a URL needs the SHA-256 of its file: 64 hexadecimal digits"
          : "'\(sha256)' is not a SHA-256: give 64 hexadecimal digits")
    }
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
      return p.add(
        "\(stage).table", ImportTable(file: file, format: .csv, schema: plain), limits: limits
      ).table
    }
    var file = try given(&p, stage, limits)
    let format = try format()
    // A download has compared the digest already.
    var digest = try address() == nil ? sha256 : ""
    if format == .workbook {
      file =
        p.add(
          "\(stage).workbook",
          ReadWorkbook(
            file: file, sheet: sheet, dateFormat: dateFormat, sha256: digest, name: try shown()),
          limits: limits
        ).rows
      digest = ""
    }
    return p.add(
      "\(stage).table",
      ImportTable(file: file, format: format, schema: schema, sha256: digest, name: try shown()),
      limits: limits
    ).table
  }

  /// The file as the user calls it, without what may be secret.
  private func shown() throws -> String { try address()?.shown ?? data }

  private func given(
    _ p: inout PipelineBuilder, _ stage: String, _ limits: StepLimits?
  ) throws -> Artifact<TableFile> {
    if try address() != nil {
      // The download itself knows which failures may pass, so the scheduler repeats none.
      return try p.add(
        "\(stage).download",
        Download<TableFile>(url: data, sha256: sha256, retries: limits?.retries ?? 3),
        limits: StepLimits(timeout: limits?.timeout)
      ).file
    }
    let isInBucket = try $data.bucketURL() != nil
    return p.source("\(stage).file", path: isInBucket ? data : p.path(data), as: TableFile.self)
  }

  private func format() throws -> TableFileFormat {
    guard let format = TableFileFormat(path: data) else {
      throw $data.error("'\(try shown())' should end in one of \(TableFileFormat.endings)")
    }
    return format
  }

  /// The URL on the web; nil where `data` is something else.
  private func address() throws -> DownloadAddress? {
    if data.hasPrefix("~") {
      throw $data.error("'\(data)' begins with ~, which only a shell expands; give the whole path")
    }
    guard DownloadAddress.isMeant(by: data) else { return nil }
    return try $data.checked { try DownloadAddress(data) }
  }
}

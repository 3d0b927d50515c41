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
public struct TableInput: Sendable {
  private let section: String
  private let data: String
  private let sha256: String
  private let sheet: String
  /// Set where `data` is a URL.
  private let address: DownloadAddress?
  private let isInBucket: Bool
  private let root: String

  /// Reads the keys of a section, which the workshop declares by `settings(_:)`.
  public init(_ settings: Settings, section: String) throws {
    self.section = section
    data = try settings.string(section, "data")
    sha256 = try settings.string(section, "sha256")
    sheet = try settings.string(section, "sheet")
    isInBucket = try settings.s3URL(section, "data") != nil
    root = settings.projectRoot
    address = try Self.address(data, section)
    if !data.isEmpty || !sha256.isEmpty { try check() }
  }

  /// The declarations of the keys.
  public static func settings(_ section: String) -> [Setting] {
    [
      Setting(
        section, "data", default: "",
        "table of your own (\(TableFileFormat.endings)): a path, s3://bucket/key or an http(s) URL; "
          + "empty: simulated"),
      Setting(
        section, "sha256", default: "", "SHA-256 of that file; needed for a URL"),
      Setting(
        section, "sheet", default: "",
        "sheet of a workbook, by name or number; needed where more than one is visible"),
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
      return p.add(
        "\(stage).table", ImportTable(file: file, format: .csv, schema: plain), limits: limits
      ).table
    }
    var file = try given(&p, stage, limits)
    let format = try format()
    // A download has compared the digest already.
    var digest = address == nil ? sha256 : ""
    if format == .workbook {
      file =
        p.add(
          "\(stage).workbook",
          ReadWorkbook(
            file: file, sheet: sheet, dateFormat: dateFormat, sha256: digest, name: shown),
          limits: limits
        ).rows
      digest = ""
    }
    return p.add(
      "\(stage).table",
      ImportTable(file: file, format: format, schema: schema, sha256: digest, name: shown),
      limits: limits
    ).table
  }

  /// The file as the user calls it, without what may be secret.
  private var shown: String { address?.shown ?? data }

  private func given(
    _ p: inout PipelineBuilder, _ stage: String, _ limits: StepLimits?
  ) throws -> Artifact<TableFile> {
    if address != nil {
      // The download itself knows which failures may pass, so the scheduler repeats none.
      return try p.add(
        "\(stage).download",
        Download<TableFile>(url: data, sha256: sha256, retries: limits?.retries ?? 3),
        limits: StepLimits(timeout: limits?.timeout)
      ).file
    }
    let isAbsolute = data.hasPrefix("/") || isInBucket
    return p.source(
      "\(stage).file", path: isAbsolute ? data : "\(root)/\(data)", as: TableFile.self)
  }

  private func format() throws -> TableFileFormat {
    guard let format = TableFileFormat(path: data) else {
      throw SettingError(
        section, "data", "'\(shown)' should end in one of \(TableFileFormat.endings)")
    }
    return format
  }

  private static func address(_ data: String, _ section: String) throws -> DownloadAddress? {
    if data.hasPrefix("~") {
      throw SettingError(
        section, "data", "'\(data)' begins with ~, which only a shell expands; give the whole path")
    }
    guard DownloadAddress.isMeant(by: data) else { return nil }
    do {
      return try DownloadAddress(data)
    } catch let failure as StepFailure {
      throw SettingError(section, "data", failure.description)
    }
  }

  private func check() throws {
    guard !data.isEmpty else {
      throw SettingError(section, "sha256", "it is of no file: give [\(section)] data, too")
    }
    guard try format() == .workbook || sheet.isEmpty else {
      throw SettingError(
        section, "sheet", "'\(sheet)' names a sheet, and \(shown) is not a workbook (.xlsx)")
    }
    let digits = sha256.lowercased().hasPrefix("sha256:") ? sha256.dropFirst(7) : sha256[...]
    let isDigest =
      digits.utf8.count == 64 && digits.allSatisfy { $0.isASCII && $0.isHexDigit }
    guard isDigest || (sha256.isEmpty && address == nil) else {
      throw SettingError(
        section, "sha256",
        sha256.isEmpty
          ? "a URL needs the SHA-256 of its file: 64 hexadecimal digits"
          : "'\(sha256)' is not a SHA-256: give 64 hexadecimal digits")
    }
  }
}

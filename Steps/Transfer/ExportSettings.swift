// Which file formats and compressions an export may have. It writes nothing.
import AtelierStep
import PropensityFormats

/// A format and a compression that go together.
struct ExportSettings {
  enum Compression: String { case gzip, snappy, zstd, none }

  let format: ExportFormat
  let compression: Compression

  /// Reads the settings as the configuration spells them.
  init(dataFormat: String, compression: String) throws {
    guard let format = ExportFormat(rawValue: dataFormat) else {
      throw StepFailure(
        "[Cloud] data_format is '\(dataFormat)': "
          + "use \(alternatives(ExportFormat.allCases.map(\.rawValue)))")
    }
    let allowed = Self.compressions(of: format)
    guard let own = Compression(rawValue: compression), allowed.contains(own) else {
      throw StepFailure(
        "[Cloud] compression_type is '\(compression)', which data_format '\(dataFormat)' "
          + "does not have: use \(alternatives(allowed.map(\.rawValue)))")
    }
    self.format = format
    self.compression = own
  }

  private static func compressions(of format: ExportFormat) -> [Compression] {
    switch format {
    case .parquet: [.gzip, .snappy, .zstd, .none]
    case .csv, .json: [.gzip, .zstd, .none]
    }
  }

  /// The name of a part's file: Parquet compresses inside, other files show it in their ending.
  func fileName(ofPart index: Int) -> String {
    let digits = String(index)
    let number = String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    let outer =
      switch (format, compression) {
      case (.csv, .gzip), (.json, .gzip): ".gz"
      case (.csv, .zstd), (.json, .zstd): ".zst"
      default: ""
      }
    return "part-\(number).\(format.rawValue)\(outer)"
  }

  /// The compression as DuckDB spells it.
  var duckDBCompression: String { compression == .none ? "uncompressed" : compression.rawValue }

  /// The statement that writes one part.
  var script: Script {
    switch format {
    case .parquet: SQLFile.exportParquet
    case .csv: SQLFile.exportCsv
    case .json: SQLFile.exportJson
    }
  }
}

private func alternatives(_ names: [String]) -> String {
  names.count < 2
    ? names.joined()
    : names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
}

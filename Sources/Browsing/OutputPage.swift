// One output of a run: its beginning, and the bytes of a picture.
import Content
import Inspection
import Project
import Report
import ReportBuilding

/// Values for the page of one output.
package struct OutputPage {
  /// A longer picture is not shown.
  private static let mostBytes: Int64 = 8 << 20

  private let results: RunResults
  private let reader: ArtifactReader
  private let output: RunResults.Output

  /// nil where the run has no such output.
  package init?(_ browsed: BrowsedStore, _ run: BrowsedRun, step: String, output: String) throws {
    guard let results = try RunPage(browsed, run).results(),
      let found = results.outputs.first(where: { $0.step == step && $0.output == output })
    else { return nil }
    self.results = results
    self.output = found
    reader = ArtifactReader(
      environment: results.environment,
      locator: try browsed.session(of: run.record.workshop).locator)
  }

  /// The first rows, lines or files of the output.
  package func preview() -> JSONValue? {
    guard
      let entry = ReportArtifacts(results, reader).entry(step: output.step, output: output.output)
    else {
      return nil
    }
    var fields: [String: JSONValue] = [
      "v": 1, "name": .string(entry.name), "mediaType": .string(entry.mediaType),
      "size": .string(entry.size), "digest": .string(output.record.digest.description),
      "isPicture": .bool(isPicture), "note": entry.note.map(JSONValue.string) ?? .null,
      "rows": entry.rows.map { .integer(Int64($0)) } ?? .null,
    ]
    if isPicture { fields["note"] = .null }
    switch entry.preview {
    case .table(let columns, let rows):
      fields["table"] = [
        "columns": .array(columns.map(Self.cut)),
        "rows": .array(rows.map { .array($0.map(Self.cut)) }),
      ]
    case .text(let text): fields["text"] = .string(text)
    case .files(let files):
      fields["table"] = [
        "columns": ["file", "size"],
        "rows": .array(files.map { [.string($0.path), .string($0.size)] }),
      ]
    case .none: break
    }
    return .object(fields)
  }

  /// The bytes of a picture and their media type; nil for any other output.
  package func picture() -> (bytes: [UInt8], mediaType: String)? {
    guard isPicture, let bytes = results.bytes(output.record, atMost: Self.mostBytes) else {
      return nil
    }
    return (bytes, output.record.mediaType)
  }

  private var isPicture: Bool {
    output.record.kind == .file && ReportPictures.isPicture(output.record.mediaType)
  }

  /// A cell may be as long as an artifact.
  private static func cut(_ cell: String) -> JSONValue {
    let start = cell.unicodeScalars.prefix(500)
    return .string(start.count < cell.unicodeScalars.count ? String(start) + "\u{2026}" : cell)
  }
}

// Every output of a run with its beginning.

import Content
import Inspection
import LocalStores
import Report
import Terminal

/// Reads previews of artifacts.
package struct ReportArtifacts {
  private static let mostRows = 8
  private static let mostPointers = 40
  private static let mostFiles = 20
  /// A larger artifact is not looked into.
  private static let mostBytes: Int64 = 1 << 30
  private static let mostEntries = 300
  private static let mostFilesAtOnce = 500

  private let results: RunResults
  private let reader: ArtifactReader
  private let isSummary: Bool

  /// Of a summary no artifact is opened.
  package init(_ results: RunResults, _ reader: ArtifactReader, isSummary: Bool = false) {
    self.results = results
    self.reader = reader
    self.isSummary = isSummary
  }

  /// The outputs, numbered ones together, and what is left out.
  package func entries() -> ([ArtifactEntry], notes: [String]) {
    var groups: [[RunResults.Output]] = []
    var places: [String: Int] = [:]
    for output in results.outputs where ["hit", "built", "source"].contains(output.status) {
      let name = "\(output.family.map { "\($0).*" } ?? output.step).\(output.output)"
      if let place = places[name] {
        groups[place].append(output)
      } else {
        places[name] = groups.count
        groups.append([output])
      }
    }
    var notes = [
      "For numbered steps only the first output is shown. Delivered files are listed under the step that "
        + "made them."
    ]
    if groups.count > Self.mostEntries {
      notes.append("\(groups.count - Self.mostEntries) more kinds of outputs are left out.")
    }
    return (groups.prefix(Self.mostEntries).compactMap(entry), notes)
  }

  /// One output with its beginning; nil where the run has none of that name.
  package func entry(step: String, output: String) -> ArtifactEntry? {
    entry(results.outputs.filter { $0.step == step && $0.output == output })
  }

  private func entry(_ outputs: [RunResults.Output]) -> ArtifactEntry? {
    guard let first = outputs.first else { return nil }
    let record = first.record
    var entry = ArtifactEntry(
      name: first.family.map { "\($0).*.\(first.output)" } ?? first.name,
      mediaType: record.kind == .tree ? "folder" : record.mediaType,
      size: Text.size(outputs.reduce(0) { $0 + $1.record.size }),
      members: outputs.map {
        .init(
          name: $0.name, digest: $0.record.digest.description, size: Text.size($0.record.size))
      })
    entry.isNew = outputs.contains { $0.status == "built" }
    if isSummary { return entry }
    guard record.size <= Self.mostBytes else {
      entry.note = "Too large for a preview."
      return entry
    }
    do {
      if record.kind == .tree { try addFiles(record, to: &entry) }
      try addBeginning(outputs, to: &entry)
    } catch {
      entry.note = "No preview: \(PlainPaths.hidden(DisplayText.clean(Self.line("\(error)"))))"
    }
    return entry
  }

  private static func line(_ text: String) -> String {
    String(text.prefix { !$0.isNewline }.prefix(300))
  }

  private func addFiles(_ record: OutputRecord, to entry: inout ArtifactEntry) throws {
    try results.environment.fetch(record)
    let files = try results.environment.store.trees.manifest(of: record).entries
    entry.size = Text.size(files.reduce(0) { $0 + $1.size })
    entry.preview = .files(
      files.prefix(Self.mostFiles).map { (path: $0.path, size: Text.size($0.size)) })
    if files.count > Self.mostFiles {
      entry.note = "\(files.count - Self.mostFiles) more files are left out."
    }
  }

  private func addBeginning(
    _ outputs: [RunResults.Output], to entry: inout ArtifactEntry
  ) throws {
    guard let first = outputs.first?.record else { return }
    let isPicture = ReportPictures.isPicture(first.mediaType)
    if isPicture {
      entry.note = "Shown among the charts."
      return
    }
    if first.kind == .tree {
      let folders = TreeFolders(results.environment)
      defer { folders.remove() }
      guard let source = reader.source(filesIn: try folders.folder(of: first)) else { return }
      return try addTable(source, first: source, to: &entry)
    }
    guard
      (try? results.environment.store.objects.contains(first.digest)) == true
        || results.environment.shared != nil
    else {
      entry.note = "No preview: its bytes are not in the store."
      return
    }
    if first.mediaType == "text/csv", outputs.count == 1, first.size <= Metrics.largestSize {
      if let bytes = results.bytes(first, atMost: Metrics.largestSize) {
        add(Table(csv: bytes), rows: nil, to: &entry)
      }
      return
    }
    if first.mediaType.hasSuffix("json") || first.mediaType.hasPrefix("text/"),
      first.mediaType != "text/csv"
    {
      guard let bytes = results.bytes(first, atMost: Metrics.largestSize) else {
        entry.note = "Too long for a preview."
        return
      }
      addText(bytes, first.mediaType, to: &entry)
      return
    }
    // So many paths fit into one question to DuckDB.
    let counted = outputs.count > Self.mostFilesAtOnce ? Array(outputs.prefix(1)) : outputs
    for output in counted { try results.environment.fetch(output.record) }
    let paths = counted.map { results.environment.store.layout.blob($0.record.digest) }
    guard let all = reader.source(paths, mediaType: first.mediaType),
      let one = reader.source(Array(paths.prefix(1)), mediaType: first.mediaType)
    else {
      entry.note = "No preview of this kind."
      return
    }
    try addTable(all, first: one, to: &entry)
    if counted.count < outputs.count { entry.rows = nil }
  }

  /// Counts the rows of all members and reads the first ones of the first.
  private func addTable(
    _ all: String, first: String, to entry: inout ArtifactEntry
  ) throws {
    let answer = try reader.answer(
      "SELECT count(*) FROM \(all); SELECT * FROM \(first) LIMIT \(Self.mostRows)")
    // The first table has one line of head and one of the number.
    let lines = answer.split(separator: UInt8(ascii: "\n"), maxSplits: 2)
    guard lines.count > 1, let rows = Int(String(decoding: lines[1], as: UTF8.self)) else { return }
    add(Table(csv: lines.count > 2 ? Array(lines[2]) : []), rows: rows, to: &entry)
  }

  private func add(_ table: Table, rows: Int?, to entry: inout ArtifactEntry) {
    entry.rows = rows ?? table.rows.count
    entry.columns = table.columns.count
    let shown = Array(table.rows.prefix(Self.mostRows))
    let files = entry.note
    entry.preview = .table(columns: table.columns, rows: shown)
    let more = (entry.rows ?? 0) - shown.count
    entry.note = [files, more > 0 ? "\(Text.count(more, "more row"))." : nil].compactMap(\.self)
      .joined(separator: " ")
    if entry.note?.isEmpty == true { entry.note = nil }
  }

  private func addText(_ bytes: [UInt8], _ mediaType: String, to entry: inout ArtifactEntry) {
    guard mediaType.hasSuffix("json"), let document = try? JSONValue(parsing: bytes) else {
      entry.preview = .text(String(decoding: bytes.prefix(1 << 16), as: UTF8.self))
      return
    }
    let lines = JSONLines.flatten(document)
    entry.preview = .table(
      columns: ["pointer", "value"], rows: Array(lines.prefix(Self.mostPointers)))
    let more = lines.count - Self.mostPointers
    if more > 0 { entry.note = "\(Text.count(more, "more value"))." }
  }
}

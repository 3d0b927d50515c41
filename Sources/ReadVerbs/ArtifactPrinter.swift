// Prints artifacts in the form that was asked for. It finds none.
import Content
import Execution
import Inspection
import LocalStores
import Project
import Terminal

/// One output to print.
struct ShownArtifact {
  let name: String
  /// Where its bytes are; nil for a folder that is not laid out.
  let path: String?
  let record: OutputRecord

  var isTree: Bool { record.kind == .tree }
}

struct ArtifactPrinter {
  let environment: EngineEnvironment
  let reader: ArtifactReader
  let output: Console
  let pager: Pager
  /// Rows of a table at most, where it was given.
  let limit: Int?

  /// As given, else few on a terminal and all elsewhere.
  private var rows: Int { limit ?? (output.size == nil ? .max : 40) }

  func show(_ artifacts: [ShownArtifact], _ format: ShowVerb.Format) throws {
    guard let first = artifacts.first else { return }
    if format == .path {
      for one in artifacts { try output.data((one.path ?? "\(one.record.digest)") + "\n") }
      return
    }
    if first.isTree {
      for one in artifacts {
        if artifacts.count > 1 { output.message("\(one.name):") }
        try show(tree: one, format)
      }
      return
    }
    if let csv = try reader.csv(artifacts.compactMap(\.path), mediaType: first.record.mediaType) {
      return try show(csv: csv, format)
    }
    for one in artifacts { try show(file: one, format) }
  }

  private func show(tree: ShownArtifact, _ format: ShowVerb.Format) throws {
    let folders = TreeFolders(environment)
    defer { folders.remove() }
    if let csv = try reader.csv(ofTree: tree.record, in: folders.folder(of: tree.record)) {
      return try show(csv: csv, format)
    }
    try environment.fetch(tree.record)
    for entry in try environment.store.trees.manifest(of: tree.record).entries {
      try output.data("\(entry.digest)  \(entry.path)\n")
    }
  }

  private func show(csv: [UInt8], _ format: ShowVerb.Format) throws {
    switch format {
    case .csv: try output.data(csv)
    case .json: try output.data(Self.json(Table(csv: csv)))
    case .table, .path:
      let table = Table(csv: csv)
      let shown = table.upright(over: output.width)
      // The lines of one row are no rows to leave out.
      let isUpright = shown.columns != table.columns
      try pager.show(
        shown.text(limit: isUpright ? shown.rows.count : rows, width: output.width))
    }
  }

  private func show(file: ShownArtifact, _ format: ShowVerb.Format) throws {
    guard let path = file.path else { return }
    guard file.record.mediaType.hasSuffix("json") else {
      output.message(
        "\(file.record.mediaType), \(Text.size(file.record.size)): no table; its bytes are at")
      return try output.data(path + "\n")
    }
    let value = try JSONValue(parsing: try FileSystem.read(path))
    let table = Table(columns: ["pointer", "value"], rows: JSONLines.flatten(value))
    switch format {
    case .json: try output.data(value.canonicalText() + "\n")
    case .csv: try output.data(table.csv)
    case .table, .path: try pager.show(table.text(limit: rows, width: output.width))
    }
  }

  /// A column is one of numbers only if all its cells are: an identifier of many digits is text.
  static func json(_ table: Table) throws -> String {
    let isNumeric = table.columns.indices.map { column in
      table.rows.allSatisfy { row in
        column >= row.count || row[column].isEmpty || number(row[column]) != nil
      }
    }
    let rows = table.rows.map { row -> JSONValue in
      let cells = zip(row, isNumeric).map { cell, isNumeric -> JSONValue in
        if cell.isEmpty { return .null }
        return (isNumeric ? number(cell) : nil) ?? .string(cell)
      }
      return .object(
        Dictionary(zip(table.columns, cells), uniquingKeysWith: { first, _ in first }))
    }
    return try JSONValue.array(rows).canonicalText() + "\n"
  }

  /// The number that a cell holds; nil also for a whole one of more digits than an integer keeps.
  private static func number(_ cell: String) -> JSONValue? {
    switch try? JSONValue(parsing: cell) {
    case .integer(let value): .integer(value)
    case .number(let value) where cell.contains { ".eE".contains($0) }: .number(value)
    default: nil
    }
  }
}

// The files of a folder of real events, also as Spark and other writers lay them out. It reads none.
import Atelier
import Source

/// One file of events and how it is read.
struct EventFolderFile: Hashable {
  /// The path or URL.
  let path: String
  /// What the user calls it: the folder as typed, and the path in it.
  let name: String
  let format: EventFileFormat
  let isGzipped: Bool
}

/// Finds the files below a folder or a prefix of a bucket.
///
/// Folders are entered, `key=value` ones too. Names that begin with `.` or `_` are left out: writers
/// keep their own notes there (`_SUCCESS`, `_metadata`, `.part-0.crc`).
struct EventFolder {
  /// What the user typed.
  let name: String
  /// The path or URL.
  let path: String
  /// The format of files whose names do not tell one: the platform's are Parquet.
  var assumed: EventFileFormat? = nil

  private static let deepest = 16

  /// The files in the order of their paths.
  func files(_ p: inout PipelineBuilder) throws -> [EventFolderFile] {
    var files: [EventFolderFile] = []
    try collect(path, name, depth: 0, &p, &files)
    return files
  }

  private func collect(
    _ path: String, _ name: String, depth: Int, _ p: inout PipelineBuilder,
    _ files: inout [EventFolderFile]
  ) throws {
    guard depth <= Self.deepest else {
      throw SettingError(
        "Atelier", "events", "\(name) lies \(depth) folders deep; expected at most \(Self.deepest)")
    }
    for entry in try p.names(inFolder: path) where !entry.hasPrefix(".") && !entry.hasPrefix("_") {
      let bare = entry.hasSuffix("/") ? String(entry.dropLast()) : entry
      let (inner, shown) = (Self.joined(path, bare), Self.joined(name, bare))
      if entry.hasSuffix("/") || p.isFolder(inner) {
        try collect(inner, shown, depth: depth + 1, &p, &files)
      } else {
        let file = try file(inner, shown)
        // Writers leave empty text for partitions without rows; an empty Parquet file is damaged.
        if try file.format == .parquet || !p.isEmptyFile(inner) { files.append(file) }
      }
    }
  }

  private func file(_ path: String, _ name: String) throws -> EventFolderFile {
    var ending = name.lowercased()
    let isGzipped = ending.hasSuffix(".gz")
    if isGzipped { ending.removeLast(3) }
    let format = ending.lastIndex(of: ".").flatMap {
      EventFileFormat(fileExtension: String(ending[ending.index(after: $0)...]))
    }
    if format == nil, let assumed {
      return EventFolderFile(path: path, name: name, format: assumed, isGzipped: false)
    }
    guard let format, !(isGzipped && format == .parquet) else {
      throw SettingError(
        "Atelier", "events",
        "\(name): expected .parquet, .csv, .json, .jsonl or .ndjson (text also with .gz)")
    }
    return EventFolderFile(path: path, name: name, format: format, isGzipped: isGzipped)
  }

  private static func joined(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }
}

// What a layer holds, by path: folders, files and links, always in one order. It reads no file.

/// What is at a path of a layer.
package enum LayerContent: Sendable, Hashable {
  case folder
  /// A copy of a file of this machine.
  case file(source: String)
  case bytes([UInt8])
  /// A symbolic link with its target as it is written.
  case link(to: String)
}

/// The paths of a layer, each once, with the folders above them.
///
/// Owner, group and times of all entries are fixed by the writer.
package struct LayerTree: Sendable {
  /// What is at a path, with the bits of its mode.
  package struct Entry: Sendable, Hashable {
    package let content: LayerContent
    package let mode: UInt32
  }

  private var entries: [String: Entry] = [:]

  package init() {}

  /// Whether there is nothing in it.
  package var isEmpty: Bool { entries.isEmpty }

  /// Paths without a leading slash and their entries, folders before what is in them.
  package var sorted: [(path: String, entry: Entry)] {
    entries.map { ($0.key, $0.value) }.sorted {
      $0.path.utf8.lexicographicallyPrecedes($1.path.utf8)
    }
  }

  /// The tree in parts, by the name that `part` gives for a path; each has the folders above its
  /// own paths.
  package func parts(by part: (String) -> String) -> [String: LayerTree] {
    var parts: [String: LayerTree] = [:]
    for (path, entry) in sorted {
      let name = part(path)
      parts[name, default: LayerTree()].entries[path] = entry
      var rest = path
      while let slash = rest.lastIndex(of: "/") {
        rest = String(rest[..<slash])
        parts[name, default: LayerTree()].entries[rest] = entries[rest]
      }
    }
    return parts
  }

  /// Adds a folder, and those above it; a folder that is there keeps its mode.
  package mutating func addFolder(_ path: String, mode: UInt32 = 0o755) throws(ImageError) {
    try add(.folder, at: path, mode: mode)
  }

  /// Adds a file, and the folders above it.
  package mutating func addFile(
    _ path: String, from source: String, isExecutable: Bool
  ) throws(ImageError) {
    try add(.file(source: source), at: path, mode: isExecutable ? 0o755 : 0o644)
  }

  /// Adds a file of these bytes, and the folders above it.
  package mutating func addFile(_ path: String, _ bytes: [UInt8]) throws(ImageError) {
    try add(.bytes(bytes), at: path, mode: 0o644)
  }

  /// Adds a symbolic link, and the folders above it.
  package mutating func addLink(_ path: String, to target: String) throws(ImageError) {
    try add(.link(to: target), at: path, mode: 0o777)
  }

  private mutating func add(
    _ content: LayerContent, at path: String, mode: UInt32
  ) throws(ImageError) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
    guard !parts.isEmpty else { return }
    guard !parts.contains(where: { [".", ".."].contains($0) || $0.hasPrefix(".wh.") }),
      !path.utf8.contains(0)
    else { throw .unsuitable(path: path) }
    for count in 1..<parts.count {
      let above = parts[..<count].joined(separator: "/")
      try put(Entry(content: .folder, mode: 0o755), at: above, beside: path)
    }
    try put(Entry(content: content, mode: mode), at: parts.joined(separator: "/"), beside: path)
  }

  private mutating func put(
    _ entry: Entry, at path: String, beside wanted: String
  ) throws(ImageError) {
    switch (entries[path]?.content, entry.content) {
    case (nil, _): entries[path] = entry
    case (.folder?, .folder): return
    case (let old?, let new) where old == new: return
    case (_?, _): throw .conflict(path: "/\(path)", wanted: wanted)
    }
  }
}

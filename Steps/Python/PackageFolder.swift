// Installed packages without what differs from machine to machine. It installs nothing.
import AtelierStep

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A folder that an installer filled.
struct PackageFolder {
  let path: String

  /// Who installed when, for whom, and from where; and programs, whose first line names a Python.
  private static let notes: Set<String> = [
    "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json", "uv_build.json",
  ]

  /// Takes out notes of the installer, programs and byte code, and sorts the lists of files.
  func normalize() throws {
    let files = FileManager.default
    for name in ["bin", "Scripts", ".lock"] where files.fileExists(atPath: "\(path)/\(name)") {
      try files.removeItem(atPath: "\(path)/\(name)")
    }
    try clean(path)
    for name in try files.contentsOfDirectory(atPath: path) where name.hasSuffix(".dist-info") {
      for note in Self.notes where files.fileExists(atPath: "\(path)/\(name)/\(note)") {
        try files.removeItem(atPath: "\(path)/\(name)/\(note)")
      }
      try sortRecord("\(path)/\(name)/RECORD")
    }
  }

  private func clean(_ folder: String) throws {
    let files = FileManager.default
    for name in try files.contentsOfDirectory(atPath: folder) {
      let inner = "\(folder)/\(name)"
      if name == "__pycache__" || name.hasSuffix(".pyc") {
        try files.removeItem(atPath: inner)
      } else if (try? files.contentsOfDirectory(atPath: inner)) != nil {
        try clean(inner)
      }
    }
  }

  /// The list of a package's files: in order, of what is there.
  private func sortRecord(_ record: String) throws {
    guard let text = try? String(contentsOfFile: record, encoding: .utf8) else { return }
    let lines = text.split(whereSeparator: \.isNewline).map(String.init).filter { line in
      // A name with a comma is quoted; such a line stays.
      let name = line.prefix { $0 != "," }
      return line.hasPrefix("\"") || FileManager.default.fileExists(atPath: "\(path)/\(name)")
    }
    try (lines.sorted().joined(separator: "\n") + "\n")
      .write(toFile: record, atomically: false, encoding: .utf8)
  }
}

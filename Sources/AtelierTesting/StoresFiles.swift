// Temporary folders and plain file access for tests of stores. It knows no store.
import Foundation

/// A fresh folder that is removed with the value.
package final class TemporaryFolder: Sendable {
  /// Absolute, without symlinks.
  package let path: String

  /// The folder's name ends in `ending`.
  package init(ending: String = "") throws {
    let base = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path
    path = "\(base)/atelier-test-\(UUID().uuidString)\(ending)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// A path below the folder.
  package func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file below the folder, with the folders above it; its path.
  @discardableResult
  package func write(_ text: String, to name: String) throws -> String {
    try TestFiles.write(Array(text.utf8), to: self(name))
    return self(name)
  }
}

/// Plain file access that throws.
package enum TestFiles {
  package static func read(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  package static func text(_ path: String) throws -> String {
    String(decoding: try read(path), as: UTF8.self)
  }

  /// Makes or replaces a file, with the folders above it.
  package static func write(_ bytes: [UInt8], to path: String) throws {
    let url = URL(fileURLWithPath: path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  /// Makes or replaces a program.
  ///
  /// Another process writes the file: a child that some test forks in that moment would have this
  /// process's open file until it executes, and the system starts no file that is open for writing.
  package static func writeProgram(_ bytes: [UInt8], to path: String) throws {
    let draft = path + ".draft"
    try write(bytes, to: draft)
    let install = Process()
    install.executableURL = URL(fileURLWithPath: "/usr/bin/install")
    install.arguments = ["-m", "755", draft, path]
    try install.run()
    install.waitUntilExit()
    try FileManager.default.removeItem(atPath: draft)
    guard install.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
  }

  /// The paths of all files and symlinks below a folder, relative and sorted; empty without one.
  package static func list(_ folder: String) -> [String] {
    let paths = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return paths.filter { path in
      let attributes = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(path)")
      return attributes?[.type] as? FileAttributeType != .typeDirectory
    }.sorted()
  }
}

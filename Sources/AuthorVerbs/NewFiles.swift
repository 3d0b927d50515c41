// Writes new and edited files all at once: on an error the checkout is as it was.
import CommandLine
import Project
#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// New folders with their files, and edited files, to be written together.
package struct NewFiles {
  private let root: String
  private let folders: [String]
  private let files: [NewFile]
  private let edits: [NewFile]
  /// Where the files lie until all are written: on the same disk, and unseen by the build.
  private let staging: String

  package init(root: String, _ folders: [String], _ files: [NewFile], _ edits: [NewFile]) {
    self.root = root
    self.folders = folders
    self.files = files
    self.edits = edits
    staging = root + "/.new-workshop"
  }

  /// The new files that go into a folder which may be there.
  private var filesAlone: [String] {
    files.map(\.path).filter { path in !folders.contains { path.hasPrefix($0 + "/") } }
  }

  /// Writes the files, then moves their folders into place, then edits.
  package func write() throws {
    // What a call that was killed left there.
    try? FileManager.default.removeItem(atPath: staging)
    defer { try? FileManager.default.removeItem(atPath: staging) }
    var moved: [String] = []
    var replaced: [(path: String, old: [UInt8])] = []
    do {
      for file in files {
        let path = "\(staging)/\(file.path)"
        try FileSystem.makeFolder(FileSystem.parent(of: path))
        try FileSystem.replace(path, with: Array(file.text.utf8))
      }
      for path in folders + filesAlone {
        try FileSystem.makeFolder(FileSystem.parent(of: "\(root)/\(path)"))
        try FileManager.default.moveItem(
          atPath: "\(staging)/\(path)", toPath: "\(root)/\(path)")
        moved.append("\(root)/\(path)")
      }
      for edit in edits {
        let path = "\(root)/\(edit.path)"
        let old = try FileSystem.read(path)
        try FileSystem.replace(path, with: Array(edit.text.utf8))
        replaced.append((path, old))
      }
    } catch {
      for file in replaced { try? FileSystem.replace(file.path, with: file.old) }
      for path in moved { try? FileManager.default.removeItem(atPath: path) }
      throw UsageError("not all files could be written, so nothing was changed: \(error)")
    }
  }
}

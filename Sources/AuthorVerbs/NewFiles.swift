// Writes new and edited files all at once: on an error the checkout is as it was.
import CommandLine
import FileTools
import Project

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// New folders with their files, and edited files, to be written together while the checkout is locked.
package struct NewFiles {
  private let root: String
  private let folders: [String]
  private let files: [NewFile]
  private let edits: [NewFile]

  package init(root: String, _ folders: [String], _ files: [NewFile], _ edits: [NewFile]) {
    self.root = root
    self.folders = folders
    self.files = files
    self.edits = edits
  }

  /// Where the files lie until all are written.
  private var staging: String { CheckoutLock.folder(of: root) + "/files" }

  /// The new files that go into a folder which may be there.
  private var filesAlone: [String] {
    files.map(\.path).filter { path in !folders.contains { path.hasPrefix($0 + "/") } }
  }

  /// Writes the files, then moves their folders into place, then edits.
  ///
  /// What a call that was killed half-way has done is noted, and the next call undoes it.
  package func write() throws {
    let change = try UnfinishedChange(root: root, files: files, edits: edits)
    do {
      // What a call that was killed left there.
      try Disk.remove(staging)
      for file in files {
        let path = "\(staging)/\(file.path)"
        try FileSystem.makeFolder(FileSystem.parent(of: path))
        try FileSystem.replace(path, with: Array(file.text.utf8))
      }
      try change.begin()
    } catch {
      throw Self.failure(error)
    }
    do {
      for path in folders + filesAlone {
        try FileSystem.makeFolder(FileSystem.parent(of: "\(root)/\(path)"))
        try FileManager.default.moveItem(
          atPath: "\(staging)/\(path)", toPath: "\(root)/\(path)")
      }
      for edit in edits {
        try FileSystem.replace("\(root)/\(edit.path)", with: Array(edit.text.utf8))
      }
      try change.end()
    } catch {
      try change.undo()
      try change.end()
      throw Self.failure(error)
    }
  }

  private static func failure(_ error: any Error) -> UsageError {
    UsageError("not all files could be written, so nothing was changed: \(error)")
  }
}

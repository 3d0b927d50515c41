// What a change to the checkout does, noted before it begins, so that another call can undo it when
// this one is killed.
import CommandLine
import Content
import FileTools
import Project
import Terminal

/// A noted change: new files, new folders, and files with their old and new bytes.
struct UnfinishedChange {
  private let root: String
  /// New files by path below the checkout, each with the digest of its bytes.
  private let created: [String: Digest]
  /// Folders that are new, the outer ones first.
  private let folders: [String]
  /// Edited files by path, each with the digest of its new bytes; the old ones lie in `old`.
  private let edited: [String: Digest]

  private static func note(_ root: String) -> String {
    CheckoutLock.folder(of: root) + "/change.json"
  }

  private func old(_ path: String) -> String {
    "\(CheckoutLock.folder(of: root))/old/\(path)"
  }

  /// A change that is about to begin.
  init(root: String, files: [NewFile], edits: [NewFile]) throws {
    self.root = root
    func digests(_ files: [NewFile]) throws -> [String: Digest] {
      try Dictionary(files.map { ($0.path, try Digest.of($0.text)) }) { $1 }
    }
    created = try digests(files)
    edited = try digests(edits)
    var folders: Set<String> = []
    for file in files {
      var folder = FileSystem.parent(of: file.path)
      while !folder.isEmpty, !FileSystem.isDirectory("\(root)/\(folder)") {
        folders.insert(folder)
        folder = FileSystem.parent(of: folder)
      }
    }
    self.folders = folders.sorted()
  }

  /// The change that a killed call has noted; nil where there is none.
  init?(root: String) throws {
    guard Self.isNoted(root: root) else { return nil }
    self.root = root
    let note: JSONValue
    do {
      note = try JSONValue(parsing: FileSystem.read(Self.note(root)))
    } catch {
      throw UsageError(
        "\(Self.note(root)) should say what a killed call left unfinished, and is not readable: "
          + "\(error). See what `git status` lists, then remove \(CheckoutLock.folder(of: root))")
    }
    func digests(_ name: String) -> [String: Digest] {
      (note[name]?.object ?? [:]).compactMapValues { $0.string.flatMap { Digest($0) } }
    }
    created = digests("created")
    edited = digests("edited")
    folders = (note["folders"]?.array ?? []).compactMap(\.string)
  }

  /// Whether there is a note.
  static func isNoted(root: String) -> Bool { FileSystem.isFile(note(root)) }

  /// Keeps the old bytes of what is edited, then the note: from here on the change can be undone.
  func begin() throws {
    for path in edited.keys {
      try FileSystem.makeFolder(FileSystem.parent(of: old(path)))
      try FileSystem.replace(old(path), with: FileSystem.read("\(root)/\(path)"))
    }
    let note: JSONValue = .object([
      "created": .object(created.mapValues { .string($0.hex) }),
      "edited": .object(edited.mapValues { .string($0.hex) }),
      "folders": .array(folders.map { .string($0) }),
    ])
    try FileSystem.replace(Self.note(root), with: note.canonicalBytes())
  }

  /// The change is complete, or undone.
  func end() throws { try Disk.remove(Self.note(root)) }

  /// Undoes what a killed call has done in part; what it had done in full stays.
  func clear(_ output: Console) throws {
    let isComplete =
      created.keys.allSatisfy { FileSystem.isFile("\(root)/\($0)") }
      && edited.keys.allSatisfy { (try? isOld($0)) == false }
    if !isComplete {
      let kept = try undo()
      output.message(
        "undid what an earlier call did in part before it was killed: "
          + (created.keys.sorted() + edited.keys.sorted()).joined(separator: ", "))
      if !kept.isEmpty {
        output.message(
          "left as they are, since they were edited afterwards: \(kept.joined(separator: ", "))")
      }
    }
    try end()
  }

  private func isOld(_ path: String) throws -> Bool {
    try FileSystem.read("\(root)/\(path)") == FileSystem.read(old(path))
  }

  /// Makes the checkout what it was; the files that somebody has edited since are named and stay.
  @discardableResult
  func undo() throws -> [String] {
    var kept: [String] = []
    for (path, digest) in edited {
      let file = "\(root)/\(path)"
      if !FileSystem.isFile(file) {
        kept.append(path)
      } else if try Digest.of(FileSystem.read(file)) == digest {
        try FileSystem.replace(file, with: FileSystem.read(old(path)))
      } else if try !isOld(path) {
        kept.append(path)
      }
    }
    for (path, digest) in created where FileSystem.isFile("\(root)/\(path)") {
      let file = "\(root)/\(path)"
      if try Digest.of(FileSystem.read(file)) == digest {
        try Disk.remove(file)
      } else {
        kept.append(path)
      }
    }
    for folder in folders.reversed() where FileSystem.names(in: "\(root)/\(folder)").isEmpty {
      if FileSystem.isDirectory("\(root)/\(folder)") { try Disk.remove("\(root)/\(folder)") }
    }
    return kept.sorted()
  }
}

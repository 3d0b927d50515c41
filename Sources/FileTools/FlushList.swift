// Renames whose folders are flushed together, each folder once. It knows nothing of the files.

/// Folders with new names in them that a power cut would forget.
package struct FlushList {
  private var folders: [String] = []
  private var known: Set<String> = []

  package init() {}

  /// Renames a file; folders that are made on the way are flushed with the others.
  package mutating func move(_ path: String, to target: String) throws(FileError) {
    var folder = Disk.parent(of: target)
    while known.insert(folder).inserted {
      folders.append(folder)
      if try FileStatus(folder, followingLinks: true) != nil { break }
      folder = Disk.parent(of: folder)
    }
    try Disk.move(path, to: target)
  }

  /// Waits until all names have reached the device.
  package mutating func flush() throws(FileError) {
    for folder in folders { try Disk.flush(folder) }
    self = FlushList()
  }
}

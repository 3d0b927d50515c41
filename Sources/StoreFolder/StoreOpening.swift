// Checks that a folder can be a store, and makes it one. It opens nothing that stays open.
import CSystem
import FileTools

package struct StoreOpening {
  package let layout: StoreLayout

  package init(layout: StoreLayout) { self.layout = layout }

  /// Throws unless the root is absent or holds a store of this layout or none.
  package func validateLayout() throws {
    for path in [layout.root, layout.base] {
      guard let status = try FileStatus(path, followingLinks: true) else {
        // A link that leads nowhere; anything else was made by another process just now.
        if try FileStatus(path, followingLinks: false)?.kind == .symlink {
          throw StoreError.notAFolder(path: path)
        }
        // Above an absent root there may be a file instead of a folder.
        if path == layout.root { _ = try nearestFolder() }
        return
      }
      guard status.kind == .folder else { throw StoreError.notAFolder(path: path) }
    }
    if case .other(let found) = try version() {
      throw StoreError.layout(
        path: layout.versionFile, found: found, expected: StoreLayout.version)
    }
  }

  /// Throws unless the store can be written, as far as one can tell without writing.
  ///
  /// Mode bits are read besides asking the kernel, which lets root write everywhere.
  package func validateWriting() throws {
    var paths = [try nearestFolder()]
    if try FileStatus(layout.base, followingLinks: true) != nil {
      paths = [layout.base, layout.temporary]
    }
    for path in paths {
      guard let status = try FileStatus(path, followingLinks: true) else { continue }
      guard status.kind == .folder else { throw StoreError.notAFolder(path: path) }
      guard status.mode & 0o222 != 0 else {
        throw StoreError.notWritable(path: path, reason: "its mode lets nobody write")
      }
      guard Disk.isAccessible(path, writing: true) else {
        throw StoreError.notWritable(path: path, reason: String(cString: cs_error()))
      }
    }
  }

  /// Makes the folder that holds all else.
  package func makeBase() throws {
    do {
      try Disk.makeFolders(layout.base)
    } catch FileError.system(_, let path, let reason) {
      throw StoreError.notWritable(path: path, reason: reason)
    } catch FileError.notAFolder(let path) {
      throw StoreError.notAFolder(path: path)
    }
  }

  /// Makes what is missing.
  package func prepare() throws {
    do {
      try Disk.makeFolders(layout.base)
      try Disk.makeFolder(layout.temporary)
      // Only a file that could be made proves that files can be made.
      let probe = "\(layout.temporary)/\(RandomName.make())"
      try Disk.write([], to: probe)
      try Disk.remove(probe)
      try requireLinks(probe)
      for path in [layout.work, layout.runs, layout.actions] {
        try Disk.makeFolder(path)
      }
      try Disk.makeFolders(layout.algorithm)
      if try FileStatus(layout.tag, followingLinks: true) == nil {
        try write(Self.tag, to: layout.tag)
      }
      // Last: a store with a version is whole.
      if try version() == .none { try write("\(StoreLayout.version)\n", to: layout.versionFile) }
    } catch FileError.system(_, let path, let reason) {
      throw StoreError.notWritable(path: path, reason: reason)
    } catch FileError.notAFolder(let path) {
      throw StoreError.notAFolder(path: path)
    }
  }

  /// Steps get folders of links.
  private func requireLinks(_ probe: String) throws {
    do {
      try Disk.link(symbolic: probe, to: "nowhere")
    } catch FileError.system(_, _, let reason) {
      throw StoreError.notWritable(
        path: layout.root,
        reason: "its file system has no symbolic links (\(reason)), which steps need")
    }
    try Disk.remove(probe)
  }

  /// By the cache directory convention: backup programs leave the folder out.
  private static let tag = """
    Signature: 8a477f597d28d172789f06886806bc55
    # This folder is made by atelier; all in it can be made again. See https://bford.info/cachedir/

    """

  private func write(_ text: String, to path: String) throws {
    try Disk.replace(
      path, with: Array(text.utf8), by: "\(layout.temporary)/\(RandomName.make())")
  }

  package enum Version: Hashable {
    /// There is no version file, or only what a power cut leaves of one.
    case none
    case ours
    case other(String)
  }

  private func version() throws -> Version {
    Self.version(in: try Disk.read(layout.versionFile) ?? [])
  }

  /// What a version file says.
  package static func version(in bytes: [UInt8]) -> Version {
    if bytes.allSatisfy({ $0 == 0 }) { return .none }
    let found = String(decoding: bytes.prefix(32), as: UTF8.self).split(separator: "\n").first ?? ""
    return found == StoreLayout.version ? .ours : .other(String(found))
  }

  /// The folder that exists, the root itself or above it.
  private func nearestFolder() throws -> String {
    var path = layout.root
    while true {
      if let status = try FileStatus(path, followingLinks: true) {
        guard status.kind == .folder else { throw StoreError.notAFolder(path: path) }
        return path
      }
      path = Disk.parent(of: path)
    }
  }
}

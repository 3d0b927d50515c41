// Notices between a head and its jobs, as files of a shared folder.
import CSystem
import Content
import FileTools
import RemoteCache

extension FolderStore: JobStore {
  /// Where a notice lies, or a folder of them.
  package func path(_ name: String) -> String { "\(layout.base)/\(name)" }

  /// Copies a program to where jobs find it, by its digest: rebuilding during a run harms nothing.
  package func install(program: String) throws -> String {
    try folder.translated {
      let descriptor = cs_open_read(program)
      guard descriptor >= 0 else { throw Disk.failure("open", program) }
      defer { cs_close(descriptor) }
      let size = try FileStatus(descriptor: descriptor, path: program).identity.size
      let digest = try FileHasher.hash(descriptor: descriptor, path: program, size: size).digest
      let path = path("programs/\(digest.hex.prefix(16))/atelier")
      if try FileStatus(path, followingLinks: true)?.identity.size != size {
        try folder.replace(path, copying: program, mode: 0o555)
      }
      try Disk.makeFolders(self.path("jobs"))
      return path
    }
  }

  package func write(_ bytes: [UInt8], notice name: String) throws {
    try folder.replace(path(name), with: bytes)
  }

  /// A notice is at most as large as a result, which an answer holds.
  package func notice(_ name: String) throws -> [UInt8]? {
    try folder.awaited(path(name), limit: ByteLimit.result)
  }

  package func notices(in parent: String) throws -> [String] {
    try folder.names(in: path(parent)).sorted()
  }

  package func remove(notice name: String) throws { try folder.remove(path(name)) }
}

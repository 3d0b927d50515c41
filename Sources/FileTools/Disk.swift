// Calls to the file system with errors that name the path. It knows nothing of stores.
import CSystem
import Content

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

package enum Disk {
  package static func failure(_ operation: String, _ path: String) -> FileError {
    .system(operation: operation, path: path, reason: lastReason)
  }

  /// Why the last call failed.
  package static var lastReason: String {
    lastErrorMeansNoReader
      ? "nothing reads from it (a FIFO needs a reader, a socket cannot be opened)"
      : String(cString: cs_error())
  }

  package static var lastErrorMeansNoReader: Bool { cs_errno() == ENXIO }

  package static var lastErrorMeansAbsent: Bool { cs_errno() == ENOENT || cs_errno() == ENOTDIR }
  static var lastErrorMeansWouldBlock: Bool { cs_errno() == EWOULDBLOCK }
  static var processID: Int32 { getpid() }

  /// The path with the working directory before it when it is relative, without a last slash.
  package static func absolute(_ path: String) -> String {
    var result = path
    if !path.hasPrefix("/"), let buffer = getcwd(nil, 0) {
      result = String(cString: buffer) + (path.isEmpty || path == "." ? "" : "/" + path)
      free(buffer)
    }
    while result.count > 1, result.hasSuffix("/") { result.removeLast() }
    return result
  }

  package static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// True when it was made, false when a folder was there.
  @discardableResult
  package static func makeFolder(_ path: String) throws(FileError) -> Bool {
    if mkdir(path, 0o777) == 0 { return true }
    guard cs_errno() == EEXIST else { throw failure("make the folder", path) }
    guard try FileStatus(path, followingLinks: true)?.kind == .folder else {
      throw .notAFolder(path: path)
    }
    return false
  }

  package static func makeFolders(_ path: String) throws(FileError) {
    if mkdir(path, 0o777) == 0 { return }
    if cs_errno() == ENOENT { try makeFolders(parent(of: path)) }
    try makeFolder(path)
  }

  /// Renames, replacing a file that is there; makes the missing folder of the target.
  package static func move(_ path: String, to target: String) throws(FileError) {
    if rename(path, target) == 0 { return }
    if cs_errno() == ENOENT {
      try makeFolders(parent(of: target))
      if rename(path, target) == 0 { return }
    }
    if cs_errno() == EXDEV { throw .otherFileSystem(path: path, target: target) }
    throw failure("rename to \(target) the file", path)
  }

  /// Removes a file or folder with all in it; absent is fine.
  package static func remove(_ path: String) throws(FileError) {
    guard cs_remove_tree(path) == 0 else { throw failure("remove", path) }
  }

  /// Removes a folder in which nothing is; whether there is nothing at the path afterwards.
  package static func removeEmptyFolder(_ path: String) -> Bool {
    rmdir(path) == 0 || cs_errno() == ENOENT
  }

  package static func link(symbolic path: String, to target: String) throws(FileError) {
    guard symlink(target, path) == 0 else { throw failure("make the symlink", path) }
  }

  /// The path with all links resolved; nil where there is nothing.
  package static func resolved(_ path: String) -> String? {
    guard let real = cs_realpath(path) else { return nil }
    defer { cs_free(real) }
    return String(cString: real)
  }

  /// Where a symbolic link leads, as it says; nil for what is none.
  package static func target(ofLink path: String) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &buffer, buffer.count)
    guard count >= 0 else { return nil }
    return String(validating: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// False where the file system has no (more) links for the file.
  package static func link(hard path: String, to target: String) -> Bool {
    cs_link(target, path) == 0
  }

  /// Lets nobody but root change a folder's names.
  package static func protect(_ folder: String) { _ = chmod(folder, 0o555) }

  package static func unprotect(_ folder: String) { _ = chmod(folder, 0o755) }

  /// Copies to a new file of that mode, less the process's mask where it is `masked`.
  package static func copy(
    _ path: String, to target: String, mode: UInt32, masked: Bool = false
  ) throws(FileError) {
    guard cs_copy(path, target, mode, masked ? 1 : 0) == 0 else {
      throw failure("copy to \(target) the file", path)
    }
  }

  package static func isAccessible(_ path: String, writing: Bool) -> Bool {
    access(path, (writing ? W_OK : R_OK) | X_OK) == 0
  }

  package static func pause(milliseconds: Int) { usleep(UInt32(milliseconds) * 1000) }

  /// The names in a folder, unsorted; nil where there is no folder.
  package static func names(in folder: String) throws(FileError) -> [String]? {
    final class Names {
      var valid: [String] = []
      var invalid: String?
    }
    let names = Names()
    let result = cs_list(folder, Unmanaged.passUnretained(names).toOpaque()) { context, name in
      guard let context, let name else { return 1 }
      let names = Unmanaged<Names>.fromOpaque(context).takeUnretainedValue()
      if let text = String(validatingCString: name) {
        names.valid.append(text)
      } else {
        names.invalid = String(cString: name)
      }
      return 0
    }
    guard result == 0 else {
      if lastErrorMeansAbsent { return nil }
      throw failure("list", folder)
    }
    if let name = names.invalid {
      throw .unsuitable(path: folder + "/" + name, found: "no UTF-8 name", expected: "UTF-8")
    }
    return names.valid
  }

  /// The bytes of a small file; nil where there is none.
  ///
  /// Throws `.tooLarge` before anything is read, and `.unsuitable` for what is no file, which might
  /// never end or never begin.
  package static func read(_ path: String, atMost limit: Int = ByteLimit.note) throws(FileError)
    -> [UInt8]?
  {
    guard let status = try FileStatus(path, followingLinks: true) else { return nil }
    guard status.kind == .file else {
      throw .unsuitable(path: path, found: status.name, expected: "a file")
    }
    guard status.identity.size <= limit else {
      throw .tooLarge(path: path, size: status.identity.size, limit: limit)
    }
    return try read(path, first: limit)
  }

  /// The same, and nil for whatever cannot be a document either: too large, or no file.
  package static func readDocument(_ path: String, atMost limit: Int = ByteLimit.note)
    throws(FileError) -> [UInt8]?
  {
    do {
      return try read(path, atMost: limit)
    } catch .tooLarge, .unsuitable {
      return nil
    }
  }

  /// The first so many bytes of a file; nil where there is none.
  package static func read(_ path: String, first limit: Int) throws(FileError) -> [UInt8]? {
    let descriptor = cs_open_read(path)
    guard descriptor >= 0 else {
      if lastErrorMeansAbsent { return nil }
      throw failure("open", path)
    }
    defer { cs_close(descriptor) }
    let size = min(limit, Int(try FileStatus(descriptor: descriptor, path: path).identity.size))
    var failed = false
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let got = cs_read(descriptor, buffer.baseAddress.map { $0 + count }, size - count)
        if got <= 0 {
          failed = got < 0
          break
        }
        count += got
      }
    }
    if failed { throw failure("read", path) }
    return bytes
  }

  /// Writes a new file; anything at the path is an error.
  package static func write(_ bytes: [UInt8], to path: String, mode: UInt32 = 0o666)
    throws(FileError)
  {
    let descriptor = cs_open_write(path, 1, mode)
    guard descriptor >= 0 else { throw failure("make", path) }
    defer { cs_close(descriptor) }
    guard cs_write_all(descriptor, bytes, bytes.count) == 0 else {
      let error = failure("write", path)
      try? remove(path)
      throw error
    }
  }

  /// Replaces a file for good: the bytes are flushed at the draft's path, renamed, and then the folder
  /// is flushed, and those above it that had to be made.
  package static func replace(
    _ path: String, with bytes: [UInt8], by draft: String, mode: UInt32 = 0o666
  ) throws(FileError) {
    try write(bytes, to: draft, mode: mode)
    try flush(draft)
    var folders = FlushList()
    try folders.move(draft, to: path)
    try folders.flush()
  }

  /// Waits until the bytes of a file or folder entry have reached the device.
  package static func flush(_ path: String) throws(FileError) {
    let descriptor = cs_open_read(path)
    guard descriptor >= 0 else { throw failure("open", path) }
    defer { cs_close(descriptor) }
    guard cs_fsync(descriptor) == 0 else { throw failure("flush", path) }
  }

  /// Waits until the whole file system that holds the path has reached the device.
  package static func flushFileSystem(_ path: String) throws(FileError) {
    let descriptor = cs_open_read(path)
    guard descriptor >= 0 else { throw failure("open", path) }
    defer { cs_close(descriptor) }
    guard cs_syncfs(descriptor) == 0 else { throw failure("flush the file system of", path) }
  }
}

// Confinement of a process tree to declared paths (Landlock); knows no steps and no stores.
import CSystem

/// The only files that a program and its children may touch, held to by the kernel.
///
/// Beside what is declared, `systemPaths` are allowed, which a program needs to start. Not allowed
/// unless declared: home, temporary folders, /etc, the checkout. Only opening, creating, removing
/// and renaming is confined: descriptors that are open stay usable, and the kernel does not
/// confine stat, chmod or utime. Confinement can be narrowed later, never widened.
public struct Sandbox: Sendable, Equatable {
  /// Files and folders (with all beneath) that may be read.
  public var read: [String]
  /// Files and folders that may be read and executed.
  public var execute: [String]
  /// Folders whose names, and those below, may be listed.
  public var list: [String]
  /// Files and folders where everything is allowed.
  public var write: [String]

  /// A sandbox of these paths, all of which must exist when it is enforced.
  public init(
    read: [String] = [], execute: [String] = [], list: [String] = [], write: [String] = []
  ) {
    self.read = read
    self.execute = execute
    self.list = list
    self.write = write
  }

  /// Whether this kernel can confine.
  public static var isAvailable: Bool { cs_landlock_abi() > 0 }

  /// Confines this thread and all its children and threads to come, for good.
  ///
  /// Refuses while other threads run, since those would stay free: call it first thing in a
  /// program, or give the sandbox to a `Command`.
  public func enforce() throws(SandboxError) {
    let threads = threadCount()
    guard threads == 1 else { throw .otherThreads(threads) }
    let ruleset = try makeRuleset()
    defer { cs_close(ruleset) }
    guard cs_landlock_enforce(ruleset) == 0 else {
      throw .refused(path: nil, reason: String(cString: cs_error()))
    }
  }

  /// A ruleset's descriptor, to be closed by the caller.
  func makeRuleset() throws(SandboxError) -> Int32 {
    guard Self.isAvailable else { throw .unavailable }
    let ruleset = cs_landlock_begin()
    guard ruleset >= 0 else { throw .refused(path: nil, reason: String(cString: cs_error())) }
    // What a machine lacks of the system's own paths is no error.
    for (path, access) in Self.systemPaths { _ = cs_landlock_allow(ruleset, path, access.mode) }
    if let bundle = ProgramBundle.own {
      _ = cs_landlock_allow(ruleset, bundle.locales, Access.read.mode)
    }
    do {
      for path in read { try allow(path, .read, ruleset) }
      for path in execute { try allow(path, .execute, ruleset) }
      for path in list { try allow(path, .list, ruleset) }
      for path in write { try allow(path, .write, ruleset) }
    } catch {
      cs_close(ruleset)
      throw error
    }
    return ruleset
  }

  private func allow(
    _ path: String, _ access: Access, _ ruleset: Int32
  ) throws(SandboxError) {
    guard cs_landlock_allow(ruleset, path, access.mode) == 0 else {
      throw .refused(path: path, reason: String(cString: cs_error()))
    }
  }

  private func threadCount() -> Int {
    let fd = cs_open_read("/proc/self/status")
    guard fd >= 0 else { return 1 }
    defer { cs_close(fd) }
    let bytes = [UInt8](unsafeUninitializedCapacity: 8192) { buffer, count in
      count = max(0, cs_read(fd, buffer.baseAddress, buffer.count))
    }
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      let words = line.split(whereSeparator: { $0 == "\t" || $0 == " " })
      if words.count == 2, words[0] == "Threads:" { return Int(words[1]) ?? 1 }
    }
    return 1
  }
}

// A step's log: appended line by line, read from its end.
import CSystem
import FileTools
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A log; lines of several threads never mix.
///
/// The file is made with the first line: many small steps have nothing to say.
package final class LogFile: Sendable {
  private let path: String
  private let state: Mutex<State>

  private enum State {
    case silent
    case open(Int32)
    case failed(EngineFailure)
  }

  /// Removes the log of an earlier execution.
  package init(path: String) throws {
    self.path = path
    state = Mutex(.silent)
    guard cs_unlink(path) == 0 || cs_errno() == ENOENT || cs_errno() == ENOTDIR else {
      throw Self.failure(path)
    }
  }

  deinit { state.withLock { if case .open(let descriptor) = $0 { cs_close(descriptor) } } }

  package func add(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    state.withLock { state in
      if case .silent = state { state = open() }
      guard case .open(let descriptor) = state else { return }
      guard cs_write_all(descriptor, bytes, bytes.count) != 0 else { return }
      state = .failed(Self.failure(path))
      cs_close(descriptor)
    }
  }

  /// Throws if a line could not be written.
  package func check() throws {
    try state.withLock { if case .failed(let failure) = $0 { throw failure } }
  }

  private func open() -> State {
    try? Disk.makeFolders(Disk.parent(of: path))
    let opened = cs_open_write(path, 0, 0o666)
    return opened >= 0 ? .open(opened) : .failed(Self.failure(path))
  }

  private static func failure(_ path: String) -> EngineFailure {
    EngineFailure("cannot write the log \(path): \(String(cString: cs_error()))")
  }

  /// The last lines of a log, from its last 64 KiB; none where it cannot be read.
  package static func tail(of path: String, lines count: Int) -> [String] {
    let descriptor = cs_open_read(path)
    guard descriptor >= 0 else { return [] }
    defer { cs_close(descriptor) }
    var kept: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = cs_read(descriptor, &block, block.count)
      if count <= 0 { break }
      kept += block[0..<count]
      if kept.count > 1 << 17 { kept.removeFirst(kept.count - 1 << 16) }
    }
    return String(decoding: kept, as: UTF8.self).split(whereSeparator: \.isNewline)
      .suffix(count).map(String.init)
  }
}

// A step's log: written as it comes, cut at a limit, with its last words at hand.
import CSystem
import FileTools
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What one attempt at a step says; writes of several threads never mix.
///
/// The file is made with the first byte, unless it is asked for: many small steps of the runner have
/// nothing to say. Whatever an attempt prints, a few KiB of it are in memory.
package final class LogFile: Sendable {
  private let path: String
  private let limit: Int
  private let state: Mutex<State>

  private struct State {
    var file = File.silent
    /// Bytes of this attempt in the file, and those that did not go there.
    var written = 0
    var dropped = 0
    /// The last bytes of this attempt, those dropped included.
    var tail: [UInt8] = []
  }

  private enum File {
    case silent
    case open(Int32)
    case failed(EngineFailure)
  }

  /// The bytes of the end that are kept in memory.
  private static let tailSize = 1 << 14

  /// A log whose file keeps so many bytes of this attempt.
  ///
  /// The first attempt removes the log of an earlier execution. Where more may follow, each is headed
  /// by a line.
  package init(path: String, limit: Int, attempt: Int = 1, of attempts: Int = 1) throws {
    self.path = path
    self.limit = limit
    state = Mutex(State())
    if attempt == 1 {
      guard cs_unlink(path) == 0 || cs_errno() == ENOENT || cs_errno() == ENOTDIR else {
        throw Self.failure(path)
      }
    }
    if attempts > 1 { state.withLock { note("attempt \(attempt) of \(attempts)", &$0) } }
  }

  deinit { state.withLock { if case .open(let descriptor) = $0.file { cs_close(descriptor) } } }

  /// Makes the file now; throws where that cannot be done.
  package func create() throws {
    state.withLock { state in if case .silent = state.file { state.file = open() } }
    try check()
  }

  /// Adds a line.
  package func add(_ line: String) { write(Array((line + "\n").utf8)) }

  /// Adds bytes as a program printed them.
  package func write(_ bytes: [UInt8]) {
    state.withLock { state in
      state.tail += bytes.suffix(Self.tailSize)
      if state.tail.count > 2 * Self.tailSize {
        state.tail.removeFirst(state.tail.count - Self.tailSize)
      }
      let room = limit - state.written
      let kept = bytes.prefix(max(0, room))
      append(Array(kept), &state)
      state.written += kept.count
      guard kept.count < bytes.count else { return }
      if state.dropped == 0 {
        note(
          "the log is cut here: it has the \(limit >> 20) MiB of [Atelier] log_limit", &state,
          isMidLine: kept.last.map { $0 != 0x0A } ?? true)
      }
      state.dropped += bytes.count - kept.count
    }
  }

  /// Says at the end of the attempt how much was left out, with the last of it, and why it failed.
  package func end(_ failure: String? = nil) {
    state.withLock { state in
      if state.dropped > 0 {
        note("\(state.dropped) bytes were left out; the last of them:", &state)
        append(Array(state.tail.suffix(min(Self.tailSize, state.dropped))), &state)
      }
      guard let failure else { return }
      note(failure, &state, isMidLine: state.tail.last.map { $0 != 0x0A } ?? false)
    }
  }

  /// Throws if a byte could not be written.
  package func check() throws {
    try state.withLock { if case .failed(let failure) = $0.file { throw failure } }
  }

  /// The last lines of this attempt, each without what is longer than anybody reads.
  package func lastLines(_ count: Int) -> [String] {
    let tail = state.withLock { $0.tail }
    return String(decoding: tail, as: UTF8.self).split(whereSeparator: \.isNewline)
      .suffix(count).map { String($0.suffix(Self.longestLine)) }
  }

  private static let longestLine = 500

  /// Lines of the engine among those of the program.
  private func note(_ text: String, _ state: inout State, isMidLine: Bool = false) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { "atelier: \($0)\n" }.joined()
    append(Array(((isMidLine ? "\n" : "") + lines).utf8), &state)
  }

  private func append(_ bytes: [UInt8], _ state: inout State) {
    if bytes.isEmpty { return }
    if case .silent = state.file { state.file = open() }
    guard case .open(let descriptor) = state.file,
      cs_write_all(descriptor, bytes, bytes.count) != 0
    else { return }
    state.file = .failed(Self.failure(path))
    cs_close(descriptor)
  }

  private func open() -> File {
    do {
      try Disk.makeFolders(Disk.parent(of: path))
    } catch {
      return .failed(EngineFailure("cannot write the log \(path): \(error)"))
    }
    let opened = cs_open_append(path, 0o666)
    return opened >= 0 ? .open(opened) : .failed(Self.failure(path))
  }

  private static func failure(_ path: String) -> EngineFailure {
    EngineFailure("cannot write the log \(path): \(String(cString: cs_error()))")
  }
}

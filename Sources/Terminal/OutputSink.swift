// What bytes are written to: the process's streams, or memory in a test.
import CSystem
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Which stream.
package enum OutputStream: Int32, Sendable {
  case data = 1
  case messages = 2
}

/// Width and height in character cells.
package struct TerminalSize: Sendable, Hashable {
  package var columns: Int
  package var rows: Int

  package init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
  }
}

/// What bytes are written to, from any thread.
package protocol OutputSink: Sendable {
  /// Writes all bytes, or throws after a part of them.
  func write(_ bytes: [UInt8], to stream: OutputStream) throws(OutputFailure)
  /// Whether a terminal is behind a stream.
  func isTerminal(_ stream: OutputStream) -> Bool
  /// The size of that terminal; nil without one, or where it does not know.
  func size(of stream: OutputStream) -> TerminalSize?
}

/// Descriptors 1 and 2 of this process.
package struct StandardStreams: OutputSink {
  package init() {}

  package func write(_ bytes: [UInt8], to stream: OutputStream) throws(OutputFailure) {
    let code = bytes.withUnsafeBytes { bytes -> Int32 in
      guard cs_write_pipe(stream.rawValue, bytes.baseAddress, bytes.count) != 0 else { return 0 }
      return cs_errno()
    }
    guard code != 0 else { return }
    throw code == EPIPE ? .readerGone : .system(String(cString: strerror(code)))
  }

  package func isTerminal(_ stream: OutputStream) -> Bool { cs_is_terminal(stream.rawValue) == 1 }

  package func size(of stream: OutputStream) -> TerminalSize? {
    var columns: Int32 = 0
    var rows: Int32 = 0
    guard isTerminal(stream), cs_terminal_size(stream.rawValue, &columns, &rows) == 0,
      columns > 0, rows > 0
    else { return nil }
    return TerminalSize(columns: Int(columns), rows: Int(rows))
  }
}

/// Keeps what is written, for tests of verbs within one process.
package final class CapturedOutput: OutputSink {
  private let state = Mutex<(data: [UInt8], messages: [UInt8])>(([], []))

  package init() {}

  package var data: String { state.withLock { String(decoding: $0.data, as: UTF8.self) } }
  package var messages: String { state.withLock { String(decoding: $0.messages, as: UTF8.self) } }

  package func write(_ bytes: [UInt8], to stream: OutputStream) throws(OutputFailure) {
    state.withLock { state in
      switch stream {
      case .data: state.data += bytes
      case .messages: state.messages += bytes
      }
    }
  }

  package func isTerminal(_ stream: OutputStream) -> Bool { false }
  package func size(of stream: OutputStream) -> TerminalSize? { nil }
}

// A step's log: appended line by line, read from its end.
import CSystem
import Synchronization

/// An open log; lines of several threads never mix.
final class LogFile: Sendable {
  private let descriptor: Mutex<Int32>

  init(path: String) throws {
    let opened = cs_open_write(path, 0, 0o644)
    guard opened >= 0 else {
      throw EngineFailure("cannot write the log \(path): \(String(cString: cs_error()))")
    }
    descriptor = Mutex(opened)
  }

  deinit { descriptor.withLock { cs_close($0) } }

  func add(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    descriptor.withLock { descriptor in
      _ = bytes.withUnsafeBytes { cs_write_all(descriptor, $0.baseAddress, $0.count) }
    }
  }

  /// The last lines of a log, from its last 64 KiB; none where it cannot be read.
  static func tail(of path: String, lines count: Int) -> [String] {
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

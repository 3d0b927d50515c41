// A server that offers no TLS: it counts the bytes of what clients send it.
import AtelierTesting
import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// Answers `N` to each first message.
final class PlainServer: Sendable {
  let port: UInt16
  private let counts = Mutex<[Int]>([])

  init() throws {
    let (port, listener) = try LoopbackPort.silent()
    self.port = port
    Thread.detachNewThread { [self] in
      while true {
        let client = accept(listener, nil, nil)
        guard client >= 0 else { return }
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = read(client, &buffer, buffer.count), count > 0 {
          counts.withLock { $0.append(count) }
          _ = send(client, "N", 1, Int32(MSG_NOSIGNAL))
        }
        close(client)
      }
    }
  }

  /// How many bytes each message had.
  func received() -> [Int] { counts.withLock { $0 } }
}

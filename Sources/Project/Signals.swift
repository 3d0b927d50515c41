// Turns the signals that ask a program to end into a cancelled token.
import CSystem
import CommandLine
import Engines
import Subprocess
import Synchronization

/// Turns SIGINT, SIGTERM and SIGHUP into a cancelled token; a second one ends the program at once.
package final class Signals: Sendable {
  package let token: CancellationToken
  private let last = Atomic<Int32>(0)

  package init() throws {
    token = try CancellationToken()
    let descriptor = cs_catch_signals()
    guard descriptor >= 0 else {
      throw UsageError("cannot catch signals: \(String(cString: cs_error()))")
    }
    let pool = try SlotPool(count: 1)
    pool.run { [self] in
      var number: UInt8 = 0
      guard cs_read(descriptor, &number, 1) == 1 else { return }
      last.store(Int32(number), ordering: .relaxed)
      token.cancel()
    }
  }

  /// The signal that came, or 0.
  package var received: Int32 { last.load(ordering: .relaxed) }

  /// The exit code of a verb that was cancelled: by a signal, or else as if by Ctrl-C.
  package var code: Int32 {
    received == 0 ? ExitCode.interrupted : ExitCode.signal(received)
  }

  /// Runs `body`; a signal meanwhile ends it with the signal's exit code.
  package func guarding(_ body: () throws -> Int32) throws -> Int32 {
    do {
      return try body()
    } catch  where token.isCancelled {
      return code
    }
  }
}

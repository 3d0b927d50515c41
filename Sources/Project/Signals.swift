// Turns the signals that ask a program to end into a cancelled token, and Ctrl-Z into a pause of all
// that it has started.
import CSystem
import CommandLine
import Engines
import Subprocess
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Turns SIGINT, SIGTERM and SIGHUP into a cancelled token; a second one ends the program at once.
///
/// SIGTSTP stops the processes of all steps, then this one; when it goes on, so do they, and the
/// token's clock has left the pause out.
package final class Signals: Sendable {
  package let token: CancellationToken
  private let last = Atomic<Int32>(0)
  private let screen = Mutex<(leave: @Sendable () -> Void, enter: @Sendable () -> Void)>(({}, {}))

  /// Catches signals for what is no verb; verbs do so by ``guarding(_:)``.
  package init() throws {
    token = try CancellationToken()
    let descriptor = cs_catch_signals()
    guard descriptor >= 0, cs_catch_stop() == 0 else {
      throw UsageError("cannot catch signals: \(String(cString: cs_error()))")
    }
    let pool = try SlotPool(count: 1)
    pool.run { [self] in
      var number: UInt8 = 0
      while cs_read(descriptor, &number, 1) == 1 {
        if Int32(number) == SIGTSTP {
          pause()
        } else if !token.isCancelled {
          last.store(Int32(number), ordering: .relaxed)
          token.cancel()
        }
      }
    }
  }

  /// What gives the terminal back before a pause, and takes it again afterwards.
  package func onPause(
    leave: @escaping @Sendable () -> Void, enter: @escaping @Sendable () -> Void
  ) {
    screen.withLock { $0 = (leave, enter) }
  }

  private func pause() {
    let (leave, enter) = screen.withLock { $0 }
    token.pause()
    leave()
    cs_signal_children(SIGTSTP)
    cs_stop_self()
    cs_signal_children(SIGCONT)
    token.resume()
    enter()
  }

  /// The signal that came, or 0.
  package var received: Int32 { last.load(ordering: .relaxed) }

  /// The exit code of a verb that was cancelled: by a signal, or else as if by Ctrl-C.
  package var code: Int32 {
    received == 0 ? ExitCode.interrupted : ExitCode.signal(received)
  }

  /// The exit code of a verb whose question was not answered with yes, maybe for a signal.
  package var declined: Int32 { received == 0 ? ExitCode.usage : code }

  /// Runs `body` with signals caught; one meanwhile ends it with the signal's exit code.
  package static func guarding(_ body: (Signals) throws -> Int32) throws -> Int32 {
    let signals = try Signals()
    do {
      return try body(signals)
    } catch  where signals.token.isCancelled && signals.received != 0 {
      // Work that stops for another reason, such as a full disk, says so itself.
      return signals.code
    }
  }
}

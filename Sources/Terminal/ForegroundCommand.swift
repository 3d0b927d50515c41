// Runs a program that owns the terminal: a shell or a pager. It knows not what for.
import CSystem
import CommandLine
import Subprocess

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A program in the foreground, in this process's own group.
///
/// Keys such as Ctrl-C are the program's alone; what else asks this process to end is passed on,
/// so that whoever called can still tidy up. A second such signal ends this process at once.
package struct ForegroundCommand {
  private let command: Command

  /// Unsupervised and in our group: a shell that does job control takes the terminal from there.
  package init(_ command: Command) {
    var command = command
    command.supervised = false
    command.newGroup = false
    command.deathSignal = SIGHUP
    self.command = command
  }

  /// Runs it on our own streams; the exit code, or 128 and the signal that ended it.
  package func run() throws -> Int32 { try run(.descriptor(0)) }

  /// Runs it with these bytes as its input, of which it may read a part; the exit code as above.
  package func run(reading bytes: [UInt8]) throws -> Int32 { try run(.bytes(bytes)) }

  private func run(_ input: Input) throws -> Int32 {
    let signals = try Self.catchSignals()
    let process = try command.start(input: input, output: .descriptor(1), error: .descriptor(2))
    Self.watch(process, signals)
    return Self.code(process.wait())
  }

  /// The exit code, or 128 and the signal that ended it.
  package static func code(_ exit: Exit) -> Int32 {
    switch exit.status {
    case .exited(let code): code
    case .signalled(let signal): 128 + signal
    case .timedOut, .cancelled: ExitCode.stepFailed
    }
  }

  /// Keeps this process alive under the terminal's signals; the descriptor that tells of others.
  private static func catchSignals() throws -> Int32 {
    let descriptor = cs_catch_signals()
    guard descriptor >= 0 else {
      throw UsageError("cannot catch signals: \(String(cString: cs_error()))")
    }
    // The child gets the default actions back when it is started.
    for number in [SIGINT, SIGQUIT] { _ = signal(number, SIG_IGN) }
    return descriptor
  }

  /// Returns when the child has ended.
  ///
  /// What asks this process to end is passed on as SIGHUP, which
  /// also ends an interactive shell: again each second, for a shell that is just about to read
  /// its next line notes the first one and goes on waiting (bash 5.2).
  private static func watch(_ process: RunningProcess, _ signals: Int32) {
    var isHungUp = false
    while !process.hasEnded {
      let every: Int32 = process.pidfd < 0 ? 10 : isHungUp ? 1000 : -1
      let ready = cs_poll([process.pidfd, isHungUp ? -1 : signals], 2, every)
      if ready > 0, ready & 2 != 0 {
        var number: UInt8 = 0
        isHungUp = cs_read(signals, &number, 1) == 1
      }
      // The child is not reaped before `wait`, so its number belongs to no one else.
      guard isHungUp else { continue }
      _ = cs_kill(process.pid, SIGHUP)
      _ = cs_kill(process.pid, SIGCONT)
    }
  }
}

// Runs a program that owns the terminal: a shell or a pager. It knows not what for.
import CSystem
import CommandLine
import Dispatch
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
  package func run() throws -> Int32 {
    let signals = try Guard()
    let process = try command.start(
      input: .descriptor(0), output: .descriptor(1), error: .descriptor(2))
    signals.watch(process.pid)
    return Self.code(process.wait())
  }

  /// Runs it with these bytes as its input, of which it may read a part; the exit code as above.
  package func run(reading bytes: [UInt8]) throws -> Int32 {
    let signals = try Guard()
    var process = try command.start(
      input: .pipe, output: .descriptor(1), error: .descriptor(2))
    signals.watch(process.pid)
    // A pager that was left early has closed its end.
    try? process.write(bytes)
    process.closeInput()
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

  /// Keeps this process alive under the terminal's signals, and passes others on as SIGHUP, which
  /// also ends an interactive shell.
  private struct Guard {
    private let descriptor: Int32

    init() throws {
      descriptor = cs_catch_signals()
      guard descriptor >= 0 else {
        throw UsageError("cannot catch signals: \(String(cString: cs_error()))")
      }
      // The child gets the default actions back when it is started.
      for number in [SIGINT, SIGQUIT] { _ = signal(number, SIG_IGN) }
    }

    func watch(_ pid: Int32) {
      let descriptor = descriptor
      DispatchQueue(label: "atelier.foreground.signals").async {
        var number: UInt8 = 0
        guard cs_read(descriptor, &number, 1) == 1 else { return }
        _ = cs_kill(pid, SIGHUP)
        _ = cs_kill(pid, SIGCONT)
      }
    }
  }
}

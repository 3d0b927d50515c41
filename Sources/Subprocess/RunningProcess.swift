// A child that runs: its descriptors, signals to it, and waiting for its end.
import CSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A child that runs.
///
/// Poll on its descriptors, then `wait()` once: that also closes them. A plain value: copies mean the same child. After `wait()` use none of them.
public struct RunningProcess: Sendable {
  let command: Command
  /// The child's number, or its supervisor's.
  public let pid: Int32
  /// Readable once the child has ended (supervised: and all its descendants); -1 where the
  /// system has no such thing.
  public let pidfd: Int32
  /// Our end of the child's standard input; -1 when that is no pipe.
  public private(set) var input: Int32
  /// Our end of the child's standard output; -1 when that is no pipe.
  public let output: Int32
  /// Our end of the child's standard error; -1 when that is no pipe.
  public let error: Int32
  let started: Int64

  init(
    command: Command, pid: Int32, pidfd: Int32, input: Int32, output: Int32, error: Int32,
    started: Int64
  ) {
    self.command = command
    self.pid = pid
    self.pidfd = pidfd
    self.input = input
    self.output = output
    self.error = error
    self.started = started
  }

  /// Writes to the child's input pipe, waiting while it is full.
  public func write(_ bytes: [UInt8]) throws(SubprocessError) {
    guard cs_write_pipe(input, bytes, bytes.count) != 0 else { return }
    throw cs_errno() == EPIPE
      ? .inputClosed(executable: command.executable)
      : .failed("writing to the input", command.executable)
  }

  /// Closes the child's input pipe: the child sees its end.
  public mutating func closeInput() {
    if input >= 0 { cs_close(input) }
    input = -1
  }

  /// Asks the child and its group to end (SIGTERM).
  ///
  /// A supervised child is killed after the grace.
  public func terminate() { signal(SIGTERM) }

  /// Kills the child with all that belongs to it: every descendant if it is supervised, else its
  /// group if it has one of its own, else only itself.
  public func kill() {
    #if os(Linux)
      // The supervisor must outlive its children: SIGQUIT is its order to kill.
      signal(command.supervised ? SIGQUIT : SIGKILL)
    #else
      signal(SIGKILL)
    #endif
  }

  private func signal(_ number: Int32) {
    if command.newGroup { _ = cs_kill_group(pid, number) } else { _ = cs_kill(pid, number) }
  }

  /// Whether the child has ended; `wait()` is still due.
  public var hasEnded: Bool {
    guard pidfd < 0 else {
      var one = pidfd
      return cs_poll(&one, 1, 0) == 1
    }
    var info = siginfo_t()
    let rc = waitid(P_PID, id_t(pid), &info, Int32(WEXITED) | Int32(WNOHANG) | Int32(WNOWAIT))
    return rc != 0 || info.si_signo != 0
  }

  /// Waits for the end, kills what is left of the child's own group, and closes all descriptors.
  public func wait() -> Exit {
    awaitEnd()
    // While the child is a zombie its group's number belongs to no one else.
    if command.newGroup && !isSupervised { _ = cs_kill_group(pid, SIGKILL) }
    var code: Int32 = 0
    var memory: Int64 = 0
    var cpu = 0.0
    let reaped = cs_wait(pid, 0, &code, &memory, &cpu) == 1
    let seconds = Double(cs_monotonic() - started) / 1e9
    for fd in [pidfd, input, output, error] where fd >= 0 { cs_close(fd) }
    // Someone else's wait took the status: never taken for a success.
    let status: Exit.Status =
      !reaped ? .signalled(SIGKILL) : code < 0 ? .signalled(-code) : .exited(code)
    return Exit(status: status, peakMemory: memory, cpuSeconds: cpu, seconds: seconds)
  }

  private var isSupervised: Bool {
    #if os(Linux)
      command.supervised
    #else
      false
    #endif
  }

  /// Waits without reaping.
  private func awaitEnd() {
    var one = pidfd
    while !hasEnded { _ = cs_poll(&one, 1, pidfd < 0 ? 10 : -1) }
  }
}

// Starts a command, and says in words why it could not.
import CSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Command {
  /// Starts the command and returns at once; whoever calls must `wait()` for it.
  ///
  /// The calling thread must live as long as the child: its end brings the child `deathSignal`.
  public func start(
    input: Input = .none, output: Sink = .discard, error: Sink = .discard
  ) throws(SubprocessError) -> RunningProcess {
    for sink in [output, error] {
      switch sink {
      case .chunks, .lines: throw .pipeWithoutReader(executable: executable)
      case .discard, .descriptor, .file, .pipe: break
      }
    }
    return try launch(input: input, output: output, error: error)
  }

  /// Starts the command; a pipe of the streams is served by the caller.
  func launch(
    input: Input, output: Sink, error: Sink
  ) throws(SubprocessError) -> RunningProcess {
    try validate()
    if let bundled = ProgramBundle.own?.starting(self), bundled != self {
      return try bundled.launch(input: input, output: output, error: error)
    }
    var streams = try OpenStreams(executable, input: input, output: output, error: error)
    let started = cs_monotonic()
    let pid: pid_t
    do {
      pid = try spawn(streams.child)
    } catch {
      streams.closeAll()
      throw error
    }
    streams.closeTemporary()
    return RunningProcess(
      command: self, pid: pid, pidfd: cs_pidfd(pid), input: streams.ours[0],
      output: streams.ours[1], error: streams.ours[2], started: started)
  }

  /// What C could not be told, or would tell badly.
  private func validate() throws(SubprocessError) {
    guard executable.utf8.first == UInt8(ascii: "/") else {
      throw .executableNotAbsolute(executable)
    }
    let values =
      [executable, name ?? "", directory ?? ""] + arguments + environment.keys + environment.values
    if let value = values.first(where: { $0.utf8.contains(0) }) {
      throw .nulByte(executable: executable, value: value)
    }
  }

  private func spawn(_ fds: [Int32]) throws(SubprocessError) -> pid_t {
    var ruleset: Int32 = -1
    do {
      if let sandbox { ruleset = try sandbox.makeRuleset() }
    } catch {
      throw .sandbox(error)
    }
    defer { if ruleset >= 0 { cs_close(ruleset) } }
    var stage = CChar(0)
    let (pid, errno) = spawn(fds, ruleset, &stage)
    guard pid < 0 else { return pid }
    throw explain(errno, stage: stage)
  }

  private func spawn(
    _ fds: [Int32], _ ruleset: Int32, _ stage: inout CChar
  ) -> (pid: pid_t, errno: Int32) {
    // Sorted, so that a program that prints its environment prints the same each time.
    let variables = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return executable.withCString { path in
      withCStrings([name ?? executable] + arguments) { argv in
        withCStrings(variables) { envp in
          withOptionalCString(directory) { cwd in
            var spec = cs_spawn_t(
              path: path, argv: argv, envp: envp, cwd: cwd, in_fd: fds[0], out_fd: fds[1],
              err_fd: fds[2], extra_fd: -1, ruleset_fd: ruleset, new_group: newGroup ? 1 : 0,
              death_signal: deathSignal, supervise: supervised ? 1 : 0,
              grace_ms: Int32(max(0, min(grace, 86_400)) * 1000))
            return (cs_spawn(&spec, &stage), cs_errno())
          }
        }
      }
    }
  }

  private func explain(_ errno: Int32, stage: CChar) -> SubprocessError {
    let reason = String(cString: strerror(errno))
    switch UInt8(bitPattern: stage) {
    case UInt8(ascii: "c"):
      let path = directory ?? "."
      return errno == ENOENT ? .directoryMissing(path) : .directoryUnusable(path, reason: reason)
    case UInt8(ascii: "l"):
      return .sandbox(.refused(path: nil, reason: reason))
    case UInt8(ascii: "e"):
      var status = cs_stat_t()
      switch errno {
      case ENOENT:
        return cs_stat(executable, 1, &status) == 0
          ? .interpreterMissing(executable) : .executableMissing(executable)
      case ENOTDIR: return .executableMissing(executable)
      case EACCES: return .notExecutable(executable)
      case ENOEXEC: return .notAProgram(executable)
      default: return .system(call: "starting the program", executable: executable, reason: reason)
      }
    default:
      return .system(call: "starting a process", executable: executable, reason: reason)
    }
  }
}

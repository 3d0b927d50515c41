// Why a child could not be started or watched.

/// Why a child could not be started or watched.
///
/// A child that ran and failed is an `Exit`.
public enum SubprocessError: Error, Equatable, CustomStringConvertible {
  /// The program's path does not begin with a slash.
  case executableNotAbsolute(String)
  /// There is no such file.
  case executableMissing(String)
  /// The file is there, but is a directory or has no permission to be executed.
  case notExecutable(String)
  /// The file is there, but the interpreter or loader that it names is not.
  case interpreterMissing(String)
  /// The file may be executed, but is no program and has no `#!` line.
  case notAProgram(String)
  /// The working directory does not exist.
  case directoryMissing(String)
  /// The working directory is a file, or may not be entered.
  case directoryUnusable(String, reason: String)
  /// An argument, a variable or a path holds a NUL byte, which no program can be given.
  case nulByte(executable: String, value: String)
  /// The file for the output can't be written.
  case outputFile(String, reason: String)
  /// A pipe was asked for where nobody would read or write it.
  case pipeWithoutReader(executable: String)
  /// The sandbox could not be made.
  case sandbox(SandboxError)
  /// The child closed its input before all was written.
  case inputClosed(executable: String)
  /// A system call failed.
  case system(call: String, executable: String, reason: String)

  /// What was found, what was expected and what to do.
  public var description: String {
    switch self {
    case .executableNotAbsolute(let path):
      "the program '\(path)' is not an absolute path: give the full path, PATH is not searched"
    case .executableMissing(let path):
      "the program '\(path)' does not exist: install it, or correct the path"
    case .notExecutable(let path):
      "'\(path)' is not an executable file: run chmod +x on it, or name another program"
    case .interpreterMissing(let path):
      "'\(path)' exists, but the interpreter or loader that it names does not, or is not allowed "
        + "in the sandbox: look at its first line, or at ldd"
    case .notAProgram(let path):
      "'\(path)' is neither a program for this machine nor a script with a #! line: add the line, "
        + "or start its interpreter with the file as an argument"
    case .directoryMissing(let path):
      "the working directory '\(path)' does not exist: create it, or correct the path"
    case .directoryUnusable(let path, let reason):
      "the working directory '\(path)' can't be entered (\(reason)): name a directory of yours"
    case .nulByte(let executable, let value):
      "a value for '\(executable)' holds a NUL byte: \(value.debugDescription); remove it"
    case .outputFile(let path, let reason):
      "the output file '\(path)' can't be written (\(reason)): check its directory"
    case .pipeWithoutReader(let executable):
      "'\(executable)' was given a pipe that nobody would serve: use start() and serve it, or "
        + "another sink"
    case .sandbox(let error):
      error.description
    case .inputClosed(let executable):
      "'\(executable)' closed its input before all was written: see its error output"
    case .system(let call, let executable, let reason):
      "\(call) failed for '\(executable)': \(reason)"
    }
  }
}

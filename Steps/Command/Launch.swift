// Starts a program and waits for its end. It knows nothing of steps.
import Subprocess

/// Runs a program whose streams go straight to where this process's errors go, the step's log, or its
/// standard output to a file, so that they may be of any size.
///
/// It stays in the process group of the step, which is ended as a whole.
func launch(
  executable: String, name: String, arguments: [String], environment: [String: String],
  directory: String, output: String?
) throws -> Exit.Status {
  let command = Subprocess.Command(
    executable: executable, name: name, arguments: arguments, environment: environment,
    directory: directory, newGroup: false)
  return try command.run(
    output: output.map { .file($0) } ?? .descriptor(2), error: .descriptor(2)
  ).status
}

extension Exit.Status {
  /// The end in words, for example `ended with exit code 3`.
  var text: String {
    switch self {
    case .exited(let code): "ended with exit code \(code)"
    case .signalled(let signal): "was ended by signal \(signal)"
    case .timedOut: "was ended since its time was up"
    case .cancelled: "was ended since the run was cancelled"
    }
  }
}

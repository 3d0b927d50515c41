// Starts a program and waits for its end. It knows nothing of steps.
import Foundation

/// How a program ended.
enum Ending: Equatable {
  case exited(Int32)
  case signalled(Int32)

  /// The end in words, for example `ended with exit code 3`.
  var text: String {
    switch self {
    case .exited(let code): "ended with exit code \(code)"
    case .signalled(let signal): "was ended by signal \(signal)"
    }
  }
}

/// Runs a program whose output goes to files, so that no pipe can fill up.
func launch(
  executable: String, arguments: [String], environment: [String: String], directory: String,
  output: String, errors: String
) throws -> Ending {
  for file in [output, errors] { try Data().write(to: URL(fileURLWithPath: file)) }
  let process = Process()
  process.executableURL = URL(fileURLWithPath: executable)
  process.arguments = arguments
  process.environment = environment
  process.currentDirectoryURL = URL(fileURLWithPath: directory)
  process.standardInput = FileHandle.nullDevice
  process.standardOutput = FileHandle(forWritingAtPath: output)
  process.standardError = FileHandle(forWritingAtPath: errors)
  try process.run()
  process.waitUntilExit()
  return process.terminationReason == .exit
    ? .exited(process.terminationStatus) : .signalled(process.terminationStatus)
}

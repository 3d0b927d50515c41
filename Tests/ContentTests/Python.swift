// Runs python3 with a script and an input: the independent reckoning of these tests.
import AtelierTesting
import Foundation

struct PythonFailure: Error { let text: String }

enum Python {
  /// The standard output of a script.
  ///
  /// The input goes through a file, so no pipe can fill up.
  static func run(_ script: String, input: String) throws -> String {
    let space = try TemporarySpace()
    let output = try space.write("output", "")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", try space.write("script.py", script)]
    process.standardInput = try FileHandle(
      forReadingFrom: URL(fileURLWithPath: space.write("input", input)))
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw PythonFailure(text: "python3 ended with \(process.terminationStatus)")
    }
    return try space.read("output")
  }
}

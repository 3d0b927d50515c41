// A program on a terminal of its own, by `script` of util-linux; a test types into it.
import AtelierTesting
import Foundation

/// A command line that runs on a terminal.
package final class TestTerminal {
  /// Whether this machine has what a test terminal needs.
  package static var isThere: Bool {
    #if os(Linux)
      TestTools.path(of: "script") != nil && TestTools.path(of: "stty") != nil
    #else
      false
    #endif
  }

  private let process = Process()
  private let input = Pipe()
  private let capture: String
  // Keeps the folder of the captured output.
  private let folder: TemporaryFolder

  /// Starts `sh -c line` on a terminal of that size.
  package init(
    _ line: String, columns: Int = 80, rows: Int = 24, environment: [String: String] = [:]
  ) throws {
    folder = try TemporaryFolder()
    capture = folder("terminal")
    try Data().write(to: URL(fileURLWithPath: capture))
    // Tests in the background of a shell ignore Ctrl-C, and so would all that they start.
    process.executableURL = URL(fileURLWithPath: TestTools.path(of: "env") ?? "/usr/bin/env")
    let script = TestTools.path(of: "script") ?? "/usr/bin/script"
    process.arguments = [
      "--default-signal=INT,QUIT", script, "-qec",
      "stty cols \(columns) rows \(rows) -echo; \(line)", "/dev/null",
    ]
    let own = ProcessInfo.processInfo.environment
    let base = ["PATH": "/usr/bin:/bin", "TERM": "dumb", "SHELL": "/bin/sh"]
    let kept = ["HOME", "TMPDIR", "LD_LIBRARY_PATH"].compactMap { key in own[key].map { (key, $0) }
    }
    process.environment = base.merging(kept) { $1 }.merging(environment) { $1 }
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.standardInput = input
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: capture))
    process.standardError = process.standardOutput
    // A child would inherit the signals that a thread of the tests blocks.
    var none = sigset_t()
    var before = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try process.run()
  }

  /// Types a text; `\u{3}` is Ctrl-C.
  package func type(_ text: String) throws {
    try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
  }

  /// What was shown so far, with plain line ends.
  package var shown: String {
    ((try? TestFiles.text(capture)) ?? "").replacingOccurrences(of: "\r\n", with: "\n")
  }

  /// Waits until a text is shown.
  package func wait(for text: String, seconds: Double = 100) throws {
    let end = Date().addingTimeInterval(seconds)
    while !shown.contains(text) {
      guard Date() < end else {
        throw ProgramError("no '\(text)' within \(seconds) s in: \(shown)")
      }
      usleep(10_000)
    }
  }

  /// Waits for the end; the exit code, and all that was shown.
  package func end(seconds: Double = 200) throws -> (code: Int32, shown: String) {
    let end = Date().addingTimeInterval(seconds)
    while process.isRunning {
      guard Date() < end else {
        process.terminate()
        throw ProgramError("the terminal's program did not end within \(seconds) s: \(shown)")
      }
      usleep(10_000)
    }
    return (process.terminationStatus, shown)
  }

  deinit { if process.isRunning { process.terminate() } }
}

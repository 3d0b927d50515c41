// The words that the process was started with, from the kernel where it tells.
import Project
import Subprocess

enum ProcessArguments {
  /// The program's own name and its arguments.
  ///
  /// The runtime looks for them beside the environment, and finds none where a preloaded library has
  /// moved that (faketime and others).
  static var all: [String] {
    let words = told
    return ProgramBundle.own?.wordsOfProgram(among: words) ?? words
  }

  private static var told: [String] {
    guard let bytes = try? FileSystem.read("/proc/self/cmdline"), bytes.last == 0 else {
      return CommandLine.arguments
    }
    return bytes.dropLast().split(separator: 0, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
  }
}

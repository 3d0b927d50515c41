// Which programs the tests start: those of this build, or of another one that the environment names.
import AtelierTesting
import Foundation

/// Where the programs under test are.
package enum TestPrograms {
  /// The program that users run: `ATELIER_PROGRAM`, else that of the build of the tests.
  package static let atelier = path("ATELIER_PROGRAM", else: "atelier")

  /// The program whose workshops are shell commands: `ATELIER_FIXTURE`, else that of the build.
  package static let fixture = path("ATELIER_FIXTURE", else: "atelier-fixture")

  /// The program with synthetic graphs.
  package static let bench = TestTools.built("atelier-bench")

  /// Whether a soak runs: cases that take longer than a run of all tests may.
  package static let isSoak = ProcessInfo.processInfo.environment["ATELIER_SOAK"] != nil

  /// Whether the tests, and so the programs beside them, are a debug build (`make soak-debug`).
  package static var isDebug: Bool {
    #if DEBUG
      true
    #else
      false
    #endif
  }

  private static func path(_ variable: String, else name: String) -> String {
    ProcessInfo.processInfo.environment[variable] ?? TestTools.built(name)
  }
}

// One turn of the development loop: build, run, show, each as a program. It watches nothing.
import AtelierStep
import CommandLine
import Project
import Subprocess
import Terminal

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The programs of a development loop.
struct DevLoop {
  let root: String
  /// The program that runs the target: this one, and the built one after a build.
  var program: String
  let locator: ProgramLocator
  let environment: [String: String]
  /// The target and what says which project and configuration.
  let words: [String]
  let output: Console

  private static let scratch = ".build/dev"

  /// Brings the target up to date and shows it; the exit code of what went wrong, or 0.
  func run(limit: Int) throws -> Int32 {
    let code = try start(program, ["run"] + words)
    guard code == ExitCode.success, words[0].contains(".") else { return code }
    return try start(program, ["show"] + words + ["--limit", "\(limit)"])
  }

  /// Builds the program of the checkout; false, with the compiler's errors said, where that fails.
  mutating func build() throws -> Bool {
    output.message(
      FileSystem.isFile(program(ofBuild: root))
        ? "building" : "building (the first time takes about five minutes on two idle cores)")
    let swift = try locator.path(of: Program("swift"))
    let captured = try capture(
      Command(
        executable: swift,
        arguments: [
          "build", "--package-path", root, "--scratch-path", "\(root)/\(Self.scratch)",
          "--product", "atelier", "--explicit-target-dependency-import-check", "error",
        ],
        environment: environment, directory: root, newGroup: false))
    guard captured.exit.succeeded else {
      let lines = (captured.text + captured.errorText).split(separator: "\n").map(String.init)
      let errors = lines.filter { $0.contains("error:") }
      let start = root + "/"
      for line in errors.isEmpty ? Array(lines.suffix(20)) : Array(Self.unique(errors).prefix(10)) {
        output.error(line.hasPrefix(start) ? String(line.dropFirst(start.count)) : line)
      }
      output.message("not built; waiting for the next save")
      return false
    }
    program = program(ofBuild: root)
    return true
  }

  private func program(ofBuild root: String) -> String {
    "\(root)/\(Self.scratch)/debug/atelier"
  }

  private static func unique(_ lines: [String]) -> [String] {
    var seen: Set<String> = []
    return lines.filter { seen.insert($0).inserted }
  }

  /// In our group, so that Ctrl-C ends both; where only this loop is ended, the program hears of it.
  private func start(_ program: String, _ arguments: [String]) throws -> Int32 {
    ForegroundCommand.code(
      try Command(
        executable: program, arguments: arguments, environment: environment, directory: root,
        supervised: false, newGroup: false, deathSignal: SIGHUP
      ).start(input: .descriptor(0), output: .descriptor(1), error: .descriptor(2)).wait())
  }
}

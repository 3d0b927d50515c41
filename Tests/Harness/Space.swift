// A project and a store of their own in a temporary folder, and the built program run in them.
// It knows the program's command line, not what a workshop holds.
import AtelierTesting
import Content
import Foundation

/// A temporary project with the propensity workshop at a small size.
///
/// A class so that its folder goes when the test ends. `ATELIER_TEST_KEEP=1` keeps it.
package final class Space {
  /// The temporary folder that holds all others.
  package let root: String
  /// The project's folder; a test may move it.
  package var project: String
  /// The store's folder.
  package var store: String
  /// What every call sets with `--set`.
  package var settings = ["Atelier.users": "400", "Atelier.batches": "2", "Atelier.trials": "3"]
  /// Words before the program's path, to start it as somebody else.
  package var starter: [String] = []
  /// Another program than the one under test.
  package var binary: String?
  /// Variables besides the tools' paths.
  package var environment: [String: String] = [:]

  /// The workshop's configuration file.
  package var configPath: String { "\(project)/Workshops/Propensity/config.ini" }

  package init() throws {
    root = NSTemporaryDirectory() + "atelier-e2e-" + UUID().uuidString
    project = root + "/project"
    store = root + "/store"
    try FileManager.default.createDirectory(
      atPath: "\(project)/Workshops/Propensity", withIntermediateDirectories: true)
    try Data().write(to: URL(fileURLWithPath: "\(project)/Package.swift"))
    try FileManager.default.copyItem(
      atPath: TestTools.root + "/Workshops/Propensity/config.ini", toPath: configPath)
  }

  deinit {
    if ProcessInfo.processInfo.environment["ATELIER_TEST_KEEP"] == nil {
      try? FileManager.default.removeItem(atPath: root)
    }
  }

  /// The program under test.
  package static func program() throws -> String {
    let path = TestPrograms.atelier
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw ProgramError("no program at \(path): run 'swift build'")
    }
    return path
  }

  /// Runs a verb with this space's project, store and settings.
  @discardableResult
  package func atelier(
    _ arguments: [String], _ more: [String: String] = [:], expecting status: Int32? = 0
  ) throws -> EndedProgram {
    let words = words(arguments, more)
    let command = starter + [try binary ?? Self.program()] + words
    let finished = try Self.start(
      command[0], Array(command.dropFirst()), environment: Self.tools.merging(environment) { $1 },
      folder: root)
    if let status, finished.code != status {
      throw ProgramError(
        "atelier \(words.joined(separator: " ")) ended with \(finished.code), "
          + "not \(status):\n\(finished.err)\n\(finished.out)")
    }
    return finished
  }

  /// The words of a verb with this space's project, store and settings.
  private func words(_ arguments: [String], _ more: [String: String]) -> [String] {
    // Behind `--` stands a command for the shell.
    let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
    var words = arguments[..<end] + ["--project", project, "--set", "Atelier.root=\(store)"]
    let all = settings.merging(more) { $1 }
    for (name, value) in all.sorted(by: { $0.key < $1.key }) {
      words += ["--set", "\(name)=\(value)"]
    }
    return Array(words + arguments[end...])
  }

  /// Starts a verb and does not wait for it.
  package func begin(
    _ arguments: [String], _ more: [String: String] = [:]
  ) throws -> RunningProgram {
    try RunningProgram(
      [try binary ?? Self.program()] + words(arguments, more),
      environment: Self.tools.merging(environment) { $1 }, folder: root, captures: root)
  }

  /// Brings stages up to date and reads the events.
  package func run(
    _ targets: [String] = ["week5"], _ more: [String: String] = [:], options: [String] = []
  ) throws -> RunReport {
    try RunReport(atelier(["run"] + targets + options + ["--json"], more).lines())
  }

  /// The variables of a call: a plain environment and the pinned programs.
  package static let tools: [String: String] = {
    var variables = ["PATH": "/usr/bin:/bin", "HOME": NSTemporaryDirectory(), "USER": "tester"]
    // Where a program that was built for `make coverage` leaves what it has counted.
    variables["LLVM_PROFILE_FILE"] = ProcessInfo.processInfo.environment["LLVM_PROFILE_FILE"]
    for name in ["duckdb", "xgboost", "libgomp", "vl-convert", "figure-python"] {
      let variable = "ATELIER_" + name.uppercased().replacing("-", with: "_")
      variables[variable] = TestTools.path(of: name)
    }
    return variables
  }()

  /// Runs a program to its end.
  ///
  /// Output goes through files, so that no pipe can fill up. One that does not end within the
  /// seconds is killed with its process group, and the test fails with what it said.
  package static func start(
    _ program: String, _ arguments: [String], environment: [String: String], folder: String,
    captures: String? = nil, seconds: Double = 300
  ) throws -> EndedProgram {
    let running = try RunningProgram(
      [program] + arguments, environment: environment, folder: folder,
      captures: captures ?? folder)
    defer { running.forget() }
    return try running.wait(seconds: seconds)
  }
}

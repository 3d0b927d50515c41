// A project and a store of their own in a temporary folder, and the built program run in them.
// It knows the program's command line, not what a workshop holds.
import AtelierTesting
import Content
import Foundation

/// A temporary project with the propensity workshop at a small size.
///
/// A class so that its folder goes when the test ends. `ATELIER_TEST_KEEP=1` keeps it.
final class Space {
  /// The temporary folder that holds all others.
  let root: String
  /// The project's folder; a test may move it.
  var project: String
  /// The store's folder.
  var store: String
  /// What every call sets with `--set`.
  var settings = ["Atelier.users": "400", "Atelier.batches": "2", "Atelier.trials": "3"]
  /// Words before the program's path, to start it as somebody else.
  var starter: [String] = []
  /// Another program than the one under test.
  var binary: String?
  /// Variables besides the tools' paths.
  var environment: [String: String] = [:]

  /// The workshop's configuration file.
  var configPath: String { "\(project)/Workshops/Propensity/config.ini" }

  init() throws {
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

  /// The program under test: `ATELIER_BINARY`, else what `make build` leaves.
  static func program() throws -> String {
    let path =
      ProcessInfo.processInfo.environment["ATELIER_BINARY"]
      ?? TestTools.root + "/.build/release/atelier"
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw SpaceError(description: "no program at \(path): run 'make build'")
    }
    return path
  }

  /// Runs a verb with this space's project, store and settings.
  @discardableResult
  func atelier(
    _ arguments: [String], _ more: [String: String] = [:], expecting status: Int32? = 0
  ) throws -> Finished {
    // Behind `--` stands a command for the shell.
    let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
    var words = arguments[..<end] + ["--project", project, "--set", "Atelier.root=\(store)"]
    let all = settings.merging(more) { $1 }
    for (name, value) in all.sorted(by: { $0.key < $1.key }) {
      words += ["--set", "\(name)=\(value)"]
    }
    words += arguments[end...]
    let command = starter + [try binary ?? Self.program()] + words
    let finished = try Self.start(
      command[0], Array(command.dropFirst()), environment: Self.tools.merging(environment) { $1 },
      folder: root)
    if let status, finished.status != status {
      throw SpaceError(
        description: "atelier \(words.joined(separator: " ")) ended with \(finished.status), "
          + "not \(status):\n\(finished.errors)\n\(finished.output)")
    }
    return finished
  }

  /// Brings stages up to date and reads the events.
  func run(
    _ targets: [String] = ["week5"], _ more: [String: String] = [:], options: [String] = []
  ) throws -> RunReport {
    try RunReport(atelier(["run"] + targets + options + ["--json"], more).lines())
  }

  /// The variables of a call: a plain environment and the pinned programs.
  static let tools: [String: String] = {
    var variables = ["PATH": "/usr/bin:/bin", "HOME": NSTemporaryDirectory(), "USER": "tester"]
    for name in ["duckdb", "xgboost", "libgomp", "vl-convert", "figure-python"] {
      let variable = "ATELIER_" + name.uppercased().replacing("-", with: "_")
      variables[variable] = TestTools.path(of: name)
    }
    return variables
  }()

  /// Runs a program to its end.
  ///
  /// Output goes through files, so that no pipe can fill up.
  static func start(
    _ program: String, _ arguments: [String], environment: [String: String], folder: String
  ) throws -> Finished {
    let output = "\(folder)/\(UUID().uuidString).out"
    let errors = "\(folder)/\(UUID().uuidString).err"
    for path in [output, errors] { try Data().write(to: URL(fileURLWithPath: path)) }
    defer { for path in [output, errors] { try? FileManager.default.removeItem(atPath: path) } }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = environment
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
    try process.run()
    process.waitUntilExit()
    return Finished(
      status: process.terminationStatus,
      output: try String(contentsOfFile: output, encoding: .utf8),
      errors: try String(contentsOfFile: errors, encoding: .utf8))
  }
}

/// How a call ended.
struct Finished {
  let status: Int32
  let output: String
  let errors: String

  /// Standard output as JSON, a value a line.
  func lines() throws -> [JSONValue] {
    try output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
  }
}

/// What a test needs and does not find.
struct SpaceError: Error, CustomStringConvertible { let description: String }

// A checkout to edit and to build: a copy in a temporary folder, or in CI the clone itself.
// It knows the files that a build reads, not what an edit means.
import AtelierTesting
import Foundation

/// A checkout that a test may edit.
package final class Checkout {
  package let root: String
  private let captures: TemporaryFolder
  /// Variables besides those that every call has.
  package var variables: [String: String] = [:]

  /// The program that the build leaves.
  package var program: String { root + "/.build/release/atelier" }

  /// Whether this is the clone that the tests were built in.
  private let isClone: Bool

  /// The clone itself, under `ATELIER_EDIT_CLONE=1`, so that its builds are incremental; else a copy.
  ///
  /// The clone is refused while git knows of a change in it: who runs the tests restores it by git.
  package static func toBuild() throws -> Checkout {
    guard ProcessInfo.processInfo.environment["ATELIER_EDIT_CLONE"] == "1" else {
      return try Checkout()
    }
    let clone = try Checkout(clone: TestTools.root)
    let changes = try clone.start("git", "status", "--porcelain").out
    guard changes.isEmpty else {
      throw ProgramError("this checkout holds work of its own:\n\(changes)")
    }
    return clone
  }

  private init(clone: String) throws {
    captures = try TemporaryFolder()
    root = clone
    isClone = true
  }

  /// A copy that goes when the test ends.
  package init() throws {
    isClone = false
    captures = try TemporaryFolder()
    root = NSTemporaryDirectory() + "atelier-rebuild-" + UUID().uuidString
    let files = FileManager.default
    try files.createDirectory(atPath: root, withIntermediateDirectories: true)
    // By another process, as in TestFiles.writeProgram: some of the files are programs.
    let names = ["Sources", "Steps", "Workshops", "Tests", "Package.swift", ".setup", "Makefile"]
    let copy = Process()
    copy.executableURL = URL(fileURLWithPath: "/bin/cp")
    copy.arguments = ["-R"] + names.map { "\(TestTools.root)/\($0)" } + [root]
    try copy.run()
    copy.waitUntilExit()
    guard copy.terminationStatus == 0 else { throw ProgramError("cp could not copy the checkout") }
    let tools = TestTools.root + "/.tools"
    if files.fileExists(atPath: tools) {
      try files.createSymbolicLink(atPath: root + "/.tools", withDestinationPath: tools)
    }
  }

  deinit {
    if !isClone, ProcessInfo.processInfo.environment["ATELIER_TEST_KEEP"] == nil {
      try? FileManager.default.removeItem(atPath: root)
    }
  }

  /// Runs a program of the checkout in its folder.
  @discardableResult
  package func start(
    _ words: String..., path: String? = nil, expecting status: Int32? = 0
  ) throws -> EndedProgram {
    var environment = ProcessInfo.processInfo.environment.filter {
      ["PATH", "HOME", "LANG", "TMPDIR", "MAKE"].contains($0.key)
    }
    environment.merge(variables) { $1 }
    if let path { environment["PATH"] = path + ":" + (environment["PATH"] ?? "/usr/bin:/bin") }
    let finished = try Space.start(
      "/usr/bin/env", words, environment: environment, folder: root, captures: captures.path,
      seconds: 1800)
    if let status, finished.code != status {
      throw ProgramError(
        "\(words) ended with \(finished.code), not \(status):\n"
          + finished.err + finished.out)
    }
    return finished
  }

  package func read(_ path: String) throws -> String {
    try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
  }

  package func write(_ path: String, _ text: String) throws {
    try text.write(toFile: "\(root)/\(path)", atomically: false, encoding: .utf8)
  }

  /// Changes a file, and says so if the change is none.
  package func edit(_ path: String, _ change: (String) -> String) throws {
    let old = try read(path)
    let new = change(old)
    guard new != old else { throw ProgramError("the edit of \(path) changes nothing") }
    try write(path, new)
  }
}

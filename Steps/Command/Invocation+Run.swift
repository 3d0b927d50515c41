// Runs an invocation inside a step and turns its end into a result or a failure.
import AtelierStep

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Invocation {
  /// Runs the program, whose streams go straight to the step's log, in their order.
  ///
  /// `output` is the path for `{output:out}`, `standardOutput` one for what it prints.
  func run(output: String, standardOutput: String?, in context: StepContext) throws {
    let placeholders = try Placeholders(self, output: output, in: context)
    let path = try context.path(Program(program))
    let ending = try launch(
      executable: path, name: Self.ownName(program, at: path),
      arguments: try arguments.map(placeholders.fill),
      environment: try surroundings(placeholders, context), directory: context.directory,
      output: standardOutput)
    guard ending == .exited(0) else { throw StepFailure("\(program) \(ending.text)") }
    // What is no file, such as a link, is there, and the engine says what it is.
    guard (try? FileManager.default.attributesOfItem(atPath: output)) != nil else {
      throw StepFailure(
        "\(program) ended well, but wrote no output: pass it {output:out}, or set "
          + "captureStandardOutput")
    }
  }

  /// The whole environment: nothing is inherited.
  private func surroundings(
    _ placeholders: Placeholders, _ context: StepContext
  ) throws -> [String: String] {
    let own = [
      "TZ": "UTC", "LC_ALL": "C.UTF-8", "HOME": context.directory,
      "TMPDIR": context.scratch("tmp"),
      "PATH": try linkedTools(context) + ":/usr/bin:/bin",
      // Compilers believe this name of the folder that they work in, and write it down.
      "PWD": "/proc/self/cwd",
    ]
    try FileManager.default.createDirectory(
      atPath: context.scratch("tmp"), withIntermediateDirectories: true)
    return own.merging(try environment.mapValues(placeholders.fill)) { $1 }
  }

  /// What the program is told for its own name: the declared one, in the folder where it is.
  ///
  /// Programs of several names do what theirs says.
  private static func ownName(_ program: String, at path: String) -> String {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    return folder + (program.split(separator: "/").last ?? "")
  }

  /// A folder that has the declared programs and no others.
  private func linkedTools(_ context: StepContext) throws -> String {
    let folder = context.scratch("bin")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for program in startedPrograms {
      let name = program.name.split(separator: "/").last.map(String.init) ?? program.name
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/\(name)", withDestinationPath: try context.path(program))
    }
    return folder
  }
}

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
  /// `outputs` are the paths for `{output:NAME}`, `standardOutput` one for what it prints.
  func run(
    outputs: [String: String], standardOutput: String?, in context: StepContext
  ) throws {
    let script = try stagedScript(context)
    let placeholders = try Placeholders(self, script: script, outputs: outputs, in: context)
    try makeTools(context)
    let path =
      try Self.input(of: program).map { context.scratch("bin/\($0)") }
      ?? context.path(Program(program, python: .all))
    let ending = try launch(
      executable: path,
      name: Self.input(of: program) == nil ? Self.ownName(program, at: path) : path,
      arguments: try arguments.map(placeholders.fill),
      environment: try surroundings(placeholders, context), directory: context.directory,
      output: standardOutput)
    guard ending == .exited(0) else { throw StepFailure("\(program) \(ending.text)") }
    // What is no file, such as a link, is there, and the engine says what it is.
    for (name, output) in outputs.sorted(by: { $0.key < $1.key })
    where (try? FileManager.default.attributesOfItem(atPath: output)) == nil {
      throw StepFailure(
        "\(program) ended well, but wrote no output"
          + (outputs.count == 1 ? "" : " '\(name)'") + ": pass it {output:\(name)}"
          + (outputs.count == 1 ? ", or set captureStandardOutput" : ""))
    }
  }

  /// The path of the script, under the name that tracebacks are to show.
  private func stagedScript(_ context: StepContext) throws -> String? {
    guard let path = try script?.path(in: context) else { return nil }
    guard let scriptName else { return path }
    guard !scriptName.isEmpty, !scriptName.contains("/"), ![".", ".."].contains(scriptName) else {
      throw StepFailure(
        "'\(scriptName)' is not a valid name of a script; give one such as totals.py")
    }
    let staged = context.scratch(scriptName)
    try FileManager.default.copyItem(atPath: path, toPath: staged)
    return staged
  }

  /// The whole environment: nothing is inherited.
  private func surroundings(
    _ placeholders: Placeholders, _ context: StepContext
  ) throws -> [String: String] {
    let own = [
      "TZ": "UTC", "LC_ALL": "C.UTF-8", "HOME": context.directory,
      "TMPDIR": context.scratch("tmp"),
      "PATH": context.scratch("bin") + ":/usr/bin:/bin",
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

  /// Fills `scratch/bin` with what it may start by name: links to programs, and executable copies of
  /// inputs.
  private func makeTools(_ context: StepContext) throws {
    let folder = context.scratch("bin")
    let files = FileManager.default
    try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for program in startedPrograms {
      let name = program.name.split(separator: "/").last.map(String.init) ?? program.name
      try files.createSymbolicLink(
        atPath: "\(folder)/\(name)", withDestinationPath: try context.path(program))
    }
    for name in Set(startedInputs) {
      guard let input = inputs[name] else {
        let known = inputs.keys.sorted().joined(separator: ", ")
        throw StepFailure("the command starts {input:\(name)}; its inputs are: \(known)")
      }
      let copy = "\(folder)/\(name)"
      try files.copyItem(atPath: try input.path(in: context), toPath: copy)
      try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: copy)
    }
  }
}

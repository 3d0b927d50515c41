// What `atelier shell` adds to a step's place: SQL, programs, two scripts, variables.
#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import AtelierStep
import CommandLine
import Content
import DuckDB
import Names
import Planning
import Project
import Subprocess

struct ShellFolder {
  let shell: StepShell
  private let program: String
  private var hidden: String { "\(shell.directory)/.shell" }

  /// `program` is the path of atelier itself.
  init(_ shell: StepShell, program: String) {
    self.shell = shell
    self.program = program
  }

  /// Writes all files.
  func write() throws {
    let files = FileManager.default
    for folder in [hidden, "\(shell.directory)/bin"] {
      try files.createDirectory(atPath: folder, withIntermediateDirectories: false)
    }
    for (name, path) in shell.programs {
      let last = name.split(separator: "/").last.map(String.init) ?? name
      try files.createSymbolicLink(
        atPath: "\(shell.directory)/bin/\(last)", withDestinationPath: path)
    }
    for (name, text) in sql { try write(text, to: "\(shell.directory)/\(name)") }
    if let duckdb = shell.programs[Program.duckdb.name] {
      let script = ShellSQL(shell)
      try write(script.opening, to: "\(hidden)/duckdb.sql")
      try writeScript(
        "duckdb",
        "exec \(ShellWord.quoted(duckdb)) -init \(ShellWord.quoted("\(hidden)/duckdb.sql")) \"$@\"")
    }
    try Data(shell.request + [0x0A]).write(to: URL(fileURLWithPath: "\(hidden)/request.json"))
    try writeScript(
      "step",
      "exec \(ShellWord.quoted(program)) worker < \(ShellWord.quoted("\(hidden)/request.json"))")
    // Prompts; a system-wide start file would replace a variable.
    try write("PS1='(\(shell.name)) \\W\\$ '\n", to: "\(hidden)/bashrc")
    try write("PROMPT='(\(shell.name)) %1~%# '\n", to: "\(hidden)/.zshrc")
  }

  /// The SQL files; `<name>` of a parameter that is a text stands for its value, as in the step.
  private var sql: [String: String] {
    shell.sql.mapValues { text in
      (shell.parameters.object ?? [:]).reduce(text) { text, parameter in
        guard let value = parameter.value.string else { return text }
        return text.replacing("<\(parameter.key)>", with: value)
      }
    }
  }

  private func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  private func writeScript(_ name: String, _ line: String) throws {
    let path = "\(shell.directory)/\(name)"
    try write("#!/bin/sh\n\(line)\n", to: path)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
  }

  // MARK: - The process

  /// The command of these words, or the user's shell for none.
  func command(_ words: [String], _ own: [String: String]) throws -> Command {
    let environment = environment(own)
    guard let word = words.first else {
      let wanted = own["SHELL"] ?? ""
      let path = wanted.hasPrefix("/") && FileSystem.isFile(wanted) ? wanted : "/bin/sh"
      let isBash = path.hasSuffix("/bash")
      return Command(
        executable: path, arguments: isBash ? ["--rcfile", "\(hidden)/bashrc"] : [],
        environment: environment, directory: shell.directory)
    }
    guard let path = locate(word, environment["PATH"] ?? "") else {
      throw UsageError(
        "no program '\(word)' in \(environment["PATH"] ?? ""); "
          + "give its path, or name a program of the step")
    }
    return Command(
      executable: path, arguments: Array(words.dropFirst()), environment: environment,
      directory: shell.directory)
  }

  private func locate(_ word: String, _ search: String) -> String? {
    if word.hasPrefix("/") { return FileSystem.isFile(word) ? word : nil }
    let folders =
      word.contains("/") ? [shell.directory] : search.split(separator: ":").map { "\($0)" }
    return folders.map { "\($0)/\(word)" }.first(where: FileSystem.isFile)
  }

  /// A worker's environment, the paths as variables, and what a terminal needs.
  func environment(_ own: [String: String]) -> [String: String] {
    var all = shell.environment
    all["PATH"] = "\(shell.directory)/bin:" + (all["PATH"] ?? "")
    for name in ["TERM", "COLORTERM", "SHELL", "NO_COLOR"] { all[name] = own[name] }
    all["ATELIER_STEP"] = shell.name
    all["ATELIER_USER_HOME"] = own["HOME"]
    all["PS1"] = "(\(shell.name)) $ "
    all["ZDOTDIR"] = hidden
    for place in shell.inputs { all[Self.variable("input", place)] = place.path }
    for place in shell.outputs { all[Self.variable("output", place)] = place.path }
    return all
  }

  /// The variable that holds the path of an input or output.
  static func variable(_ prefix: String, _ place: StepShell.Location) -> String {
    prefix + "_"
      + String(
        place.description.name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
  }
}

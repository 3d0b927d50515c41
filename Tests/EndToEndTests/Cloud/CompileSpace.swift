// Calls of `compile` by the built program, and the programs that judge what it prints.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation

/// Calls of `compile` in the checkout, with a store of their own.
struct CompileSpace {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @discardableResult
  func compile(
    _ words: [String], _ settings: [String: String] = [:], environment: [String: String] = [:],
    expecting code: Int32? = 0
  ) throws -> EndedProgram {
    var all = ["Atelier.root": folder("store")].merging(settings) { $1 }
    if words.contains(where: { $0.hasPrefix("propensity") }) { all["Atelier.trials"] = "3" }
    let set = all.sorted { $0.key < $1.key }.flatMap { ["--set", "\($0.key)=\($0.value)"] }
    let ended = try Space.start(
      Space.program(), ["compile"] + words + ["--project", TestTools.root] + set,
      environment: Space.tools.merging(environment) { $1 }, folder: folder.path)
    if let code, ended.code != code {
      throw ProgramError("compile \(words) ended with \(ended.code): \(ended.err)")
    }
    return ended
  }

  /// What a program of the stand-ins says; empty where it has nothing to say.
  func judge(_ program: String, _ arguments: [String]) throws -> String {
    let ended = try Space.start(
      StandIns.venv + "/bin/" + program, arguments, environment: Space.tools, folder: folder.path)
    let said = (ended.out + ended.err).trimmingCharacters(in: .whitespacesAndNewlines)
    return said + (ended.code == 0 || !said.isEmpty ? "" : "exit \(ended.code)")
  }

  func file(_ name: String) throws -> String { try TestFiles.text(folder(name)) }
}

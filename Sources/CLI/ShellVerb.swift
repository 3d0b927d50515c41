// `atelier shell`: a person in a step's place.
#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import Atelier
import CSystem
import Engine
import Subprocess

enum ShellVerb {
  static func run(_ arguments: Arguments, _ house: House) throws -> Int32 {
    let command = Array(arguments.positionals.dropFirst())
    let inspection = try Inspection(
      Session(arguments, targets: [arguments.positionals[0]], house))
    let index = try theStep(arguments.positionals[0], inspection)
    let graph = inspection.graph
    let node = graph.nodes[index]
    guard let step = node.step else {
      throw UsageError("\(node.name) is a \(node.kindName), not a step, so it has no shell")
    }
    let missing = StepShell.missingInputs(of: index, in: graph, inspection.walk)
    guard missing.isEmpty else {
      report(missing, of: node.name, inspection)
      return ExitCode.outOfDate
    }
    let path = try makeFolder(node.name)
    var isKept = false
    defer { if !isKept { _ = cs_remove_tree(path) } }
    let shell = try StepShell(node, step, inspection.walk, inspection.environment, at: path)
    let folder = ShellFolder(shell, program: inspection.environment.workerPath)
    try folder.write()
    let keeps = arguments.has("keep")
    if command.isEmpty || arguments.has("verbose") { Console.talk(folder.greeting(keeps: keeps)) }
    let code = try ForegroundCommand(
      folder.command(command, inspection.session.environmentVariables)
    ).run()
    if keeps {
      isKept = true
      Console.talk("kept: \(path)")
    }
    return code
  }

  private static func theStep(_ word: String, _ inspection: Inspection) throws -> Int {
    let targets = inspection.selection.targets
    guard targets.count == 1, let index = targets.first else {
      let names = targets.prefix(3).map { inspection.graph.nodes[$0].name }
      throw UsageError(
        "'\(word)' stands for \(targets.count) steps, and a shell is for one: "
          + names.joined(separator: ", ") + (targets.count > 3 ? ", ..." : ""))
    }
    return index
  }

  private static func report(
    _ missing: [StepShell.MissingInput], of name: String, _ inspection: Inspection
  ) {
    let standings = Dictionary(
      inspection.standings.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    for input in missing.prefix(5) {
      let word = standings[input.node].map(Self.words) ?? "unknown"
      Console.talk(
        "atelier: \(name) has no shell yet: its input '\(input.input)' is made by \(input.node), "
          + "which is not built (\(word))")
    }
    if missing.count > 5 { Console.talk("         and \(missing.count - 5) more inputs") }
    var nodes: [String] = []
    for input in missing where !nodes.contains(input.node) { nodes.append(input.node) }
    let targets = nodes.count > 3 ? [name] : nodes
    Console.talk("         build it first: atelier run \(targets.joined(separator: " "))")
  }

  private static func words(_ standing: NodeStanding) -> String {
    switch standing.standing {
    case .willRun(let explanation): explanation.headline
    case .waits(let names): "waits for \(names.prefix(3).joined(separator: ", "))"
    case .broken(let problem): problem
    case .current, .source, .notTaken, .follows: standing.word
    }
  }

  /// A new folder of this user alone.
  private static func makeFolder(_ name: String) throws -> String {
    let temporary = FileManager.default.temporaryDirectory.path
    let parent = FileSystem.resolved(temporary) ?? temporary
    let path = parent + "/atelier-shell-\(name)-" + UUID().uuidString.prefix(8).lowercased()
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    return path
  }
}

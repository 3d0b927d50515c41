// `atelier shell`: a person in a step's place.
#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import Atelier
import CSystem
import CommandLine
import Planning
import Project
import Subprocess
import Terminal

package struct ShellVerb: Verb {
  package let name = "shell"
  package let summary = "a shell in a step's directory, with its inputs, environment and programs"
  package let details = """
    Starts $SHELL (else /bin/sh) in a new folder, or runs one command there and hands on its
    exit code. Inputs are below inputs/ as links to the store, so read them and do not write;
    outputs/ and scratch/ are empty. $input_NAME and $output_NAME are their paths (dots are
    underscores). The environment is that of a worker: TZ=UTC, LC_ALL=C.UTF-8, a plain PATH
    with the declared programs first, HOME=scratch (so no start file of yours is read; your own
    home is $ATELIER_USER_HOME). Unlike a step, the shell is not confined.
      ./duckdb   DuckDB as the step runs it, with inputs as views and its values as variables
      ./step     runs the step itself here, as a worker does; results go to outputs/ alone
    Exits 3 when an input is not built yet.
    """
  package let examples = [
    Example("atelier shell week1.funnel", "look around; exit removes the folder"),
    Example("atelier shell week1.funnel -- ./duckdb -c 'FROM events LIMIT 3'", "a single query"),
    Example("atelier shell week4.model --keep -- ./step", "run it by hand and keep its files"),
  ]
  let step = Argument("[workshop/]step", completion: .named("steps"))
  let command = Argument("command ...", count: Argument.any, completion: .files, takesRest: true)
  let keep = Flag("keep", "leave the folder there at the end")

  package var parameters: [any Parameter] { [step, command, keep] }

  package init() {}

  package func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let word = try call.word(step)
    let status = try GraphStatus(Session(call, targets: [word], context))
    let index = try Self.only(word, status)
    let graph = status.graph
    let node = graph.nodes[index]
    guard let step = node.step else {
      throw UsageError("\(node.name) is a \(node.kindName), not a step, so it has no shell")
    }
    let missing = StepShell.missingInputs(of: index, in: graph, status.planner)
    guard missing.isEmpty else {
      Self.report(missing, of: node.name, status, context.output)
      return ExitCode.outOfDate
    }
    let path = try Self.makeFolder(node.name)
    var isKept = false
    defer { if !isKept { _ = cs_remove_tree(path) } }
    let shell = try StepShell(node, step, status.planner, status.environment, at: path)
    let folder = ShellFolder(shell, program: status.environment.workerPath)
    try folder.write()
    if call[command].isEmpty || call.isVerbose {
      context.output.message(folder.greeting(keeps: call[keep]))
    }
    let code = try ForegroundCommand(
      folder.command(call[command], status.session.environmentVariables)
    ).run()
    if call[keep] {
      isKept = true
      context.output.message("kept: \(path)")
    }
    return code
  }

  private static func only(_ word: String, _ status: GraphStatus) throws -> Int {
    let targets = status.selection.targets
    guard targets.count == 1, let index = targets.first else {
      let names = targets.prefix(3).map { status.graph.nodes[$0].name }
      throw UsageError(
        "'\(word)' stands for \(targets.count) steps, and a shell is for one: "
          + names.joined(separator: ", ") + (targets.count > 3 ? ", ..." : ""))
    }
    return index
  }

  private static func report(
    _ missing: [StepShell.MissingInput], of name: String, _ status: GraphStatus,
    _ output: Console
  ) {
    let states = Dictionary(
      status.states.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    for input in missing.prefix(5) {
      let word = states[input.node].map(Self.words) ?? "unknown"
      output.error(
        "atelier: \(name) has no shell yet: its input '\(input.input)' is made by \(input.node), "
          + "which is not built (\(word))")
    }
    if missing.count > 5 { output.error("         and \(missing.count - 5) more inputs") }
    var nodes: [String] = []
    for input in missing where !nodes.contains(input.node) { nodes.append(input.node) }
    let targets = nodes.count > 3 ? [name] : nodes
    output.error(
      "         build it first: atelier run \(targets.map { status.session.path(of: $0) }.joined(separator: " "))"
    )
  }

  private static func words(_ planned: PlannedNode) -> String {
    switch planned.state {
    case .stale(let explanation): explanation.headline
    case .blocked(let names): "blocked by \(names.prefix(3).joined(separator: ", "))"
    case .unresolvable(let problem): problem
    case .upToDate, .source, .notTaken, .derived, .due: planned.word
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

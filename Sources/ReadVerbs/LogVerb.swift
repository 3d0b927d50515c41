// `atelier log`: what a step printed when it ran last.
import CommandLine
import Project
import Terminal

package struct LogVerb: Verb {
  package let name = "log"
  package let summary = "what a step printed when it ran last"
  package let details =
    "Grows while the step runs. Beyond [Atelier] log_limit only its end is kept. A terminal gets "
    + "escape sequences as text."
  package let examples = [Example("atelier log week4.baseline", "its log")]
  let step = Argument("[workshop/]step", completion: .named("steps"))

  package var parameters: [any Parameter] { [step] }

  package init() {}

  package func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let status = try GraphStatus(Session(call, targets: call[step], context))
    let layout = status.environment.store.layout
    for index in status.selection.targets {
      let name = status.graph.nodes[index].name
      // The log of the current key, else of the last run: a failed step has one, too.
      let keys = [status.planner.states[index]?.key, status.planner.lastKey(name)].compactMap { $0 }
      guard let path = keys.map({ layout.log($0) }).first(where: FileSystem.isFile) else {
        throw UsageError(
          "\(name) has no log on this machine: it never ran here, or printed nothing")
      }
      try Self.show(path, on: context.output)
    }
    return ExitCode.success
  }

  /// A pipe gets the bytes of the program; on a terminal what would control it is visible text.
  private static func show(_ path: String, on output: Console) throws {
    guard output.isTerminal else { return try FileSystem.read(path) { try output.data($0) } }
    var visible = VisibleText()
    try FileSystem.read(path) { try output.data(visible.feed($0)) }
    try output.data(visible.finish())
  }
}

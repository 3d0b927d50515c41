// `atelier log`: what a step printed when it ran last.
import CommandLine
import Project

package struct LogVerb: Verb {
  package let name = "log"
  package let summary = "what a step printed when it ran last"
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
      try context.output.data(FileSystem.read(path))
    }
    return ExitCode.success
  }
}

// `atelier log`: what a step said when it ran last.
import Engine

enum LogVerb {
  static func run(_ arguments: Arguments, _ house: House) throws -> Int32 {
    let session = try Session(arguments, targets: arguments.positionals, house)
    let graph = try session.graph()
    let selection = try session.selection(graph)
    let environment = try session.environment(graph, selection, readOnly: true)
    let walk = try StatusWalk(graph, environment: environment)
    _ = walk.walk(selection)
    for index in selection.targets {
      let name = graph.nodes[index].name
      // The log of the current key, else of the last run: a failed step has one, too.
      let keys = [walk.standings[index]?.key, walk.lastKey(name)].compactMap { $0 }
      guard
        let path = keys.map({ environment.store.layout.log($0) }).first(where: FileSystem.isFile)
      else {
        throw UsageError("\(name) has no log on this machine; it was never run here")
      }
      Console.data(try FileSystem.read(path))
    }
    return ExitCode.fine
  }
}

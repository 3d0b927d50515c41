// `atelier log`: what a step said when it ran last.
import Engine

enum LogVerb {
  static func run(_ arguments: Arguments, _ house: House) throws -> Int32 {
    let inspection = try Inspection(arguments, house)
    let walk = inspection.walk
    let layout = inspection.environment.store.layout
    for index in inspection.selection.targets {
      let name = inspection.graph.nodes[index].name
      // The log of the current key, else of the last run: a failed step has one, too.
      let keys = [walk.standings[index]?.key, walk.lastKey(name)].compactMap { $0 }
      guard
        let path = keys.map({ layout.log($0) }).first(where: FileSystem.isFile)
      else {
        throw UsageError(
          "\(name) has no log on this machine; it was never run here, or had nothing to say")
      }
      Console.data(try FileSystem.read(path))
    }
    return ExitCode.fine
  }
}

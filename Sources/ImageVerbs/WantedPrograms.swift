// Which programs the steps of all workshops declare.
import Atelier
import AtelierStep
import CommandLine
import Project
import Terminal

enum WantedPrograms {
  /// The programs that steps of the workshops declare; a workshop that cannot be wired is named.
  static func find(_ call: Call, _ context: VerbContext) throws -> [Program] {
    var wanted: Set<Program> = []
    for workshop in context.workshops {
      do {
        let session = try Session(call, targets: [workshop.name], context)
        for node in try session.graph(isOffline: true).nodes {
          wanted.formUnion(node.step?.programs ?? [])
        }
      } catch {
        context.output.message(
          "note: the programs of the workshop \(workshop.name) are not known, since it cannot be wired "
            + "here: \(error)")
      }
    }
    return Array(wanted)
  }
}

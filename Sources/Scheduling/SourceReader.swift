// Reads the sources of a run: small ones at once, large ones on a slot, so that what needs none of
// them goes on. It knows no state of a run.
import Atelier
import Engines
import Execution
import FileTools
import Subprocess

/// What a source turned out to be.
package typealias SourceReading = Result<[String: KnownArtifact], any Error>

/// Reads sources; a run that is cancelled stops reading.
package struct SourceReader: Sendable {
  package let resolver: Resolver
  package let slots: SlotPool
  package let token: CancellationToken
  /// Gets what was read on a slot, from any thread.
  package let done: @Sendable (Int, SourceReading) -> Void
  /// Told now and then how far a reading on a slot is, from any thread.
  package let progressed: @Sendable (RunEvent) -> Void

  /// Reads a source, or begins to and gives nil: `done` is told, then.
  package func read(_ path: String, _ node: GraphNode, _ index: Int) -> SourceReading? {
    guard resolver.takesLong(path, node) else {
      return Result { try resolver.source(path, node) }
    }
    slots.run { [self] in
      let progress = FileProgress { progressed(.files(name: node.name, $0)) }
      done(
        index,
        Result {
          try Interruption.heeding({ token.isCancelled }) {
            try progress.counting { try resolver.source(path, node) }
          }
        })
    }
    return nil
  }
}

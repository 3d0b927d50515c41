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

  /// Reads a source, or begins to and gives nil: `done` is told, then.
  package func read(_ path: String, _ node: GraphNode, _ index: Int) -> SourceReading? {
    guard resolver.takesLong(path, node) else {
      return Result { try resolver.source(path, node) }
    }
    slots.run { [self] in
      done(
        index,
        Result {
          try Interruption.heeding({ token.isCancelled }) { try resolver.source(path, node) }
        })
    }
    return nil
  }
}

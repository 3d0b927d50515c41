// One step with everything known that it needs, and what can become of it.
import Atelier
import Content

/// A step that is about to run: its key is known and its result was not found.
struct Action: Sendable {
  let node: GraphNode
  let step: StepDescription
  let document: KeyDocument
  /// The document's canonical bytes, of which the key is the digest.
  let bytes: [UInt8]
  let key: ActionKey
  let inputs: [String: KnownArtifact]
  let programs: [String: ProgramIdentity]
}

/// What became of an action.
enum ActionOutcome: Sendable {
  /// It ran. `isCached` is false where an input moved meanwhile.
  case built(ActionResult, warnings: [String], isCached: Bool)
  /// Another run built it while this one waited.
  case shared(ActionResult)
  case failed(String, warnings: [String])
  /// Inputs with these digests cannot be had any more.
  case lost(LostBlobs)
  case cancelled
}

// One step with everything known that it needs, and what can become of it.
import Atelier
import AtelierStep
import Content
import Programs
import Workers

/// A step that is about to run: its key is known and its result was not found.
package struct Action: Sendable {
  /// The node's name, for messages.
  package let name: String
  /// What it reads and makes, as the step sees it.
  package let reads: [ArtifactDescription]
  package let makes: [ArtifactDescription]
  package let step: StepDescription
  package let document: KeyDocument
  /// The document's canonical bytes, of which the key is the digest.
  package let bytes: [UInt8]
  package let key: ActionKey
  package let inputs: [String: KnownArtifact]
  package let programs: [String: ProgramIdentity]
  /// Packages of the system that it may read; nil for none.
  package let packages: PackageClosure?
  /// Whether it runs although there is a result, which is then compared with the new one.
  package var isForced = false

  /// What it may use of this machine.
  package var access: StepAccess {
    StepAccess(step, programs: programs, packages: packages)
  }

  /// The order to run it in a folder that is laid out.
  package func request(
    directory: String, inputs: [String: String], outputs: [String: String],
    mounts: [String: String] = [:]
  ) -> WorkerRequest {
    WorkerRequest(
      step, document, programs: programs, access: access, directory: directory, inputs: inputs,
      outputs: outputs, mounts: mounts)
  }
}

/// What became of an action.
package enum ActionOutcome: Sendable {
  /// It ran. `isCached` is false where an input moved meanwhile.
  case built(ActionResult, warnings: [String], isCached: Bool)
  /// Another run built it while this one waited.
  case shared(ActionResult)
  case failed(String, warnings: [String])
  /// Inputs with these digests cannot be had any more.
  case lost(LostBlobs)
  case cancelled
}

// An output of a script's step, as the wiring names it. It knows no language.
import Atelier
import AtelierStep

/// An output of a script's step: its name, its format, and for SQL the order of its rows.
public struct ScriptOutput<Format: ArtifactFormat>: Sendable {
  /// The name, by which the script makes it and by which `show` finds it.
  public let name: String
  /// The columns that order the rows of an SQL output and tell them apart; ` desc` after a name turns
  /// it round.
  public let orderedBy: [String]

  /// An output of a format.
  public init(_ name: String, as format: Format.Type = Format.self, orderedBy: [String] = []) {
    self.name = name
    self.orderedBy = orderedBy
  }

  /// What the engine must know of it.
  var description: ArtifactDescription { ArtifactDescription(name: name, format: Format.self) }

  /// The artifact of a node; without one, that of no step.
  func artifact<S: Step>(of node: Node<S>?, in pipeline: PipelineBuilder) -> Artifact<Format> {
    node?.artifact(name) ?? pipeline.unwired()
  }
}

// A step in a pipeline, whose outputs can be wired. It knows nothing of stores or of running.
import AtelierStep

/// A place in a pipeline, known by its step's type; only a builder makes one.
///
/// The step's outputs are its members: `node.part` is an `Artifact<FeatureTable>` where the step
/// declares `var part = Output<FeatureTable>()`.
@dynamicMemberLookup
public struct Node<S: Step>: Sendable {
  let graph: UInt64
  let index: Int
  let step: S

  /// The artifact of one output.
  public subscript<Format>(dynamicMember output: KeyPath<S, Output<Format>>) -> Artifact<Format> {
    // The step was decoded, hence every output has its name.
    Artifact(
      .wired(.init(graph: graph, node: index, output: step[keyPath: output].name ?? "?")))
  }

  /// The artifact of an output that the wiring has named.
  public func artifact<Format>(
    _ output: String, as format: Format.Type = Format.self
  ) -> Artifact<Format> {
    Artifact(.wired(.init(graph: graph, node: index, output: output)))
  }
}

// The step with a process of its own. It knows nothing of the other one.
import AtelierStep

/// Writes a file that depends on its inputs' bytes, in a process of its own.
public struct Derive: Step {
  /// What is written.
  public var recipe: Recipe
  /// The files whose bytes the output depends on.
  public var inputs: [Artifact<SyntheticFile>]
  /// The output: `recipe.bytes` bytes.
  public var file = Output<SyntheticFile>()

  /// Reads the inputs and writes the output.
  public func run(in context: StepContext) throws {
    try recipe.write(to: context.path(file), from: inputs.map { try context.path($0) })
  }
}

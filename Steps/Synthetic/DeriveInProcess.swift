// The step without a process of its own. It knows nothing of the other one.
import AtelierStep

/// Writes a file that depends on its inputs' bytes, in the runner's process.
public struct DeriveInProcess: Step {
  /// The step runs in the runner's process.
  public static let isolation = Isolation.inProcess

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

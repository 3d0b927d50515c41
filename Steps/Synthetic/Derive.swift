// The step with a process of its own. It knows nothing of the other one.
import AtelierStep

/// Writes a file that depends on its inputs' bytes, in a process of its own.
public struct Derive: Step {
  public var recipe: Recipe
  public var inputs: [Artifact<SyntheticFile>]
  public var file = Output<SyntheticFile>()

  public func run(in context: StepContext) throws {
    try recipe.write(to: context.path(file), from: inputs.map { try context.path($0) })
  }
}

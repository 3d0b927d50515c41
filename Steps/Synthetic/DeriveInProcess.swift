// The step without a process of its own. It knows nothing of the other one.
import AtelierStep

/// Writes a file that depends on its inputs' bytes, in the runner's process.
public struct DeriveInProcess: Step {
  public static let isolation = Isolation.inProcess

  public var recipe: Recipe
  public var inputs: [Artifact<SyntheticFile>]
  public var file = Output<SyntheticFile>()

  public func run(in context: StepContext) throws {
    try recipe.write(to: context.path(file), from: inputs.map { try context.path($0) })
  }
}

// The two steps: the same work in a process of its own, and in the runner.
import AtelierStep

/// Writes a file that depends on its inputs' bytes, in a process of its own.
public struct Derive: Step {
  public static let code = CodeFingerprint.module

  public var inputs: [Artifact<SyntheticFile>]
  public var recipe: Recipe
  public var file = Output<SyntheticFile>()

  public init(_ recipe: Recipe, inputs: [Artifact<SyntheticFile>]) {
    self.recipe = recipe
    self.inputs = inputs
  }

  public func run(in context: StepContext) throws {
    try recipe.write(to: context.path(file), from: inputs.map { try context.path($0) })
  }
}

/// Does what `Derive` does, in the runner's process.
public struct DeriveInProcess: Step {
  public static let code = CodeFingerprint.module
  public static let isolation = Isolation.inProcess

  public var inputs: [Artifact<SyntheticFile>]
  public var recipe: Recipe
  public var file = Output<SyntheticFile>()

  public init(_ recipe: Recipe, inputs: [Artifact<SyntheticFile>]) {
    self.recipe = recipe
    self.inputs = inputs
  }

  public func run(in context: StepContext) throws {
    try recipe.write(to: context.path(file), from: inputs.map { try context.path($0) })
  }
}

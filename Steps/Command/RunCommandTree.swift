// The step that runs any program for a tree of files. It knows nothing of what the program does.
import AtelierStep

/// Runs a program that makes a tree of files below `{output:out}`.
///
/// Fails when it ends with another code than 0.
public struct RunCommandTree: Step {
  public var invocation: Invocation
  public var out = Output<AnyTree>()
  /// Retries and time-out; no part of the key, for another time-out must not run the program again.
  public var limits = StepLimits()

  private enum CodingKeys: CodingKey { case invocation, out }

  public init(_ invocation: Invocation, limits: StepLimits = StepLimits()) {
    self.invocation = invocation
    self.limits = limits
  }

  public var programs: [Program] { invocation.programs }

  public var usesNetwork: Bool { invocation.network }

  public func run(in context: StepContext) throws {
    try invocation.run(
      outputs: ["out": try context.path(out)], standardOutput: nil, in: context)
  }
}

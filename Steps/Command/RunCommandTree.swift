// The step that runs any program for a tree of files. It knows nothing of what the program does.
import AtelierStep

/// Runs a program that makes a tree of files below `{output:out}`.
///
/// Fails when it ends with another code than 0.
public struct RunCommandTree: Step {
  /// The program with its arguments, environment, tools and inputs.
  public var invocation: Invocation
  /// The folder that the program fills; it exists when the program starts.
  public var out = Output<AnyTree>()
  /// Retries and time-out; no part of the key, for another time-out must not run the program again.
  public var limits = StepLimits()

  private enum CodingKeys: CodingKey { case invocation, out }

  /// A program that fills the folder `{output:out}`.
  public init(_ invocation: Invocation, limits: StepLimits = StepLimits()) {
    self.invocation = invocation
    self.limits = limits
  }

  /// The program and its tools, unless they are inputs.
  public var programs: [Program] { invocation.programs }

  /// Whether the program may use the network.
  public var usesNetwork: Bool { invocation.network }

  /// Starts the program; fails when it does not exit with 0.
  public func run(in context: StepContext) throws {
    try invocation.run(
      outputs: ["out": try context.path(out)], standardOutput: nil, in: context)
  }
}

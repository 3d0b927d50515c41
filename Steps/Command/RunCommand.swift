// The step that runs any program for a file. It knows nothing of what the program does.
import AtelierStep

/// Runs a program that makes one file.
///
/// Fails when it ends with another code than 0.
public struct RunCommand: Step {
  public var invocation: Invocation
  /// True when the output is what the program prints; else it writes to `{output:out}`.
  public var captureStandardOutput: Bool
  public var out = Output<AnyFile>()
  /// Retries and time-out: what the scheduler reads while wiring.
  ///
  /// Left out of `CodingKeys`, hence of the key: another time-out must not run the program again.
  /// A worker, whose step is decoded, has the defaults, and needs none.
  public var limits = StepLimits()

  private enum CodingKeys: CodingKey { case invocation, captureStandardOutput, out }

  public init(
    _ invocation: Invocation, captureStandardOutput: Bool = false,
    limits: StepLimits = StepLimits()
  ) {
    self.invocation = invocation
    self.captureStandardOutput = captureStandardOutput
    self.limits = limits
  }

  public var programs: [Program] { invocation.programs }

  public var usesNetwork: Bool { invocation.network }

  public func run(in context: StepContext) throws {
    let path = try context.path(out)
    try invocation.run(
      output: path, standardOutput: captureStandardOutput ? path : nil, in: context)
  }
}

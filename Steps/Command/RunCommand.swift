// The step that runs any program for files and folders. It knows nothing of what the program does.
import AtelierStep

/// Runs a program that makes files or folders.
///
/// Fails when it ends with another code than 0. Without a word about outputs there is one file, `out`.
public struct RunCommand: Step {
  /// The program with its arguments, environment, tools and inputs.
  public var invocation: Invocation
  /// True when the only output is what the program prints; else it writes to `{output:NAME}`.
  public var captureStandardOutput: Bool
  /// The files and folders that the program makes, by name.
  public var outputs: Outputs
  /// Retries and time-out: what the scheduler reads while wiring.
  ///
  /// Left out of `CodingKeys`, hence of the key: another time-out must not run the program again.
  /// A worker, whose step is decoded, has the defaults, and needs none.
  public var limits = StepLimits()

  private enum CodingKeys: CodingKey { case invocation, captureStandardOutput, outputs }

  /// A program that makes one file of any kind, `out`.
  public init(
    _ invocation: Invocation, captureStandardOutput: Bool = false,
    limits: StepLimits = StepLimits()
  ) {
    self.init(
      invocation, captureStandardOutput: captureStandardOutput,
      outputs: Outputs(ArtifactDescription(name: "out", format: AnyFile.self)), limits: limits)
  }

  /// A program whose outputs have formats of their own, so that they can be shown and compared.
  public init(
    _ invocation: Invocation, captureStandardOutput: Bool = false, outputs: Outputs,
    limits: StepLimits = StepLimits()
  ) {
    self.invocation = invocation
    self.captureStandardOutput = captureStandardOutput
    self.outputs = outputs
    self.limits = limits
  }

  /// The file of a step without a word about its outputs.
  public var out: Output<AnyFile> { Output(named: "out") }

  /// The program and its tools, unless they are inputs.
  public var programs: [Program] { invocation.programs }

  /// Whether the program may use the network.
  public var usesNetwork: Bool { invocation.network }

  /// Starts the program; fails when it does not exit with 0 or leaves an output out.
  public func run(in context: StepContext) throws {
    let paths = try outputs.names.map { ($0, try context.path(output: $0)) }
    guard !captureStandardOutput || paths.count == 1 else {
      throw StepFailure(
        "what a program prints can be its only output, and this one has "
          + outputs.names.joined(separator: ", "))
    }
    try invocation.run(
      outputs: Dictionary(paths) { first, _ in first },
      standardOutput: captureStandardOutput ? paths.first?.1 : nil, in: context)
  }
}

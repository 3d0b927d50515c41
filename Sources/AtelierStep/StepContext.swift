// What a running step gets besides itself: whatever must not alter the bytes.

/// The surroundings of a running step.
///
/// The step's working directory is a fresh scratch directory. Inputs lie below `inputs/`,
/// read-only; outputs are expected below `outputs/`; `scratch/` may be used freely.
public struct StepContext: Sendable {
  private let place: @Sendable () -> String
  private let inputs: [String: String]
  private let outputs: [String: String]
  private let programs: [String: String]
  private let texts: [String: String]
  private let report: @Sendable (StepMessage) -> Void
  private let isCancelled: @Sendable () -> Bool
  private let platform: (any PlatformCaller)?

  /// Makes a context; input, output and program paths are by name.
  public init(
    directory: String, inputs: [String: String], outputs: [String: String],
    programs: [String: String], sql: [String: String] = [:],
    report: @escaping @Sendable (StepMessage) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    self.init(
      makingDirectory: { directory }, inputs: inputs, outputs: outputs, programs: programs,
      sql: sql, report: report, isCancelled: isCancelled)
  }

  /// Makes a context whose directory is made when it is asked for the first time.
  public init(
    makingDirectory place: @escaping @Sendable () -> String, inputs: [String: String],
    outputs: [String: String], programs: [String: String], sql: [String: String] = [:],
    platform: (any PlatformCaller)? = nil,
    report: @escaping @Sendable (StepMessage) -> Void,
    isCancelled: @escaping @Sendable () -> Bool
  ) {
    self.platform = platform
    self.place = place
    self.inputs = inputs
    self.outputs = outputs
    self.programs = programs
    texts = sql
    self.report = report
    self.isCancelled = isCancelled
  }

  /// The absolute path of the step's own directory.
  public var directory: String { place() }

  /// The path of an input: a file, or the root of a tree.
  ///
  /// Never write there.
  public func path<Format>(_ artifact: Artifact<Format>) throws -> String {
    guard case .bound(let name) = artifact.source, let path = inputs[name] else {
      throw StepFailure("this step's context holds no such input: \(artifact.source)")
    }
    return path
  }

  /// The path at which an output is expected.
  ///
  /// For a tree, its empty folder exists already.
  public func path<Format>(_ output: Output<Format>) throws -> String {
    guard let name = output.name, let path = outputs[name] else {
      throw StepFailure("this step's context holds no output '\(output.name ?? "?")'")
    }
    return path
  }

  /// The path at which an output is expected that the wiring named.
  ///
  /// For a tree, its empty folder exists already.
  public func path(output name: String) throws -> String {
    guard let path = outputs[name] else {
      let known = outputs.keys.sorted().joined(separator: ", ")
      throw StepFailure("this step has no output '\(name)'; its outputs are: \(known)")
    }
    return path
  }

  /// A path for a temporary file of the step.
  public func scratch(_ name: String) -> String { "\(directory)/scratch/\(name)" }

  /// The absolute path of a declared program or library.
  public func path(_ program: Program) throws -> String {
    guard let path = programs[program.name] else {
      throw StepFailure("the step uses '\(program.name)' without listing it in `programs`")
    }
    return path
  }

  /// A SQL text that the step listed, by its file name.
  ///
  /// Only what is listed is in the step's key, so a step takes its SQL from here.
  public func sql(_ name: String) throws -> String {
    guard let text = texts[name] else {
      let listed = texts.keys.sorted().joined(separator: ", ")
      throw StepFailure(
        "the step uses '\(name)' without listing it in `sql`"
          + (listed.isEmpty ? "" : "; it lists \(listed)"))
    }
    return text
  }

  /// A SQL text that the step listed.
  public func sql(_ script: Script) throws -> String { try sql(script.name) }

  /// Has the platform do something once, however often it is asked under the same key.
  public func perform(_ call: PlatformCall) throws {
    guard let platform else {
      throw StepFailure(
        "only a step whose isolation is .platform may call the platform ('\(call.action)')")
    }
    try platform.perform(call) { [report] in report(.log($0)) }
  }

  /// Adds a line to the step's log.
  public func log(_ line: String) { report(.log(line)) }

  /// Tells how much of the work is done, 0 to 1.
  public func progress(_ fraction: Double) { report(.progress(fraction)) }

  /// Throws when the run was cancelled; call it in long loops.
  public func checkCancellation() throws {
    if isCancelled() { throw StepFailure("cancelled") }
  }
}

/// What a step says while it runs.
public enum StepMessage: Sendable, Hashable {
  case log(String)
  case progress(Double)
}

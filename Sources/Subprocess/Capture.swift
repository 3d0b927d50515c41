// Runs a command and keeps its output in memory: for programs with little to say.

/// What a command wrote, and how it ended.
public struct Captured: Sendable, Equatable {
  /// The bytes of its standard output.
  public var stdout: [UInt8]
  /// The bytes of its standard error.
  public var stderr: [UInt8]
  /// How it ended.
  public var exit: Exit

  /// The standard output as text; invalid UTF-8 is repaired.
  public var text: String { String(decoding: stdout, as: UTF8.self) }
  /// The standard error as text; invalid UTF-8 is repaired.
  public var errorText: String { String(decoding: stderr, as: UTF8.self) }
}

/// Runs a command to its end and keeps what it wrote in memory.
public func capture(
  _ command: Command, input: Input = .none, timeout: Double? = nil,
  cancelled: CancellationToken? = nil
) throws(SubprocessError) -> Captured {
  var stdout: [UInt8] = []
  var stderr: [UInt8] = []
  let exit = try command.run(
    input: input, output: .chunks { stdout += $0 }, error: .chunks { stderr += $0 },
    timeout: timeout, cancelled: cancelled)
  return Captured(stdout: stdout, stderr: stderr, exit: exit)
}

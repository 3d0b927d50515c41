// How a child ended and what it used.

/// How a child ended and what it used.
public struct Exit: Sendable, Equatable {
  /// How a child ended.
  public enum Status: Sendable, Equatable {
    /// By itself, with this code.
    case exited(Int32)
    /// By this signal.
    case signalled(Int32)
    /// Ended by us, after its time was up.
    case timedOut
    /// Ended by us, on request.
    case cancelled
  }

  /// How it ended.
  public var status: Status
  /// The largest resident size of any process in it, in bytes.
  ///
  /// Linux starts counting at the size
  /// that this process had when it started the child.
  public var peakMemory: Int64
  /// CPU seconds, user and system, of the child and all descendants that were waited for.
  public var cpuSeconds: Double
  /// Seconds from start to end.
  public var seconds: Double

  /// Whether it ended by itself with code 0.
  public var succeeded: Bool { status == .exited(0) }
}

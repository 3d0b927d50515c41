// One wish to stop, seen by threads and by poll; knows nothing of what is stopped.
import CSystem
import Synchronization

/// A wish to stop: made once from any thread, seen by all, also by a poll on `fd`.
public final class CancellationToken: Sendable {
  /// Readable for ever once cancelled; not to be read or closed by others.
  public let fd: Int32
  private let writeEnd: Int32
  private let isSet = Atomic(false)
  /// Nanoseconds of the pauses that are over, and the moment at which the present one began.
  private let pauses = Mutex<(over: Int64, began: Int64?)>((0, nil))

  /// A token that nobody has cancelled; throws when descriptors have run out.
  public init() throws(SubprocessError) {
    var ends: [Int32] = [-1, -1]
    guard cs_pipe(&ends) == 0, cs_set_nonblocking(ends[1]) == 0 else {
      throw .system(call: "pipe", executable: "cancellation", reason: String(cString: cs_error()))
    }
    fd = ends[0]
    writeEnd = ends[1]
  }

  deinit {
    cs_close(fd)
    cs_close(writeEnd)
  }

  /// Asks to stop; later calls change nothing.
  public func cancel() {
    guard !isSet.exchange(true, ordering: .sequentiallyConsistent) else { return }
    cs_write_all(writeEnd, [UInt8(1)], 1)
  }

  /// Waits some seconds, but not longer than until someone asks to stop.
  public func wait(seconds: Double) {
    var one = fd
    _ = cs_poll(&one, 1, Int32(min(max(seconds, 0) * 1000, 3.6e6)))
  }

  /// Nanoseconds of a clock that stands still while all work is paused.
  public var clock: Int64 {
    pauses.withLock { ($0.began ?? cs_monotonic()) - $0.over }
  }

  /// Seconds of that clock.
  public var seconds: Double { Double(clock) / 1e9 }

  /// Lets the clock stand still.
  public func pause() { pauses.withLock { $0.began = $0.began ?? cs_monotonic() } }

  /// Lets the clock go on.
  public func resume() {
    pauses.withLock { pauses in
      if let began = pauses.began { pauses.over += cs_monotonic() - began }
      pauses.began = nil
    }
  }

  /// Whether someone asked to stop.
  public var isCancelled: Bool { isSet.load(ordering: .sequentiallyConsistent) }
}

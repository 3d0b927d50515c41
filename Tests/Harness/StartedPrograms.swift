// The programs that one test has started and that have not ended. It starts none.
import Foundation
import Synchronization

/// What a test that takes too long has to end before it can fail.
package final class StartedPrograms: Sendable {
  /// Those of the test that runs.
  @TaskLocal package static var current: StartedPrograms?

  private let pids = Mutex<Set<pid_t>>([])

  func insert(_ pid: pid_t) { pids.withLock { _ = $0.insert(pid) } }

  func remove(_ pid: pid_t) { pids.withLock { _ = $0.remove(pid) } }

  /// Kills them with all of their process groups.
  func kill() { for pid in pids.withLock({ $0 }) { Foundation.kill(-pid, SIGKILL) } }
}

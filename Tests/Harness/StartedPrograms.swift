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

  /// Kills those that the test did not wait for, and waits for them.
  ///
  /// An ended child that nobody has waited for would keep the testing library's monitor of exit tests
  /// awake: it asks the kernel for ended children again and again, a whole core long.
  func end() {
    kill()
    for pid in pids.withLock({ $0 }) {
      waitpid(pid, nil, 0)
      remove(pid)
    }
  }
}

// Asks the shared store for results that are not here, beside the work.
import Content
import Engines
import Execution
import RemoteCache

/// The look-ups of a run; one thread owns it.
package struct RemoteLookups {
  /// Started with the first look-up: a run of hits needs no thread.
  private var pool: SlotPool?
  private var causes: [Int: RunCause] = [:]

  /// Asks for the result of a key, which `answer` gets from any thread; false without a thread.
  package mutating func ask(
    _ shared: SharedStore, _ key: ActionKey, _ index: Int, _ cause: RunCause?,
    _ answer: @escaping @Sendable (ActionResult?) -> Void
  ) -> Bool {
    guard let pool = pool ?? (try? SlotPool(count: shared.remote.requestsAtOnce)) else {
      return false
    }
    self.pool = pool
    causes[index] = cause
    pool.run { answer(shared.lookup(key)) }
    return true
  }

  /// Why there is no result here, as far as that was known before the store was asked.
  package func cause(of index: Int) -> RunCause? { causes[index] }
}

// Where actions run: the seam between the order of a run and machines. It knows no graph.
import Content
import Execution

/// Runs actions somewhere.
///
/// The scheduler owns the graph; an engine owns only what it was handed. All methods may be called
/// from any thread.
package protocol StepEngine: Sendable {
  /// For people and records, such as `local`.
  var name: String { get }

  /// Whether it can run this one; what it cannot, the engine of this machine runs.
  func accepts(_ action: Action) -> Bool

  /// Takes an action; `done` gets its outcome and seconds, from any thread. Never blocks.
  func start(_ action: Action, done: @escaping @Sendable (ActionOutcome, Double) -> Void)

  /// Nothing more can be started now: what was collected may go.
  func flush()
}

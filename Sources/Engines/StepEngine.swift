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

  /// How many actions it takes at a time; nil for as many as this machine has slots.
  var width: Int? { get }

  /// Whether it can run this one; what it cannot, the engine of this machine runs.
  func accepts(_ action: Action) -> Bool

  /// Takes an action; `done` gets its end, from any thread. Never blocks.
  func start(_ action: Action, done: @escaping @Sendable (EndedStep) -> Void)

  /// Nothing more can be started now: what was collected may go.
  func flush()

  /// What has not begun is not to begin: it ends as cancelled.
  func drop()

  /// What kept the engine from running steps, where it was not the steps' own fault.
  var fault: EngineFault? { get }
}

/// Whose fault it was that an engine could not run a step.
package enum EngineFault: Sendable {
  /// The settings, or what a step asks for, name what the cluster does not have.
  case settings
  /// The cluster, its nodes or the shared folder.
  case cluster
}

/// How a step ended, and where it ran.
package struct EndedStep: Sendable {
  package let outcome: ActionOutcome
  package let seconds: Double
  /// nil for this machine.
  package let site: StepSite?

  package init(_ outcome: ActionOutcome, seconds: Double = 0, site: StepSite? = nil) {
    self.outcome = outcome
    self.seconds = seconds
    self.site = site
  }
}

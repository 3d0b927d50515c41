// Steps of the platform wait for minutes and compute nothing, so they take none of this machine's slots.
import Execution
import Subprocess

/// Runs the steps that act on the platform on threads of their own, and all others on another engine.
package struct PlatformEngine: StepEngine {
  private let others: any StepEngine
  private let ownSlots: Int
  private let platform: LocalEngine

  /// Calls to the platform at a time: it refuses more than five queries of a user.
  package static let callsAtOnce = 4

  /// `ownSlots` is how many actions the other engine takes where it has no width of its own.
  package init(
    others: any StepEngine, ownSlots: Int, runner: ActionRunner, token: CancellationToken
  ) throws {
    self.others = others
    self.ownSlots = ownSlots
    platform = LocalEngine(
      slots: try SlotPool(count: Self.callsAtOnce), runner: runner, clock: { token.seconds })
  }

  package var name: String { others.name }

  package var width: Int? { (others.width ?? ownSlots) + Self.callsAtOnce }

  package var fault: EngineFault? { others.fault }

  package func accepts(_ action: Action) -> Bool {
    action.step.isolation == .platform || others.accepts(action)
  }

  package func start(_ action: Action, done: @escaping @Sendable (EndedStep) -> Void) {
    guard action.step.isolation == .platform else { return others.start(action, done: done) }
    platform.start(action, done: done)
  }

  package func flush() { others.flush() }

  package func drop() { others.drop() }
}

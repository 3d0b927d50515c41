// The engine of this machine: a thread for each slot, a process for each step.
import Execution

/// Runs actions on the slots of this machine, in the order in which they come.
package struct LocalEngine: StepEngine {
  private let slots: SlotPool
  private let runner: ActionRunner
  /// Seconds of any clock.
  private let clock: @Sendable () -> Double

  package init(slots: SlotPool, runner: ActionRunner, clock: @escaping @Sendable () -> Double) {
    self.slots = slots
    self.runner = runner
    self.clock = clock
  }

  package var name: String { "local" }

  package var width: Int? { nil }

  package var fault: EngineFault? { nil }

  package func accepts(_ action: Action) -> Bool { true }

  package func start(_ action: Action, done: @escaping @Sendable (EndedStep) -> Void) {
    let (runner, clock) = (self.runner, self.clock)
    slots.run {
      let began = clock()
      let outcome = runner.execute(action)
      done(EndedStep(outcome, seconds: clock() - began))
    }
  }

  /// A slot begins at once, so nothing is collected.
  package func flush() {}

  /// What was handed over has begun.
  package func drop() {}
}

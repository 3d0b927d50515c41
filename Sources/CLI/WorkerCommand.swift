// `atelier worker`: the hidden verb that the runner starts for one step.
import CSystem
import CommandLine
import Execution
import Workers

enum WorkerCommand {
  /// Serves one request.
  ///
  /// The protocol takes over standard output; whatever a step prints goes to the log, where
  /// standard error goes.
  static func run(_ catalogue: StepCatalogue) -> Int32 {
    let answers = cs_take_over_stdout()
    guard answers >= 0 else { return ExitCode.usage }
    return Worker(catalogue: catalogue, answers: answers).serve(requests: 0)
  }
}

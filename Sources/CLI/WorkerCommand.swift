// `atelier worker`: the hidden verb that the runner starts for one step.
import CSystem
import Command
import Engine
import Featurize
import Query
import Segment
import Source
import Train
import Transfer

enum WorkerCommand {
  /// Serves one request. The protocol takes over standard output; whatever a step prints goes to
  /// the log, where standard error goes.
  static func run() -> Int32 {
    let answers = cs_take_over_stdout()
    guard answers >= 0, let catalogue = try? Catalogue.steps() else { return ExitCode.usage }
    return Worker(catalogue: catalogue, answers: answers).serve(requests: 0)
  }
}

enum Catalogue {
  /// Every step that this build can run.
  static func steps() throws -> StepCatalogue {
    try StepCatalogue(
      SourceFamily.steps + CommandFamily.steps + QueryFamily.steps + FeaturizeFamily.steps
        + TransferFamily.steps + TrainFamily.steps + SegmentFamily.steps)
  }
}

// The step families that the program's workers can run; Package.swift lists them, too.
import AtelierStep
import Command
import Features
import Featurize
import Figures
import Learn
import Python
import Query
import Segment
import Simulate
import SQL
import Source
import Train
import Transfer

enum Families {
  /// The steps of every family, made when they are asked for.
  static var steps: [any Step.Type] {
    let families: [[any Step.Type]] = [
      SourceFamily.steps,
      CommandFamily.steps,
      SQLFamily.steps,
      PythonFamily.steps,
      QueryFamily.steps,
      SimulateFamily.steps,
      FeaturizeFamily.steps,
      TransferFamily.steps,
      LearnFamily.steps,
      TrainFamily.steps,
      SegmentFamily.steps,
      FiguresFamily.steps,
      FeaturesFamily.steps,
    ]
    return Array(families.joined())
  }
}

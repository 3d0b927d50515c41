// The list of this family's steps.
import AtelierStep

/// The search for a model of the propensity to subscribe: its data, baseline, trials and selection.
public enum TrainFamily {
  /// The steps by which a worker finds its step's type.
  public static let steps: [any Step.Type] = [
    PrepareTraining.self, TrainBaseline.self, Trial.self, SelectModel.self, EvaluateModel.self,
    ExplainModel.self, MeasureDrift.self, ScoreUsers.self, TabulateTrials.self,
  ]
}

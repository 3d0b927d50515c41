// The list of this family's steps.
import AtelierStep

/// Training, selecting, measuring and using a propensity model.
public enum TrainFamily {
  /// The steps by which a worker finds its step's type.
  public static let steps: [any Step.Type] = [
    PrepareTraining.self, TrainBaseline.self, Trial.self, SelectModel.self, EvaluateModel.self,
    ScoreUsers.self, TabulateTrials.self,
  ]
}

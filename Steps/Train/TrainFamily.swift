// The list of this family's steps.
import AtelierStep

/// Training, selecting, measuring and using models: those of any table, and those of propensity.
public enum TrainFamily {
  /// The steps by which a worker finds its step's type.
  public static let steps: [any Step.Type] = [
    PrepareTraining.self, TrainBaseline.self, Trial.self, SelectModel.self, EvaluateModel.self,
    ScoreUsers.self, TabulateTrials.self,
    SplitTable.self, MakeMatrices.self, TrainModel.self, MeasureModel.self, DescribeErrors.self,
    DecideByMetric.self, RecordRefusal.self, PredictTable.self, DescribeClasses.self,
    ConfigureEndpoint.self, TabulateFolds.self,
  ]
}

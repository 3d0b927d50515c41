// The list of this family's steps.
import AtelierStep

/// Splitting, training, measuring and using models of any table.
public enum LearnFamily {
  /// The steps by which a worker finds its step's type.
  public static let steps: [any Step.Type] = [
    LearnCodes.self, EncodeColumn.self, SplitTable.self, MakeMatrices.self, TrainModel.self,
    MeasureModel.self, DescribeErrors.self,
    DecideByMetric.self, RecordRefusal.self, PredictTable.self, DescribeClasses.self,
    ConfigureEndpoint.self, TabulateFolds.self,
  ]
}

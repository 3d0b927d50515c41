// The list of this family's steps.
import AtelierStep

/// What goes into a feature group and what is read back: records, the latest ones, and those that
/// held at a time.
public enum FeaturesFamily {
  public static let steps: [any Step.Type] = [
    MakeRecords.self, LatestFeatures.self, JoinFeatures.self, LearnScaling.self,
    RequestProcessing.self,
  ]
}

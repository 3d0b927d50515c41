// What goes to the live platform and comes from it: types, and no code.
import AtelierStep
import LearningFormats

/// The answer to one SELECT of Query Service, as text: no type of the platform is trusted.
public enum PlatformAnswer: CSVFormat {}

/// segment, job, reach: what the platform made of the segment.
public enum SegmentEvaluation: JSONFormat {}

/// How scores reach the platform.
public enum ScoreWay: String, Codable, Sendable {
  /// As a batch of the data set.
  case batch
  /// By a data flow from the bucket.
  case flow
}

/// Scores as records of the scoring data set: JSON for a batch, or CSV for a flow.
public enum ScoreRecords: ArtifactFormat {
  /// Any of both: the way they take is a parameter of the step.
  public static let mediaType = "application/vnd.atelier.score-records"
  /// None.
  public static let fileExtension = ""
}

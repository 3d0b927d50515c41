// How a workshop trains with an algorithm that a service has built in. It knows no document.

/// A training with a built-in algorithm of SageMaker, in place of a workshop's own steps.
///
/// A built-in image is another tool than the library that steps use, so its model never answers for
/// theirs: a document that trains so does with the measured figures what the workshop's own branch does,
/// within the same threshold, and shares no result with a run.
public struct BuiltInTraining: Sendable {
  /// A file of CSV rows without a header, the label first where there is one.
  public struct Channel: Hashable, Sendable {
    /// The name that the algorithm knows it by, such as `train`.
    public var name: String
    /// The step whose only output holds the file.
    public var node: String
    /// The file's name in that output, which is a tree.
    public var file: String

    /// A file of a step's output.
    public init(_ name: String, from node: String, file: String) {
      self.name = name
      self.node = node
      self.file = file
    }
  }

  /// What a model must reach.
  public struct Threshold: Hashable, Sendable {
    /// The algorithm's name of the metric, such as `validation:rmse`.
    public var metric: String
    /// Whether the metric must be below the limit; else above.
    public var isBelow: Bool
    /// The limit, in the metric's own unit.
    public var limit: Double

    /// A metric and its limit.
    public init(_ metric: String, isBelow: Bool, limit: Double) {
      self.metric = metric
      self.isBelow = isBelow
      self.limit = limit
    }
  }

  /// What a good model is used for.
  public enum Use: Hashable, Sendable {
    /// Scores of a file without labels.
    case batch(Channel)
    /// An endpoint, made or brought up to the model.
    case endpoint(name: String, instanceType: String, instances: Int)
  }

  /// A Glue job in place of the steps that write the channels.
  public struct GlueJob: Hashable, Sendable {
    /// The job's name.
    public var name: String
    /// Its arguments, with `--` in front of each name.
    public var arguments: [String: String]
    /// Minutes after which it is ended.
    public var minutes: Int
    /// The folder in a bucket that it writes each channel to, by the channel's name.
    public var places: [String: String]
    /// The place of its script in a bucket.
    public var script: String

    /// A Glue job; see the properties.
    public init(
      name: String, script: String, arguments: [String: String], minutes: Int,
      places: [String: String]
    ) {
      self.script = script
      self.name = name
      self.arguments = arguments
      self.minutes = minutes
      self.places = places
    }
  }

  /// The whole path of the image; nil for the region's own of `repository` and `version`.
  public var image: String?
  /// The built-in image's name, such as `sagemaker-xgboost`.
  public var repository: String
  /// The built-in image's version.
  public var version: String
  /// Hyperparameters by the algorithm's own names.
  public var hyperparameters: [String: String]
  /// The files that it learns from.
  public var channels: [Channel]
  /// The form of the rows.
  public var contentType: String
  /// What a model must reach; nil where every model is used.
  public var threshold: Threshold?
  /// What a good model is used for.
  public var use: Use
  /// The machine that trains, such as `ml.m5.large`.
  public var instanceType: String
  /// What writes the channels instead of the workshop's steps; nil for those.
  public var glue: GlueJob?

  /// A training; see the properties.
  public init(
    image: String? = nil, repository: String = "sagemaker-xgboost",
    version: String = "1.7-1",
    hyperparameters: [String: String], channels: [Channel], contentType: String = "text/csv",
    threshold: Threshold?, use: Use, instanceType: String, glue: GlueJob? = nil
  ) {
    self.image = image
    self.repository = repository
    self.version = version
    self.hyperparameters = hyperparameters
    self.channels = channels
    self.contentType = contentType
    self.threshold = threshold
    self.use = use
    self.instanceType = instanceType
    self.glue = glue
  }

  /// All files that are needed: those that are learnt from, and the batch.
  public var files: [Channel] {
    if case .batch(let channel) = use { channels + [channel] } else { channels }
  }
}

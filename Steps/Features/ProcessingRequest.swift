// What a processing job is asked for, and the document that says so. It asks nobody.
import AtelierStep
import LearningFormats

/// What a processing job is asked for: data, flow, group and instances.
public struct ProcessingRequest: Codable, Hashable, Sendable {
  /// URL, or the name below the landing place, of the data.
  public var data: String
  /// The flow document.
  public var flow: String
  /// The name of the flow's output.
  public var output: String
  /// The name of the feature group.
  public var group: String
  /// Such as `ml.m5.4xlarge`.
  public var instanceType: String
  /// The number of instances, from 1 up.
  public var instanceCount: Int
  /// The disk of each instance in GB.
  public var volumeSize: Int
  /// Where the offline store lies.
  public var store: String

  /// A request for one job: what it reads, the flow, the group and the instances.
  public init(
    data: String, flow: String, output: String, group: String, instanceType: String,
    instanceCount: Int, volumeSize: Int, store: String
  ) {
    self.data = data
    self.flow = flow
    self.output = output
    self.group = group
    self.instanceType = instanceType
    self.instanceCount = instanceCount
    self.volumeSize = volumeSize
    self.store = store
  }
}

/// `Parameters`, `ProcessingResources`, `CreateFeatureGroup`.
public enum IngestionRequest: JSONFormat {}

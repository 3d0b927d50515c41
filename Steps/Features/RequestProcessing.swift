// The step that says what a processing job would be asked to do. It asks nobody.
import AtelierStep
import Content
import LearningFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a processing job is asked for: data, flow, group and instances.
public struct ProcessingRequest: Codable, Hashable, Sendable {
  /// URL, or the name below the landing place, of the data.
  public var data: String
  /// The flow document.
  public var flow: String
  /// The name of the flow's output.
  public var output: String
  public var group: String
  /// Such as `ml.m5.4xlarge`.
  public var instanceType: String
  public var instanceCount: Int
  public var volumeSize: Int
  /// Where the offline store lies.
  public var store: String

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

/// The request to a processing job on AWS, as a document: `Parameters` by the sample's names,
/// `ProcessingResources` and `CreateFeatureGroup` by the service's.
///
/// It decides nothing of what runs here, where all steps use this machine. It follows the ingestion, so that
/// nothing is requested for records that the group refuses.
public struct RequestProcessing: Step {
  public static let code = CodeFingerprint.module

  public var request: ProcessingRequest
  public var definition: FeatureDefinition
  /// The group with the records that the request is for.
  public var ingested: Artifact<FeatureHistory>
  public var document = Output<IngestionRequest>()

  public init(
    _ request: ProcessingRequest, _ definition: FeatureDefinition,
    after ingested: Artifact<FeatureHistory>
  ) {
    self.request = request
    self.definition = definition
    self.ingested = ingested
  }

  public func run(in context: StepContext) throws {
    var group = definition.json.object ?? [:]
    group["FeatureGroupName"] = .string(request.group)
    group["OfflineStoreConfig"] = ["S3StorageConfig": ["S3Uri": .string(request.store)]]
    let document: JSONValue = [
      "Parameters": [
        "InputDataUrl": .string(request.data), "InputFlowUrl": .string(request.flow),
        "FlowOutputName": .string(request.output), "FeatureGroupName": .string(request.group),
      ],
      "ProcessingResources": [
        "ClusterConfig": [
          "InstanceType": .string(request.instanceType),
          "InstanceCount": .integer(Int64(request.instanceCount)),
          "VolumeSizeInGB": .integer(Int64(request.volumeSize)),
        ]
      ],
      "CreateFeatureGroup": .object(group),
    ]
    try Data(document.canonicalBytes() + [0x0A]).write(
      to: URL(fileURLWithPath: context.path(self.document)))
  }
}

/// `Parameters`, `ProcessingResources`, `CreateFeatureGroup`.
public enum IngestionRequest: JSONFormat {}

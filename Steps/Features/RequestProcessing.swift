// The step that says what a processing job would be asked to do. It asks nobody.
import AtelierStep
import Content
import LearningFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The request to a processing job on AWS, as a document: `Parameters` by the sample's names,
/// `ProcessingResources` and `CreateFeatureGroup` by the service's.
///
/// It decides nothing of what runs here, where all steps use this machine. It follows the ingestion, so that
/// nothing is requested for records that the group refuses.
public struct RequestProcessing: Step {
  /// What is asked for: data, flow, group and instances.
  public var request: ProcessingRequest
  /// The feature group that the request creates.
  public var definition: FeatureDefinition
  /// The group with the records that the request is for.
  public var ingested: Artifact<FeatureHistory>
  /// The request as a JSON document.
  public var document = Output<IngestionRequest>()

  /// A request for a group; `ingested` are its records, which the step waits for.
  public init(
    _ request: ProcessingRequest, _ definition: FeatureDefinition,
    after ingested: Artifact<FeatureHistory>
  ) {
    self.request = request
    self.definition = definition
    self.ingested = ingested
  }

  /// Writes the document; nothing is sent.
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

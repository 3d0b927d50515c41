// The request of an entry in the registry of models.

/// What SageMaker is asked for an entry in a group of the registry of models, to be approved by a person.
///
/// Source: `CreateModelPackage` of SageMaker's API.
public struct ModelPackage: Hashable, Sendable {
  /// The group, at most 63 characters.
  public var group: String
  /// The image that serves it.
  public var image: RequestValue
  /// The archive of the model.
  public var data: RequestValue
  /// The form of the rows.
  public var contentType: String
  /// The machine of an endpoint with it.
  public var instanceType: String
  /// The machine of batches with it; not every machine of endpoints is one.
  public var batchInstanceType: String

  /// An entry; see the properties.
  public init(
    group: String, image: RequestValue, data: RequestValue, contentType: String,
    instanceType: String, batchInstanceType: String
  ) {
    self.batchInstanceType = batchInstanceType
    self.group = group
    self.image = image
    self.data = data
    self.contentType = contentType
    self.instanceType = instanceType
  }

  /// The request.
  public var request: RequestValue {
    [
      "ModelPackageGroupName": .text(group), "ModelApprovalStatus": "PendingManualApproval",
      "InferenceSpecification": [
        "Containers": [["Image": image, "ModelDataUrl": data]],
        "SupportedContentTypes": [.text(contentType)],
        "SupportedResponseMIMETypes": [.text(contentType)],
        "SupportedRealtimeInferenceInstanceTypes": [.text(instanceType)],
        "SupportedTransformInstanceTypes": [.text(batchInstanceType)],
      ],
    ]
  }
}

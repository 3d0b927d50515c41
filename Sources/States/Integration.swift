// The services that a task asks, by the names of Step Functions.

/// An integration of Step Functions with a service.
///
/// Source: the developer guide of Step Functions, "Call other AWS services".
public enum Integration: String, Hashable, Sendable, CaseIterable {
  case createTrainingJob = "sagemaker:createTrainingJob"
  case createTransformJob = "sagemaker:createTransformJob"
  case createProcessingJob = "sagemaker:createProcessingJob"
  case createHyperParameterTuningJob = "sagemaker:createHyperParameterTuningJob"
  case createModel = "sagemaker:createModel"
  case createEndpointConfig = "sagemaker:createEndpointConfig"
  case createEndpoint = "sagemaker:createEndpoint"
  case updateEndpoint = "sagemaker:updateEndpoint"
  case startJobRun = "glue:startJobRun"
  case startExecution = "states:startExecution"
  case invoke = "lambda:invoke"

  /// Whether a task can wait for the end of what it starts (`.sync`).
  public var canWait: Bool {
    switch self {
    case .createTrainingJob, .createTransformJob, .createProcessingJob,
      .createHyperParameterTuningJob, .startJobRun, .startExecution:
      true
    case .createModel, .createEndpointConfig, .createEndpoint, .updateEndpoint, .invoke: false
    }
  }

  /// The resource of a task in a partition: `aws`, `aws-cn` or `aws-us-gov`.
  ///
  /// It waits for the end where it can, unless `waits` is false.
  public func resource(partition: String = "aws", waits: Bool = true) -> String {
    let ending = !waits || !canWait ? "" : self == .startExecution ? ".sync:2" : ".sync"
    return "arn:\(partition):states:::\(rawValue)\(ending)"
  }

  /// Any other operation of a service, such as `s3` and `getObject`.
  public static func sdk(
    _ service: String, _ operation: String, partition: String = "aws"
  ) -> String {
    "arn:\(partition):states:::aws-sdk:\(service):\(operation)"
  }
}

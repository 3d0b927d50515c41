// The two pipelines that the Step Functions Data Science SDK has ready: training, and inference with a
// preprocessor.

/// Machines whose requests an execution's input gives, each under the name of its state.
///
/// So one machine serves every training: `$$.Execution.Input['Training']['TrainingJobName']` and so on.
public enum PipelineTemplates {
  /// Training, then a model of it, an endpoint's configuration, and the endpoint.
  public static func training(partition: String = "aws") throws(Chain.Mistake) -> StateMachine {
    try Chain()
      .then("Training", task(.createTrainingJob, "Training", trainingMembers, partition))
      .then("Create Model", task(.createModel, "Create Model", modelMembers, partition))
      .then(
        "Configure Endpoint",
        task(.createEndpointConfig, "Configure Endpoint", configurationMembers, partition)
      )
      .then("Deploy", task(.createEndpoint, "Deploy", endpointMembers, partition))
      .machine()
  }

  /// A preprocessor's training and model, the training data through it, a training on what comes out,
  /// and an endpoint of both models in line.
  public static func inference(partition: String = "aws") throws(Chain.Mistake) -> StateMachine {
    let preprocessor = "Train Preprocessor"
    return try Chain()
      .then(preprocessor, task(.createTrainingJob, preprocessor, trainingMembers, partition))
      .then(
        "Create Preprocessor Model",
        task(.createModel, "Create Preprocessor Model", modelMembers, partition)
      )
      .then(
        "Transform Input", task(.createTransformJob, "Transform Input", transformMembers, partition)
      )
      .then("Training", task(.createTrainingJob, "Training", trainingMembers, partition))
      .then(
        "Create Pipeline Model",
        task(.createModel, "Create Pipeline Model", pipelineModelMembers, partition)
      )
      .then(
        "Configure Endpoint",
        task(.createEndpointConfig, "Configure Endpoint", configurationMembers, partition)
      )
      .then("Deploy", task(.createEndpoint, "Deploy", endpointMembers, partition))
      .machine()
  }

  private static let trainingMembers = [
    "TrainingJobName", "AlgorithmSpecification", "HyperParameters", "InputDataConfig",
    "OutputDataConfig", "ResourceConfig", "RoleArn", "StoppingCondition",
  ]
  private static let transformMembers = [
    "TransformJobName", "ModelName", "TransformInput", "TransformOutput", "TransformResources",
  ]
  private static let modelMembers = ["ModelName", "ExecutionRoleArn", "PrimaryContainer"]
  private static let pipelineModelMembers = ["ModelName", "ExecutionRoleArn", "Containers"]
  private static let configurationMembers = ["EndpointConfigName", "ProductionVariants"]
  private static let endpointMembers = ["EndpointName", "EndpointConfigName"]

  /// A request whose members the execution's input gives under a state's name.
  private static func task(
    _ integration: Integration, _ name: String, _ members: [String], _ partition: String
  ) -> @Sendable (Transition) -> State.Kind {
    { then in
      let input = DataPath.executionInput[name]
      let parameters = Payload.object(
        Dictionary(uniqueKeysWithValues: members.map { ($0, .path(input[$0])) }))
      return .task(
        Task(integration.resource(partition: partition), parameters: parameters), then: then)
    }
  }
}

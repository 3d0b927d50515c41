// What a state machine's role must be allowed, by the services that its tasks ask.
import Content

/// A permission that a machine needs: actions on resources, maybe under a condition.
public struct AccessNeed: Hashable, Sendable {
  /// What is allowed, such as `sagemaker:CreateProcessingJob`.
  public let actions: [String]
  /// On what, as ARNs in which `${AWS::Region}` and the like stand for what a stack knows.
  public let resources: [AccessResource]
  /// The service that a role may be passed to; nil for no condition.
  public let passedTo: String?
}

/// What an action is allowed on.
public enum AccessResource: Hashable, Sendable {
  /// An ARN, or a pattern of one, with variables of a stack.
  case arn(String)
  /// The ARN of a role of the same template.
  case role(String)
}

/// The permissions that the tasks of a machine need.
///
/// Source: the developer guide of Step Functions, "IAM policies for integrated services"; AddTags, as Step
/// Functions tags the jobs that it starts, by the change logs of aws-cdk.
public struct RequiredAccess: Sendable {
  /// The needs, in a fixed order.
  public let needs: [AccessNeed]

  /// What the tasks of a definition need.
  ///
  /// - Parameters:
  ///   - definition: a state machine as JSON.
  ///   - jobRole: the logical name of the role that jobs get.
  ///   - objects: ARNs of the objects that states read.
  ///   - names: how the names of jobs, models and endpoints begin.
  public init(definition: JSONValue, jobRole: String, objects: [String], names: [String]) {
    var asked: Set<String> = []
    Self.collect(definition, &asked)
    needs = asked.sorted().flatMap {
      Self.needs(of: $0, jobRole: jobRole, objects: objects, names: names)
    }.reduce(into: []) { needs, need in if !needs.contains(need) { needs.append(need) } }
  }

  /// The integrations that a definition's tasks name, such as `sagemaker:createModel`.
  private static func collect(_ value: JSONValue, _ asked: inout Set<String>) {
    switch value {
    case .object(let members):
      if members["Type"] == "Task", let resource = members["Resource"]?.string,
        let range = resource.firstRange(of: ":states:::")
      {
        asked.insert(String(resource[range.upperBound...]))
      }
      for member in members.values { collect(member, &asked) }
    case .array(let elements): for element in elements { collect(element, &asked) }
    default: break
    }
  }

  private static func needs(
    of integration: String, jobRole: String, objects: [String], names: [String]
  ) -> [AccessNeed] {
    let parts = integration.split(separator: ":").map(String.init)
    let (service, operation) = (parts.first ?? "", parts.dropFirst().first ?? "")
    // SageMaker has written names in ARNs in small letters: both forms, where they differ.
    let beginnings = names.reduce(into: [String]()) { all, name in
      for form in [name, name.lowercased()] where !all.contains(form) { all.append(form) }
    }
    func sagemaker(_ kind: String) -> [AccessResource] {
      beginnings.map {
        .arn("arn:${AWS::Partition}:sagemaker:${AWS::Region}:${AWS::AccountId}:\(kind)/\($0)*")
      }
    }
    let passes = AccessNeed(
      actions: ["iam:PassRole"], resources: [.role(jobRole)], passedTo: "sagemaker.amazonaws.com")
    /// Of a job that Step Functions starts, follows and tags.
    func job(_ word: String, _ kind: String) -> [AccessNeed] {
      [
        AccessNeed(
          actions: ["Create", "Describe", "Stop"].map { "sagemaker:\($0)\(word)Job" }
            + ["sagemaker:ListTags", "sagemaker:AddTags"], resources: sagemaker(kind),
          passedTo: nil),
        events("StepFunctionsGetEventsForSageMaker\(word)JobsRule"), passes,
      ]
    }
    switch (service, operation.hasSuffix(".sync") ? String(operation.dropLast(5)) : operation) {
    case ("sagemaker", "createProcessingJob"): return job("Processing", "processing-job")
    case ("sagemaker", "createTrainingJob"): return job("Training", "training-job")
    case ("sagemaker", "createTransformJob"):
      return Array(job("Transform", "transform-job").dropLast())
    case ("sagemaker", "createModel"):
      return [
        AccessNeed(
          actions: ["sagemaker:CreateModel", "sagemaker:AddTags"],
          resources: sagemaker("model"), passedTo: nil), passes,
      ]
    case ("sagemaker", "createEndpointConfig"):
      return [
        AccessNeed(
          actions: ["sagemaker:CreateEndpointConfig", "sagemaker:AddTags"],
          resources: sagemaker("endpoint-config"), passedTo: nil)
      ]
    case ("sagemaker", "createEndpoint"), ("sagemaker", "updateEndpoint"):
      let action = operation.prefix(1).uppercased() + operation.dropFirst()
      return [
        AccessNeed(
          actions: ["sagemaker:\(action)", "sagemaker:AddTags"],
          resources: sagemaker("endpoint") + sagemaker("endpoint-config"), passedTo: nil)
      ]
    case ("aws-sdk", "sagemaker"):
      let action = (parts.last ?? "").prefix(1).uppercased() + (parts.last ?? "").dropFirst()
      return [
        AccessNeed(
          actions: ["sagemaker:\(action)"], resources: sagemaker("endpoint"), passedTo: nil)
      ]
    case ("aws-sdk", "s3"):
      return [
        AccessNeed(
          actions: ["s3:GetObject"], resources: objects.map { .arn($0) }, passedTo: nil)
      ]
    case ("glue", "startJobRun"):
      return [
        AccessNeed(
          actions: [
            "glue:StartJobRun", "glue:GetJobRun", "glue:GetJobRuns", "glue:BatchStopJobRun",
          ],
          resources: names.map {
            .arn("arn:${AWS::Partition}:glue:${AWS::Region}:${AWS::AccountId}:job/\($0)*")
          }, passedTo: nil)
      ]
    default: return []
    }
  }

  /// How Step Functions hears of a job's end.
  private static func events(_ rule: String) -> AccessNeed {
    AccessNeed(
      actions: ["events:PutTargets", "events:PutRule", "events:DescribeRule"],
      resources: [
        .arn("arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/\(rule)")
      ], passedTo: nil)
  }
}

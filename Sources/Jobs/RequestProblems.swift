// What SageMaker would refuse in a request, as far as it can be told without asking.
import ServiceNames

/// The requests that are known by their members.
public enum RequestOperation: String, Sendable, CaseIterable {
  case createProcessingJob = "CreateProcessingJob"
  case createTrainingJob = "CreateTrainingJob"
  case createTransformJob = "CreateTransformJob"
  case createModel = "CreateModel"
  case createEndpointConfig = "CreateEndpointConfig"
  case createModelPackage = "CreateModelPackage"

  /// The request behind a type of step of a pipeline; nil for another type.
  init?(stepType: String) {
    switch stepType {
    case "Processing": self = .createProcessingJob
    case "Training": self = .createTrainingJob
    case "Transform": self = .createTransformJob
    case "Model": self = .createModel
    case "RegisterModel": self = .createModelPackage
    default: return nil
    }
  }

  /// The members that a request must have, its name first.
  private var required: [String] {
    switch self {
    case .createProcessingJob:
      ["ProcessingJobName", "AppSpecification", "ProcessingResources", "RoleArn"]
    case .createTrainingJob:
      [
        "TrainingJobName", "AlgorithmSpecification", "OutputDataConfig", "ResourceConfig",
        "RoleArn", "StoppingCondition",
      ]
    case .createTransformJob:
      [
        "TransformJobName", "ModelName", "TransformInput", "TransformOutput",
        "TransformResources",
      ]
    case .createModel: ["ModelName", "ExecutionRoleArn"]
    case .createEndpointConfig: ["EndpointConfigName", "ProductionVariants"]
    case .createModelPackage: ["ModelPackageName", "InferenceSpecification"]
    }
  }

  /// Seconds of the longest job.
  private var longest: Int { self == .createProcessingJob ? 777_600 : 2_419_200 }

  /// All mistakes in a request, each with its member and what was expected.
  ///
  /// `isNamed` is false in a pipeline, which names its jobs itself. Source: SageMaker's API.
  public func problems(in request: RequestValue, isNamed: Bool = true) -> [String] {
    guard case .object(let members) = request else {
      return ["the request is no object; expected members by name"]
    }
    var problems: [String] = []
    // Only a job or a model is named by the pipeline; a transform says which model it uses.
    let names = isNamed ? required : Array(required.dropFirst())
    for name in names where members[name] == nil {
      problems.append("\(rawValue) lacks \(name)")
    }
    if !isNamed, let name = required.first, members[name] != nil {
      problems.append("\(name) is given, but a pipeline names its jobs itself")
    }
    walk(request, "", &problems)
    return problems
  }

  private func walk(_ value: RequestValue, _ path: String, _ problems: inout [String]) {
    switch value {
    case .object(let members):
      for (name, member) in members.sorted(by: { $0.key < $1.key }) {
        let inner = path.isEmpty ? name : "\(path).\(name)"
        check(name, member, inner, &problems)
        walk(member, inner, &problems)
      }
    case .list(let elements):
      for (index, element) in elements.enumerated() {
        walk(element, "\(path)[\(index)]", &problems)
      }
    default: break
    }
  }

  private func check(
    _ name: String, _ value: RequestValue, _ path: String, _ problems: inout [String]
  ) {
    func add(_ text: String) { problems.append("\(path): \(text)") }
    switch (name, value) {
    case ("HyperParameters", .object(let members)):
      if members.count > 100 { add("expected at most 100, found \(members.count)") }
      for (key, member) in members.sorted(by: { $0.key < $1.key }) {
        switch member {
        case .integer, .bool, .list, .object:
          problems.append("\(path).\(key): expected a text, as every hyperparameter is one")
        default: break
        }
      }
    case ("InstanceType", .text(let type)):
      let parts = type.split(separator: ".")
      if parts.count != 3 || parts.first != "ml" {
        add("expected a machine such as ml.m5.large, found '\(type)'")
      }
    case ("InstanceCount", .integer(let count)) where count < 1:
      add("expected at least 1, found \(count)")
    case ("VolumeSizeInGB", .integer(let size)) where !(1...16_384).contains(size):
      add("expected 1 to 16384, found \(size)")
    case ("MaxRuntimeInSeconds", .integer(let seconds)) where !(1...longest).contains(seconds):
      add("expected 1 to \(longest), found \(seconds)")
    case ("S3Uri", .text(let place)), ("S3OutputPath", .text(let place)),
      ("ModelDataUrl", .text(let place)):
      if !place.hasPrefix("s3://") || place.count < 8 {
        add("expected s3://bucket/..., found '\(place)'")
      }
    case ("ImageUri", .text(let image)), ("TrainingImage", .text(let image)),
      ("Image", .text(let image)):
      if !(1...255).contains(image.count) || image.contains(where: \.isWhitespace) {
        add(
          "expected an image of a registry, at most 255 characters, found '\(image.prefix(80))' "
            + "(\(image.count))")
      }
    case ("RoleArn", .text(let role)), ("ExecutionRoleArn", .text(let role)):
      if !Self.isRole(role) {
        add("expected arn:<partition>:iam::<account>:role/<name>, found '\(role)'")
      }
    case ("InputDataConfig", .list(let channels)):
      if channels.count > 20 { add("expected at most 20 channels, found \(channels.count)") }
      let names = channels.map { $0["ChannelName"] }
      for (index, channel) in names.enumerated() where names[..<index].contains(channel) {
        add("two channels have one name")
      }
    case ("Tags", .list(let tags)) where tags.count > 50:
      add("expected at most 50, found \(tags.count)")
    case ("ContainerArguments", .list(let arguments)):
      if arguments.count > 100 { add("expected at most 100, found \(arguments.count)") }
      for case .text(let argument) in arguments where argument.count > 256 {
        add("expected at most 256 characters each, found \(argument.count)")
      }
    case ("ProcessingJobName", _), ("TrainingJobName", _), ("TransformJobName", _),
      ("ModelName", _), ("EndpointConfigName", _), ("EndpointName", _):
      checkName(value, add)
    default: break
    }
  }

  private func checkName(_ value: RequestValue, _ add: (String) -> Void) {
    switch value {
    case .text(let name):
      if !ServiceName.isValid(name) {
        add("expected at most 63 letters, digits and '-', found '\(name)' (\(name.count))")
      }
    case .fresh(let stem):
      if !ServiceName.isValid(stem, upTo: ServiceName.limit - JobName.freshLength) {
        add(
          "expected at most \(ServiceName.limit - JobName.freshLength) letters, digits and '-' before "
            + "what tells attempts apart, found '\(stem)' (\(stem.count))")
      }
    case .integer, .bool, .list, .object: add("expected a text")
    default: break
    }
  }

  /// Whether a text is the ARN of a role.
  public static func isRole(_ text: String) -> Bool {
    let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    return parts.count == 6 && parts[0] == "arn" && parts[1].hasPrefix("aws") && parts[2] == "iam"
      && parts[4].count == 12 && parts[4].allSatisfy(\.isNumber) && parts[5].hasPrefix("role/")
      && parts[5].count > 5
  }
}

// `atelier endpoint deploy`: creates an endpoint, or brings it to another model.
import CommandLine
import Content
import Endpoints
import Jobs
import Names
import Project
import S3
import SageMaker
import Terminal
import Workflows

struct EndpointDeploy: Verb {
  let name = "deploy"
  let summary = "create an endpoint, or bring it to another model; waits for it"
  let details = """
    The model is that of a training job, or an archive with an image that serves it. During an
    update the endpoint serves its former configuration; if it fails, that one is brought back and
    the reason is printed. Of two calls at once one waits for the other, then updates. Ctrl-C
    leaves SageMaker at work.
    """
  let examples = [
    Example(
      "atelier endpoint deploy churn --training-job churn-train-1", "the model of a training"),
    Example(
      "atelier endpoint deploy churn --model-data s3://bucket/model.tar.gz --image registry/serve:1",
      "any archive"),
  ]
  let endpoint = EndpointCall.endpoint
  let trainingJob = Option(
    "training-job", value: "NAME", "the job whose model is served, with the image that made it")
  let modelData = Option("model-data", value: "URL", "archive of the model: s3://.../model.tar.gz")
  let image = Option("image", value: "IMAGE", "image that serves the model")
  let role = Option(
    "role", value: "ARN", "role of the container (default: [Jobs] role)")
  let instanceType = Option(
    "instance-type", value: "TYPE", "machine (default: ml.m5.large)")
  let instances = Option("instances", value: "N", in: 1...1000, "machines (default: 1)")
  let adopt = Flag("adopt", "update an endpoint that was made otherwise, and tag it")
  let json = Shared.json

  var parameters: [any Parameter] {
    [endpoint, trainingJob, modelData, image, role, instanceType, instances, adopt, json]
  }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try EndpointCall.run(call, context, changes: true) { endpoint in
      let plan = try self.makePlan(call, endpoint)
      let change = try endpoint.deployment.deploy(
        plan, adopts: call[adopt], say: context.output.message)
      let word =
        switch change {
        case .created: "created"
        case .updated: "updated"
        case .unchanged: "unchanged"
        }
      if call[json] {
        let line: JSONValue = [
          "v": 1, "event": "endpoint", "endpoint": .string(plan.endpoint), "change": .string(word),
          "configuration": .string(plan.configuration), "model": .string(plan.model),
        ]
        try context.output.data(line.canonicalText() + "\n")
      } else {
        try context.output.data(
          "endpoint \(plan.endpoint): \(word); serves \(plan.model)\n")
      }
      return ExitCode.success
    }
  }

  /// What is to be served, with all that is missing told before anything is made.
  private func makePlan(_ call: Call, _ endpoint: EndpointCall) throws -> EndpointPlan {
    let model = try self.model(call, endpoint)
    let configured = try JobTable(reading: endpoint.session.configuration).role
    let given: String? = call[self.role]
    let role: String = given ?? configured
    guard !role.isEmpty else {
      throw UsageError("[Jobs] role is empty; name the role of the container: --role ARN")
    }
    guard RequestOperation.isRole(role) else {
      let word = given == nil ? "[Jobs] role" : "--role"
      throw UsageError(
        "\(word): expected arn:<partition>:iam::<account>:role/<name>, found '\(role)'")
    }
    let type: String = call[instanceType] ?? "ml.m5.large"
    guard type.hasPrefix("ml."), type.split(separator: ".").count == 3 else {
      throw UsageError(
        "--instance-type takes a machine of SageMaker, such as ml.m5.large, not '\(type)'")
    }
    let tag = try self.tag(of: model.data, endpoint)
    return try EndpointPlan(
      endpoint: endpoint.name, image: model.image, data: model.data, content: tag, role: role,
      instanceType: type, instances: call[instances] ?? 1,
      tags: endpoint.session.resourceTags().values)
  }

  /// The archive and the image that serves it.
  private func model(
    _ call: Call, _ endpoint: EndpointCall
  ) throws -> (data: String, image: String) {
    guard let job = call[trainingJob] else {
      guard let data = call[modelData], !data.isEmpty else {
        throw UsageError("name the model: --training-job NAME, or --model-data URL with --image")
      }
      guard let server = call[self.image], !server.isEmpty else {
        throw UsageError("--model-data needs --image, the image that serves the model")
      }
      return (data, server)
    }
    guard call[modelData] == nil else {
      throw UsageError("--training-job and --model-data name two models; leave one out")
    }
    let client = endpoint.services.sagemaker
    guard let found = try asking("SageMaker", { try client.trainingJob(job) }) else {
      throw UsageError("there is no training job '\(job)'")
    }
    guard found["TrainingJobStatus"]?.string == "Completed",
      let data = found["ModelArtifacts"]?["S3ModelArtifacts"]?.string
    else {
      let status = found["TrainingJobStatus"]?.string ?? "unknown"
      throw UsageError("the training job \(job) has no model: it is \(status)")
    }
    let trained = found["AlgorithmSpecification"]?["TrainingImage"]?.string
    guard let server = call[self.image] ?? trained else {
      throw UsageError("the training job \(job) has no image; add --image")
    }
    return (data, server)
  }

  /// What tells the archive from another one at the same URL; throws where there is none.
  private func tag(of data: String, _ endpoint: EndpointCall) throws -> String {
    let url: S3URL
    do {
      url = try S3URL(data)
    } catch {
      throw UsageError("--model-data: \(error)")
    }
    let token = endpoint.signals.token
    let client = try endpoint.session.client(
      url.bucket, endpoint.session.awsSettings(),
      RemoteUse(isRequired: true, isCancelled: { token.isCancelled }))
    do {
      return try client.head(url.key).etag
    } catch {
      // A `where` here ends the compiler of Swift 6.3.1 in an endless loop.
      guard error.kind == .notFound else { throw error }
      throw UsageError("\(data): there is no such object; give the archive of a model")
    }
  }
}

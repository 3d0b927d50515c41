// The requests of a training with a built-in algorithm, for machines and pipelines alike.
import Atelier
import Content
import Jobs
import Plans

/// What services are asked for a training with a built-in algorithm.
struct BuiltInRequests {
  /// Names of the jobs in a document.
  static let (train, model, batch) = ("train", "save the model", "score the batch")

  /// The names by which settings give them machines.
  static let machineNames = [train, "batch"]

  private let built: BuiltInTraining
  private let plan: Plan
  private let settings: JobSettings
  /// The training.
  let training: TrainingJob

  init(_ built: BuiltInTraining, _ plan: Plan, _ settings: JobSettings) throws {
    self.built = built
    self.plan = plan
    self.settings = settings
    let facts: JSONValue = [
      "plan": .string(plan.digest.description),
      "hyperparameters": .object(built.hyperparameters.mapValues { .string($0) }),
      "image": .string(settings.trainingImage ?? ""), "bucket": .string(settings.bucket),
      "prefix": .string(settings.prefix),
    ]
    let place = "s3://\(settings.bucket)/\(settings.key("jobs", "models", plan.workshop))"
    training = TrainingJob(
      name: JobName.stem(
        [settings.name ?? plan.workshop, Self.train],
        digest: try Digest.of(facts.canonicalBytes()).hex),
      image: settings.trainingImageValue, hyperparameters: built.hyperparameters,
      channels: built.channels.map {
        TrainingJob.Channel(
          name: $0.name, place: Self.place($0, built, plan, settings),
          contentType: built.contentType)
      }, output: .joined([.text(place), .executionName], separator: "/"),
      role: settings.roleValue,
      instanceType: settings.instanceTypes[Self.train] ?? built.instanceType,
      volumeSize: settings.volumeSize, longestSeconds: settings.longestSeconds,
      tags: settings.tags(
        workshop: plan.workshop, job: Self.train, plan: plan.digest.description))
  }

  /// Where a file of the training is: where its job uploads it, or where Glue writes it.
  private static func place(
    _ channel: BuiltInTraining.Channel, _ built: BuiltInTraining, _ plan: Plan,
    _ settings: JobSettings
  ) -> RequestValue {
    built.glue?.places[channel.name].map { .text($0) }
      ?? CompiledJob.place(of: channel, plan, settings)
  }

  /// The model's name, and that of an endpoint's configuration: the training job's, which no other has.
  var modelName: RequestValue { .answer(of: Self.train, path: ["TrainingJobName"]) }

  /// The archive of the model.
  var archive: RequestValue {
    .answer(of: Self.train, path: ["ModelArtifacts", "S3ModelArtifacts"])
  }

  var modelRequest: ModelRequest {
    ModelRequest(
      name: training.name, image: settings.trainingImageValue, data: archive,
      role: settings.roleValue, tags: settings.tags)
  }

  /// The request of the model with its name.
  var model: RequestValue { modelRequest.request(modelName: modelName) }

  /// The scores of a batch.
  func transform(_ channel: BuiltInTraining.Channel, model: RequestValue? = nil) -> TransformJob {
    let place = "s3://\(settings.bucket)/\(settings.key("jobs", "scores", plan.workshop))"
    return TransformJob(
      name: JobName.stem(
        [settings.name ?? plan.workshop, "batch"], digest: String(training.name.suffix(12))),
      model: model ?? modelName, input: Self.place(channel, built, plan, settings),
      output: .joined([.text(place), .executionName], separator: "/"),
      instanceType: settings.instanceTypes["batch"] ?? built.instanceType,
      contentType: built.contentType, tags: settings.tags)
  }

  /// An endpoint's configuration, named as the model.
  func configuration(instanceType: String, instances: Int) -> RequestValue {
    EndpointConfiguration(
      name: modelName, model: modelName, instanceType: instanceType, instances: instances,
      tags: settings.tags
    ).request
  }

  /// The entry in the registry of models, in the group of an endpoint's name.
  func package(group: String, instanceType: String) -> RequestValue {
    ModelPackage(
      group: group, image: settings.trainingImageValue, data: archive,
      contentType: built.contentType, instanceType: instanceType,
      batchInstanceType: built.instanceType
    ).request
  }
}

// A training with a built-in algorithm as states: train, save the model, compare its metric, use it.
import Atelier
import Content
import Jobs
import Plans
import States

/// A request with the operation that it is for.
public struct NamedRequest: Sendable {
  /// The operation; nil for one that is not SageMaker's.
  public let operation: RequestOperation?
  /// The request.
  public let value: RequestValue

  /// What SageMaker would refuse.
  public var problems: [String] { operation?.problems(in: value) ?? [] }
}

/// The states that follow the jobs which write a training's files.
struct BuiltInStates {
  private(set) var states: [String: State] = [:]
  private(set) var requests: [NamedRequest] = []
  /// The name of the first state.
  private(set) var start = ""
  /// The states that only a failure of a job leads to.
  private(set) var support: Set<String> = []
  /// Seconds of all its jobs.
  private(set) var longestSeconds = 0

  private let training: BuiltInTraining
  private let requested: BuiltInRequests
  private let partition: String
  private let form: ParameterForm
  private let tags: [String: String]

  init(
    _ training: BuiltInTraining, _ plan: Plan, _ settings: JobSettings, names: inout UniqueNames
  ) throws {
    self.training = training
    requested = try BuiltInRequests(training, plan, settings)
    partition = Partition.of(settings.region)
    form = settings.parameterForm
    tags = settings.tags
    // From the end, where what follows is known.
    let use: String
    switch training.use {
    case .batch(let channel):
      let job = requested.transform(channel)
      note(.createTransformJob, job.request)
      use = add(
        JobTask(
          name: BuiltInRequests.batch, integration: .createTransformJob,
          request: job.request.payload(form),
          kept: ["job": .path(DataPath("$.TransformJobName"))], longestSeconds: 86_400,
          comment: "scores of \(channel.node)"), then: .end, &names)
    case .endpoint(let name, let instanceType, let instances):
      let request = requested.configuration(instanceType: instanceType, instances: instances)
      note(.createEndpointConfig, request)
      use = addEndpoint(name, request, &names)
    }
    let following: String
    if let threshold = training.threshold {
      let (question, worse) = (
        names.state("\(threshold.metric) good enough?"), names.state("Worse model")
      )
      states[worse] = State(
        .pass(
          parameters: [
            "outcome": "worse model", "metric": .text(threshold.metric),
            "value": .path(DataPath("$.train.Metric")), "limit": .number(threshold.limit),
          ], then: .end))
      let order: Comparison.Order = threshold.isBelow ? .lessThan : .greaterThan
      states[question] = State(
        .choice(
          [
            ChoiceRule(
              .value(DataPath("$.train.Metric"), .number(order, threshold.limit)), next: use)
          ], otherwise: worse))
      following = question
    } else {
      following = use
    }
    let saved = names.state(BuiltInRequests.model)
    note(.createModel, requested.model)
    states[saved] = State(
      .task(
        Task(
          Integration.createModel.resource(partition: partition),
          parameters: requested.model.payload(form),
          retry: [Persistence.throttling]), then: .next(following)),
      resultPath: DataPath("$.model"))
    note(.createTrainingJob, requested.training.request)
    start = add(
      JobTask(
        name: BuiltInRequests.train, integration: .createTrainingJob,
        request: requested.training.request.payload(form), kept: Self.kept(training.threshold),
        longestSeconds: requested.training.longestSeconds,
        comment: "with the built-in algorithm"), then: .next(saved), &names)
    if let glue = training.glue { start = addGlue(glue, then: start, &names) }
  }

  /// What later states read of a training's answer; the metric by its name, wherever it stands in the
  /// list.
  private static func kept(_ threshold: BuiltInTraining.Threshold?) -> [String: Payload] {
    var kept: [String: Payload] = [
      "TrainingJobName": .path(DataPath("$.TrainingJobName")),
      "ModelArtifacts": .path(DataPath("$.ModelArtifacts")),
    ]
    if let threshold {
      kept["Metric"] = .call(
        "States.ArrayGetItem",
        [
          .path(
            DataPath("$.FinalMetricDataList[?(@.MetricName=='\(threshold.metric)')].Value")), 0,
        ])
    }
    return kept
  }

  /// A request with the tags of the settings, if there are any.
  private func tagged(_ request: RequestValue) -> RequestValue {
    guard case .object(let members) = request, !tags.isEmpty else { return request }
    return .object(members.merging(["Tags": RequestTags.list(tags)]) { $1 })
  }

  private mutating func note(_ operation: RequestOperation?, _ request: RequestValue) {
    requests.append(NamedRequest(operation: operation, value: request))
  }

  private mutating func add(
    _ task: JobTask, then: Transition, _ names: inout UniqueNames
  ) -> String {
    let (start, own, aside) = task.states(then: then, partition: partition, names: &names)
    states.merge(own) { $1 }
    support.formUnion(aside)
    longestSeconds += task.longestSeconds
    return start
  }

  /// A new configuration; then the endpoint is made, or brought up to it where it is there, and
  /// awaited.
  private mutating func addEndpoint(
    _ endpoint: String, _ configuration: RequestValue, _ names: inout UniqueNames
  ) -> String {
    let (configure, find, create, update) = (
      names.state("Configure the endpoint"), names.state("Find the endpoint"),
      names.state("Create the endpoint"), names.state("Update the endpoint")
    )
    let again = names.state("Find the endpoint again")
    let replaced = names.state("Endpoint serves another model")
    let (wait, look, question, done, failed) = (
      names.state("Wait for the endpoint"), names.state("Look at the endpoint"),
      names.state("Endpoint in service?"), names.state("Endpoint in service"),
      names.state("Endpoint failed")
    )
    let named: RequestValue = ["EndpointName": .text(endpoint)]
    let changed: RequestValue = [
      "EndpointName": .text(endpoint), "EndpointConfigName": requested.modelName,
    ]
    note(nil, changed)
    // An update keeps the tags of the endpoint.
    let created = tagged(changed)
    func task(
      _ resource: String, _ request: RequestValue, then: String, kept path: String,
      retry: [Retrier] = [], catching: [Catcher] = []
    ) -> State {
      State(
        .task(
          Task(
            resource, parameters: request.payload(form), retry: [Persistence.throttling] + retry,
            catching: catching), then: .next(then)), resultPath: DataPath(path))
    }
    func integration(_ integration: Integration) -> String {
      integration.resource(partition: partition)
    }
    let describe = Integration.sdk("sagemaker", "describeEndpoint", partition: partition)
    let failure = DataPath("$.failure")
    states[configure] = task(
      integration(.createEndpointConfig), configuration, then: find, kept: "$.configuration")
    states[find] = task(
      describe, named, then: update, kept: "$.endpoint",
      catching: [
        Catcher(["SageMaker.SageMakerException"], next: create, resultPath: failure)
      ])
    // An endpoint that is being made or changed refuses an update for some minutes.
    states[update] = task(
      integration(.updateEndpoint), changed, then: wait, kept: "$.changed",
      retry: [Retrier(["States.TaskFailed"], interval: 30, attempts: 20, backoff: 1.2)])
    // Somebody else may have made it in the meantime: then it is there, and is updated.
    states[create] = task(
      integration(.createEndpoint), created, then: wait, kept: "$.changed",
      catching: [Catcher(["States.TaskFailed"], next: again, resultPath: failure)])
    states[again] = task(describe, named, then: update, kept: "$.endpoint")
    states[wait] = State(.wait(.seconds(30), then: .next(look)))
    states[look] = task(describe, named, then: question, kept: "$.endpoint")
    let status = DataPath("$.endpoint.EndpointStatus")
    let bad = ["Failed", "OutOfService", "UpdateRollbackFailed"]
    states[question] = State(
      .choice(
        [
          ChoiceRule(
            .and([
              .value(status, .text(.equals, "InService")),
              .value(
                DataPath("$.endpoint.EndpointConfigName"),
                .path(.text, .equals, DataPath("$.train.TrainingJobName"))),
            ]), next: done),
          // The update was rolled back, or somebody else has made another one.
          ChoiceRule(.value(status, .text(.equals, "InService")), next: replaced),
          ChoiceRule(
            .or(bad.map { .value(status, .text(.equals, $0)) }), next: failed),
        ], otherwise: wait))
    states[done] = State(.succeed)
    states[replaced] = State(
      .fail(
        error: "Atelier.EndpointReplaced",
        cause:
          "the endpoint \(endpoint) serves another configuration than this execution's: the update "
          + "was rolled back, or another one followed; DescribeEndpoint says which"))
    states[failed] = State(
      .fail(
        error: "Atelier.EndpointFailed",
        cause: "the endpoint \(endpoint) is not in service; DescribeEndpoint has the reason"))
    longestSeconds += 7200
    return configure
  }

  private mutating func addGlue(
    _ glue: BuiltInTraining.GlueJob, then: String, _ names: inout UniqueNames
  ) -> String {
    let request: RequestValue = [
      "JobName": .text(glue.name), "Timeout": .integer(glue.minutes),
      "Arguments": .object(glue.arguments.mapValues { .text($0) }),
    ]
    note(nil, request)
    return add(
      JobTask(
        name: "Glue ETL", integration: .startJobRun, request: request.payload(form),
        kept: ["job": .path(DataPath("$.Id"))], longestSeconds: glue.minutes * 60,
        comment: glue.name), then: .next(then), &names)
  }
}

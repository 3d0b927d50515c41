// A plan as a definition of SageMaker Pipelines.
import Atelier
import Content
import Jobs
import Plans

/// A plan as a pipeline: a Processing step for each job, a Condition step for each branch.
///
/// No step has a cache of the service: its key holds the place of an input and not what lies there.
/// A worker that finds its results in the store ends at once.
public struct CompiledPipeline: Sendable {
  /// The pipeline.
  public let definition: PipelineDefinition
  /// The jobs, in order.
  public let jobs: [CompiledJob]

  /// Compiles a plan by a grain; with a `training` the plan is what writes its files, and a training
  /// with a built-in algorithm follows.
  ///
  /// - Throws: a `CompileError`.
  public init(
    _ plan: Plan, grain: Grain, training: BuiltInTraining? = nil, _ settings: JobSettings
  ) throws {
    guard training?.glue == nil else {
      throw CompileError(
        "\(plan.workshop): a pipeline has no step for Glue; compile a state machine, or let the "
          + "workshop's own steps write the files")
    }
    let order = JobOrder(plan, grain: grain)
    try order.checkDecisions()
    try order.checkSteps()
    try settings.checkNames(order.jobs, training == nil ? [] : BuiltInRequests.machineNames)
    jobs = try order.jobs.map {
      try CompiledJob(
        $0, plan, decided: order.decisions, files: training?.files ?? [], settings)
    }
    guard !jobs.isEmpty else {
      throw CompileError("\(plan.workshop): the target has no step, so there is nothing to run")
    }
    var steps = PipelineSteps(
      jobs: Dictionary(jobs.map { ($0.unit.name, $0) }, uniquingKeysWith: { $1 }))
    var made = try steps.steps(order.waves)
    if let training { made += try steps.steps(of: training, plan, settings) }
    let parameters = made.flatMap(\.withInner).reduce(into: Set<String>()) { names, step in
      if case .request(_, let arguments) = step.kind { names.formUnion(arguments.parameters) }
    }
    definition = PipelineDefinition(parameters: parameters.sorted(), steps: made)
  }
}

/// The steps of a pipeline in the making.
private struct PipelineSteps {
  let jobs: [String: CompiledJob]
  private var names = UniqueNames()
  /// The names of the files that conditions read, by the node that decides.
  private var files: [String: String] = [:]
  private var fileNames = UniqueNames()
  /// The step that does a node, by the node's name.
  private var doers: [String: String] = [:]

  init(jobs: [String: CompiledJob]) { self.jobs = jobs }

  mutating func steps(_ waves: [[JobBlock]]) throws -> [PipelineStep] {
    var steps: [PipelineStep] = []
    // Names of this list: only they can be depended on from inside of it.
    for block in waves.joined() {
      switch block {
      case .job(let unit): steps.append(try step(unit, among: steps))
      case .branch(let branch): steps.append(try step(branch, among: steps))
      }
    }
    return steps
  }

  private mutating func stepName(_ wanted: String) -> String {
    let plain = wanted.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "-" }
    return names.name(String(plain), longest: 64)
  }

  /// The steps of the same list that must be done before some nodes.
  private func needs(of nodes: [PlanNode], among steps: [PipelineStep]) -> [String] {
    let needed = Set(nodes.flatMap(\.dependencies).compactMap { doers[$0] })
    return steps.map(\.name).filter { needed.contains($0) }
  }

  private mutating func step(
    _ unit: JobUnit, among steps: [PipelineStep]
  ) throws -> PipelineStep {
    guard let job = jobs[unit.name] else { throw CompileError("\(unit.name) is no job") }
    let name = stepName(unit.name)
    let needs = needs(of: unit.nodes, among: steps)
    for node in unit.nodes { doers[node.name] = name }
    for node in job.decisions {
      files[node] = fileNames.name(RequestValue.identifier(of: node), longest: 63)
    }
    return PipelineStep(
      name: name, summary: unit.summary,
      kind: .request(type: "Processing", arguments: job.job.stepArguments), dependsOn: needs,
      propertyFiles: job.decisions.map {
        PipelineStep.PropertyFile(
          name: files[$0] ?? $0, output: CompiledJob.decisionsOutput, path: CompiledJob.file(of: $0)
        )
      })
  }

  private mutating func step(
    _ branch: BranchBlock, among steps: [PipelineStep]
  ) throws -> PipelineStep {
    let name = stepName(branch.name)
    guard let writer = doers[branch.decision.name] else {
      throw CompileError("\(branch.name): no job before it makes its decision")
    }
    guard let file = files[branch.decision.name] else {
      throw CompileError("\(branch.name): no job leaves its decision")
    }
    let rule = DecisionRule(branch.decision.node.step)
    func condition(
      _ member: String, _ order: PipelineCondition.Order, _ value: PipelineCondition.Value
    ) -> PipelineCondition {
      PipelineCondition(.file(step: writer, file: file, member: member), order, value)
    }
    var conditions: [PipelineCondition] = []
    if let threshold = rule.threshold {
      conditions.append(
        condition(
          threshold.member, threshold.isBelow ? .lessThan : .greaterThan,
          .number(threshold.limit)))
    }
    conditions.append(condition(rule.truth, .equals, .bool(true)))
    let inner = (branch.then + branch.otherwise).joined().flatMap(\.jobs).flatMap(\.nodes)
    let needs = needs(of: inner, among: steps)
    let then = try self.steps(branch.then)
    let otherwise = try self.steps(branch.otherwise)
    // Whoever needs the branch's result, or a node of an arm, waits for the condition.
    doers[branch.name] = name
    for node in inner { doers[node.name] = name }
    return PipelineStep(
      name: name, summary: "by \(branch.decision.name)",
      kind: .condition(conditions, then: then, otherwise: otherwise),
      dependsOn: needs.contains(writer) ? needs : [writer] + needs)
  }

  /// A training with a built-in algorithm, and what a good model is used for: a batch, or an entry in the
  /// registry of models, which an endpoint follows when somebody approves it.
  mutating func steps(
    of training: BuiltInTraining, _ plan: Plan, _ settings: JobSettings
  ) throws -> [PipelineStep] {
    let requests = try BuiltInRequests(training, plan, settings)
    let train = stepName(BuiltInRequests.train)
    let writers = Set(training.files.compactMap { doers[$0.node] })
    let first = PipelineStep(
      name: train, summary: "with the built-in algorithm",
      kind: .request(type: "Training", arguments: requests.training.stepArguments),
      dependsOn: writers.sorted())
    var use: [PipelineStep] = []
    switch training.use {
    case .batch(let channel):
      let model = stepName(BuiltInRequests.model)
      use = [
        PipelineStep(
          name: model,
          kind: .request(type: "Model", arguments: requests.modelRequest.stepArguments)),
        PipelineStep(
          name: stepName(BuiltInRequests.batch),
          kind: .request(
            type: "Transform",
            arguments: requests.transform(
              channel, model: .answer(of: model, path: ["ModelName"])
            ).stepArguments)),
      ]
    case .endpoint(let name, let instanceType, _):
      use = [
        PipelineStep(
          name: stepName("register the model"),
          kind: .request(
            type: "RegisterModel",
            arguments: requests.package(group: name, instanceType: instanceType)))
      ]
    }
    guard let threshold = training.threshold else { return [first] + use }
    let isGood = PipelineCondition(
      .metric(step: train, name: threshold.metric), threshold.isBelow ? .lessThan : .greaterThan,
      .number(threshold.limit))
    return [
      first,
      PipelineStep(
        name: stepName("good enough"), summary: threshold.metric,
        kind: .condition([isGood], then: use, otherwise: [])),
    ]
  }
}

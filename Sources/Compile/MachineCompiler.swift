// A plan as a state machine of Step Functions.
import Atelier
import Content
import Jobs
import Plans
import States

/// A plan as a state machine: a processing job of SageMaker for each job of the order, the decisions
/// of branches read from the bucket between them.
public struct CompiledMachine: Sendable {
  /// The machine.
  public let machine: StateMachine
  /// The machine without what follows a job that finds no machine or fails: for pictures.
  public let overview: StateMachine
  /// The jobs, in order.
  public let jobs: [CompiledJob]
  /// What an execution must be started with.
  public let input: InputSchema

  /// What SageMaker and Glue are asked for besides: the training with a built-in algorithm.
  public let requests: [NamedRequest]

  /// Compiles a plan by a grain; with a `training` the plan is what writes its files, and a training
  /// with a built-in algorithm follows.
  ///
  /// - Throws: a `CompileError`.
  public init(
    _ plan: Plan, grain: Grain, training: BuiltInTraining? = nil, _ settings: JobSettings
  ) throws {
    let order = JobOrder(plan, grain: grain)
    try order.checkDecisions()
    try order.checkSteps()
    let isGlue = training?.glue != nil
    try settings.checkNames(order.jobs, training == nil ? [] : BuiltInRequests.machineNames)
    jobs =
      isGlue
      ? []
      : try order.jobs.map {
        try CompiledJob(
          $0, plan, decided: order.decisions, files: training?.files ?? [], settings)
      }
    guard !jobs.isEmpty || isGlue else {
      throw CompileError("\(plan.workshop): the target has no step, so there is nothing to run")
    }
    var scope = MachineScope(
      plan: plan, settings: settings,
      jobs: Dictionary(jobs.map { ($0.unit.name, $0) }, uniquingKeysWith: { $1 }))
    var following: BuiltInStates?
    if let training {
      following = try BuiltInStates(training, plan, settings, names: &scope.names)
    }
    requests = following?.requests ?? []
    var machine = try scope.machine(
      isGlue ? [] : order.waves, then: following.map { .next($0.start) } ?? .end,
      with: following?.states ?? [:], startingAt: following?.start)
    machine.comment =
      "\(plan.workshop), compiled by Atelier from the plan \(plan.digest)"
    machine.timeoutSeconds =
      (jobs.map(\.job.longestSeconds) + [following?.longestSeconds ?? 0]).reduce(0, +)
      + Persistence.waitingSeconds
    self.machine = machine
    overview = machine.without(scope.support.union(following?.support ?? []))
    let asked = jobs.map(\.job.request) + requests.map(\.value)
    let parameters = asked.reduce(into: Set<String>()) { $0.formUnion($1.parameters) }
    input = InputSchema(
      Dictionary(uniqueKeysWithValues: parameters.map { ($0, InputSchema.Member(.text)) }))
  }
}

/// The partitions of AWS.
enum Partition {
  /// The partition of a region, by its name.
  static func of(_ region: String) -> String {
    region.hasPrefix("cn-") ? "aws-cn" : region.hasPrefix("us-gov-") ? "aws-us-gov" : "aws"
  }
}

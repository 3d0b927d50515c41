// A plan as a state machine of Step Functions.
import Content
import Jobs
import Plans
import States

/// A plan as a state machine: a processing job of SageMaker for each job of the order, the decisions
/// of branches read from the bucket between them.
public struct CompiledMachine: Sendable {
  /// The machine.
  public let machine: StateMachine
  /// The jobs, in order.
  public let jobs: [CompiledJob]
  /// What an execution must be started with.
  public let input: InputSchema

  /// Compiles a plan by a grain.
  ///
  /// - Throws: a `CompileError`.
  public init(_ plan: Plan, grain: Grain, _ settings: JobSettings) throws {
    let order = JobOrder(plan, grain: grain)
    jobs = try order.jobs.map {
      try CompiledJob($0, plan, decided: order.decisions, settings)
    }
    guard !jobs.isEmpty else {
      throw CompileError("\(plan.workshop): the target has no step, so there is nothing to run")
    }
    var scope = MachineScope(
      plan: plan, settings: settings,
      jobs: Dictionary(jobs.map { ($0.unit.name, $0) }, uniquingKeysWith: { $1 }))
    var machine = try scope.machine(order.waves)
    machine.comment =
      "\(plan.workshop), compiled by Atelier from the plan \(plan.digest)"
    machine.timeoutSeconds =
      jobs.map(\.job.longestSeconds).reduce(0, +) + Persistence.waitingSeconds
    self.machine = machine
    let parameters = jobs.reduce(into: Set<String>()) {
      $0.formUnion($1.job.request.parameters)
    }
    input = InputSchema(
      Dictionary(uniqueKeysWithValues: parameters.map { ($0, InputSchema.Member(.text)) }))
  }
}

/// Seconds and attempts of what is tried again.
enum Persistence {
  /// Requests that came too fast, and faults of the service.
  static let throttling = Retrier(
    ["ThrottlingException", "SageMaker.AmazonSageMakerException"], interval: 5, attempts: 20,
    backoff: 1.5)
  /// Machines that the account may not have now.
  static let limit = Retrier(
    ["SageMaker.ResourceLimitExceededException"], interval: 60, attempts: 10, backoff: 1.5)
  /// A read of a small object.
  static let reading = Retrier(["States.TaskFailed"], interval: 2, attempts: 5, backoff: 2)
  /// Seconds before a job that found no machine is tried again.
  static let capacityWait = 300
  /// Seconds that an execution may take beside its jobs, such as for waiting for machines.
  static let waitingSeconds = 3 * 86_400
  /// What SageMaker says of a job that found no machine.
  static let noCapacity = "*CapacityError*"
}

/// The states of a machine and of those within it.
private struct MachineScope {
  let plan: Plan
  let settings: JobSettings
  let jobs: [String: CompiledJob]
  /// Names of states are unique in the whole machine.
  var names = UniqueNames()

  mutating func machine(_ waves: [[JobBlock]]) throws -> StateMachine {
    var states: [String: State] = [:]
    // Nil where nothing is to be done, as in an arm that only a decision leads to.
    let start = try add(waves, then: .end, to: &states)
    guard let start else {
      let name = stateName("Nothing to do")
      return StateMachine(startAt: name, states: [name: State(.succeed)])
    }
    return StateMachine(startAt: start, states: states)
  }

  private mutating func stateName(_ wanted: String) -> String {
    names.name(wanted, longest: StateMachine.longestName)
  }

  /// Adds the states of some waves; the name of the first, nil where there are none.
  private mutating func add(
    _ waves: [[JobBlock]], then last: Transition, to states: inout [String: State]
  ) throws -> String? {
    // The names are given in order, the states are made from the end, where what follows is known.
    var then = last
    var first: String?
    for wave in waves.reversed() {
      let start = try add(wave, then: then, to: &states)
      first = start
      then = .next(start)
    }
    return first
  }

  private mutating func add(
    _ wave: [JobBlock], then: Transition, to states: inout [String: State]
  ) throws -> String {
    if wave.count == 1, let block = wave.first {
      return try add(block, then: then, to: &states)
    }
    let name = stateName(wave.map(\.name).joined(separator: " and "))
    let machines = try wave.map { try machine([[$0]]) }
    states[name] = State(
      .parallel(machines, then: then),
      resultPath: DataPath("$.\(RequestValue.identifier(of: name))"))
    return name
  }

  private mutating func add(
    _ block: JobBlock, then: Transition, to states: inout [String: State]
  ) throws -> String {
    switch block {
    case .job(let unit):
      guard let job = jobs[unit.name] else { throw CompileError("\(unit.name) is no job") }
      return add(job, then: then, to: &states)
    case .branch(let branch): return try add(branch, then: then, to: &states)
    }
  }

  /// A job: what is refused for a while is tried again, what finds no machine waits, and what fails
  /// ends the execution with the job's own error.
  private mutating func add(
    _ job: CompiledJob, then: Transition, to states: inout [String: State]
  ) -> String {
    let name = stateName(job.unit.name)
    let (asked, waiting, failed) = (
      stateName("\(name): no machine?"), stateName("\(name): wait for a machine"),
      stateName("\(name): failed")
    )
    let failure = DataPath("$.failure")
    states[name] = State(
      .task(
        Task(
          Integration.createProcessingJob.resource(partition: partition),
          parameters: job.job.request.payload,
          resultSelector: ["job": .path(DataPath("$.ProcessingJobName"))],
          // Above the container's own limit, so that SageMaker ends it first and says why.
          timeoutSeconds: job.job.longestSeconds + 3600,
          retry: [Persistence.throttling, Persistence.limit],
          catching: [Catcher(["States.TaskFailed"], next: asked, resultPath: failure)]),
        then: then),
      comment: Self.comment(job),
      resultPath: DataPath("$.\(RequestValue.identifier(of: job.unit.name))"))
    states[asked] = State(
      .choice(
        [
          ChoiceRule(
            .value(DataPath("$.failure.Cause"), .matches(Persistence.noCapacity)), next: waiting)
        ], otherwise: failed))
    states[waiting] = State(
      .wait(.seconds(Persistence.capacityWait), then: .next(name)))
    states[failed] = State(
      .failWith(error: Self.failed, cause: DataPath("$.failure.Cause")))
    return name
  }

  /// The error of an execution whose job failed; the cause is the job's own.
  private static let failed = "Atelier.JobFailed"

  private static func comment(_ job: CompiledJob) -> String {
    let names = job.unit.nodes.map(\.name)
    let shown = names.prefix(4).joined(separator: ", ")
    return names.count > 4 ? "\(shown) and \(names.count - 4) more" : shown
  }

  /// A branch: the decision's document is read from the bucket, then compared.
  private mutating func add(
    _ branch: BranchBlock, then: Transition, to states: inout [String: State]
  ) throws -> String {
    let reading = stateName("\(branch.name): read the decision")
    let choice = stateName("\(branch.name)?")
    let place = DataPath("$.\(RequestValue.identifier(of: branch.name))")
    let key = RequestValue.joined(
      [
        .text(CompiledJob.decisions(plan, settings)), .executionName,
        .text(CompiledJob.file(of: branch.decision.name)),
      ], separator: "/")
    states[reading] = State(
      .task(
        Task(
          Integration.sdk("s3", "getObject", partition: partition),
          parameters: ["Bucket": .text(settings.bucket), "Key": key.payload],
          resultSelector: [
            "decision": .call("States.StringToJson", [.path(DataPath("$.Body"))])
          ], retry: [Persistence.reading]), then: .next(choice)),
      resultPath: place)
    // What follows both arms needs a state to go to, also where an arm does nothing.
    let following: String
    switch then {
    case .next(let name): following = name
    case .end:
      following = stateName("\(branch.name): done")
      states[following] = State(.succeed)
    }
    let first = try add(branch.then, then: .next(following), to: &states) ?? following
    let second = try add(branch.otherwise, then: .next(following), to: &states) ?? following
    let rule = DecisionRule(branch.decision.node.step)
    states[choice] = State(
      .choice(
        [ChoiceRule(rule.condition(at: DataPath("\(place.text).decision")), next: first)],
        otherwise: second))
    return reading
  }

  private var partition: String { Partition.of(settings.region) }
}

/// The partitions of AWS.
enum Partition {
  /// The partition of a region, by its name.
  static func of(_ region: String) -> String {
    region.hasPrefix("cn-") ? "aws-cn" : region.hasPrefix("us-gov-") ? "aws-us-gov" : "aws"
  }
}

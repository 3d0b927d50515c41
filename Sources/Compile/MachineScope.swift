// The states of a plan's jobs and branches, put together to machines.
import Content
import Jobs
import Plans
import States

/// The states of a machine and of those within it.
struct MachineScope {
  let plan: Plan
  let settings: JobSettings
  let jobs: [String: CompiledJob]
  /// Names of states are unique in the whole machine.
  var names = UniqueNames()
  /// The states that only a failure of a job leads to.
  private(set) var support: Set<String> = []

  /// The machine of some waves, and of what follows them: the states `with`, of which `then` names the
  /// first.
  mutating func machine(
    _ waves: [[JobBlock]], then: Transition = .end, with others: [String: State] = [:],
    startingAt first: String? = nil
  ) throws -> StateMachine {
    var states = others
    // Nil where nothing is to be done, as in an arm that only a decision leads to.
    guard let start = try add(waves, then: then, to: &states) ?? first else {
      let name = names.state("Nothing to do")
      return StateMachine(startAt: name, states: [name: State(.succeed)])
    }
    return StateMachine(startAt: start, states: states)
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
    let name = names.state(wave.map(\.name).joined(separator: " and "))
    let machines = try wave.map { try machine([[$0]]) }
    // Each branch would hand on a copy of all data, and an execution may hold 256 KiB.
    var state = State(.parallel(machines, then: then))
    state.isDetached = true
    states[name] = state
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

  private mutating func add(
    _ job: CompiledJob, then: Transition, to states: inout [String: State]
  ) -> String {
    let task = JobTask(
      name: job.unit.name, integration: .createProcessingJob,
      request: job.job.request.payload(settings.parameterForm),
      kept: ["job": .path(DataPath("$.ProcessingJobName"))],
      longestSeconds: job.job.longestSeconds, comment: job.unit.summary)
    let (name, own, aside) = task.states(then: then, partition: partition, names: &names)
    states.merge(own) { $1 }
    support.formUnion(aside)
    return name
  }

  /// A branch: the decision's document is read from the bucket, then compared.
  private mutating func add(
    _ branch: BranchBlock, then: Transition, to states: inout [String: State]
  ) throws -> String {
    let reading = names.state("\(branch.name): read the decision")
    let choice = names.state("\(branch.name)?")
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
      following = names.state("\(branch.name): done")
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

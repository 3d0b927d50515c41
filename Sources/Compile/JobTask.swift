// A job as states: what is refused for a while is tried again, what finds no machine waits.
import Jobs
import States

/// A job of a service that a machine starts and waits for.
package struct JobTask {
  /// The state's name, before it is made unique.
  let name: String
  let integration: Integration
  let request: Payload
  /// What is kept of the answer.
  let kept: [String: Payload]
  /// Seconds after which the service itself ends the job.
  let longestSeconds: Int
  let comment: String
  /// How often a job that failed of itself is repeated.
  var retries = 0

  /// The error of an execution whose job failed; the cause is the job's own.
  private static let failed = "Atelier.JobFailed"

  /// What the names of the states behind a job end with.
  private static let endings = [": no machine?", ": wait for a machine", ": failed"]

  /// The job's state that a state only follows when the job fails; nil for any other name.
  package static func job(ofSupport name: String) -> String? {
    endings.first { name.hasSuffix($0) }.map { String(name.dropLast($0.count)) }
  }

  /// The states, the name of the first, and the names of those that only a failure leads to.
  ///
  /// A job that fails ends the execution with its own cause.
  func states(
    then: Transition, partition: String, names: inout UniqueNames
  ) -> (start: String, states: [String: State], support: Set<String>) {
    let start = names.state(name)
    let (asked, waiting, failed) = (
      names.state(start + Self.endings[0]), names.state(start + Self.endings[1]),
      names.state(start + Self.endings[2])
    )
    let failure = DataPath("$.failure")
    var retry =
      integration == .startJobRun
      ? [Persistence.glue] : [Persistence.throttling, Persistence.limit]
    if retries > 0 {
      retry.append(Retrier(["States.TaskFailed"], interval: 15, attempts: retries, backoff: 4))
    }
    let task = State(
      .task(
        Task(
          integration.resource(partition: partition), parameters: request,
          resultSelector: .object(kept),
          // Above the service's own limit, so that the service ends it first and says why.
          timeoutSeconds: longestSeconds + 3600, retry: retry,
          catching: [Catcher(["States.TaskFailed"], next: asked, resultPath: failure)]),
        then: then), comment: comment,
      resultPath: DataPath("$.\(RequestValue.identifier(of: name))"))
    let question = State(
      .choice(
        [
          ChoiceRule(
            .value(DataPath("$.failure.Cause"), .matches(Persistence.noCapacity)), next: waiting)
        ], otherwise: failed))
    let states = [
      start: task, asked: question,
      waiting: State(.wait(.seconds(Persistence.capacityWait), then: .next(start))),
      failed: State(.failWith(error: Self.failed, cause: DataPath("$.failure.Cause"))),
    ]
    return (start, states, [asked, waiting, failed])
  }
}

/// Seconds and attempts of what is tried again.
enum Persistence {
  /// Requests that came too fast, and faults of the service: 20 minutes in all, since a request that is
  /// refused for good has the same name of error.
  static let throttling = Retrier(
    ["ThrottlingException", "SageMaker.AmazonSageMakerException"], interval: 5, attempts: 8,
    backoff: 2)
  /// The same of Glue, and runs of a job at once.
  static let glue = Retrier(
    ["Glue.ConcurrentRunsExceededException", "Glue.ThrottlingException", "Glue.AWSGlueException"],
    interval: 30, attempts: 8, backoff: 1.5)
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

// `atelier engine jobs` and `cancel`: what this store has on the cluster, and an end to it.
import Clusters
import CommandLine
import Content
import Execution
import Project
import RemoteSteps
import Terminal

struct EngineJobs: Verb {
  let name = "jobs"
  let summary = "list the tasks that the cluster has for this store, whoever started them"
  let examples = [Example("atelier engine jobs", "job, state, node and steps of each task")]
  let json = Shared.json
  var parameters: [any Parameter] { [json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let engine = try EngineCall(call, context)
    let tasks = try engine.tasks()
    for task in tasks {
      let steps = Self.steps(of: task, engine)
      let (state, node) = Self.words(task.state)
      if call[json] {
        let line: JSONValue = [
          "v": 1, "event": "task", "job": .string(task.id.description),
          "state": .string(state), "node": .string(node),
          "steps": .array(steps.map { .string($0) }),
        ]
        try context.output.data(line.canonicalText() + "\n")
      } else {
        try context.output.data(
          Text.pad(task.id.description, 12) + " " + Text.pad(state, 9) + " "
            + Text.pad(node, 10) + " " + steps.joined(separator: ", ") + "\n")
      }
    }
    if tasks.isEmpty { context.output.message("\(engine.driver.name) has no task of this store") }
    return ExitCode.success
  }

  private static func words(_ state: ClusterTask.State) -> (state: String, node: String) {
    switch state {
    case .waiting(let reason, _): ("waiting", reason)
    case .running(let node): ("running", node)
    case .ended(_, let node): ("ended", node)
    }
  }

  /// The names of a task's steps, as far as their orders can be read.
  private static func steps(of task: ClusterTask, _ engine: EngineCall) -> [String] {
    guard let list = engine.queue.list(of: task.batch), list.tasks.indices.contains(task.id.index)
    else { return [] }
    return list.tasks[task.id.index].map { key in
      let order = (try? engine.store.notice(NoticeName.order(key))) ?? nil
      return order.flatMap { try? StepOrder(bytes: $0) }?.name ?? String(key.digest.hex.prefix(12))
    }
  }
}

struct EngineCancel: Verb {
  let name = "cancel"
  let summary = "cancel every task that the cluster has for this store, whoever started it"
  let examples = [Example("atelier engine cancel", "nothing of this store is left in the queue")]
  var parameters: [any Parameter] { [] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let engine = try EngineCall(call, context)
    let tasks = try engine.tasks()
    try engine.driver.cancel(tasks.map(\.id))
    context.output.message("cancelled \(tasks.count) \(tasks.count == 1 ? "task" : "tasks")")
    return ExitCode.success
  }
}

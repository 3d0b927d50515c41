// What one shared store has on one cluster: batches go out by their lists, tasks and what they print
// come back. It decides nothing.
import Clusters
import Content
import Names
import RemoteCache
import RemoteSteps

/// The jobs of one shared store on one cluster, whoever submitted them.
package struct ClusterQueue: Sendable {
  package let driver: any ClusterDriver
  package let store: any JobStore
  /// What the names of all batches of the store begin with, by which the cluster lists them.
  private let prefix: String

  package init(driver: any ClusterDriver, store: any JobStore) throws {
    self.driver = driver
    self.store = store
    prefix = "atelier-\(try Digest.of(store.identity).hex.prefix(8))-"
  }

  /// Submits a batch of any command, and gives its whole name and the job.
  package func submit(
    _ name: some StringProtocol, count: Int = 1, resources: ClusterResources = ClusterResources(),
    excluded: [String] = [], mostRunning: Int = 1, arguments: [String]? = nil,
    command: @escaping @Sendable (_ index: String) -> String
  ) throws(ClusterFailure) -> (batch: String, job: String) {
    let batch = prefix + name
    let job = try driver.submit(
      ClusterBatch(
        name: batch, count: count, resources: resources, excluded: excluded,
        mostRunning: mostRunning, output: store.path(NoticeName.jobs),
        arguments: arguments, command: command))
    return (batch, job)
  }

  /// Submits the tasks of a list, which a program of the shared store runs; by its digest, unless it
  /// has a name of its own.
  package func submit(
    _ list: TaskList, named name: String? = nil, program: String,
    resources: ClusterResources = ClusterResources(), excluded: [String] = [], mostRunning: Int = 1
  ) throws -> (batch: String, job: String) {
    let bytes = try list.bytes()
    let name = try name ?? String(Digest.of(bytes).hex.prefix(12))
    let batch = prefix + name
    try store.write(bytes, notice: NoticeName.batch(batch))
    let arguments = ["step", store.name, batch]
    let words = ([program] + arguments).map { ShellWord.quoted($0) }.joined(separator: " ")
    return try submit(
      name, count: list.tasks.count, resources: resources, excluded: excluded,
      mostRunning: mostRunning, arguments: arguments, command: { "\(words) \($0)" })
  }

  /// All tasks of the store that the cluster knows, running or not.
  package func tasks() throws(ClusterFailure) -> [ClusterTask] {
    try driver.tasks(named: prefix)
  }

  /// The list of a batch; nil where none can be read.
  package func list(of batch: String) -> TaskList? {
    ((try? store.notice(NoticeName.batch(batch))) ?? nil).flatMap { TaskList(bytes: $0) }
  }

  /// The last lines that a job printed itself, which may say why it gave no answer.
  package func lastLines(_ count: Int, of task: ClusterTask.ID, batch: String) -> String? {
    let name = "\(NoticeName.jobs)/\(batch).\(task.index).\(task.job)"
    let bytes = ((try? store.notice(name)) ?? nil) ?? []
    let lines = String(decoding: bytes.suffix(4096), as: UTF8.self).split(separator: "\n")
    return lines.isEmpty ? nil : lines.suffix(count).joined(separator: "; ")
  }
}

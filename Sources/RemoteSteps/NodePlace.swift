// The node that a job runs on, as the engine tells the job.

/// Where a job runs.
package struct NodePlace: Sendable {
  /// The job's own name, unique within the engine.
  package let job: String
  /// How often the engine started it before.
  package let restart: String
  package let node: String
  /// The folder of the node's own store.
  package let scratch: String
  /// The user and the node, for records.
  package let host: String
  /// The running program.
  package let program: String

  package init(
    job: String, restart: String, node: String, scratch: String, host: String, program: String
  ) {
    self.job = job
    self.restart = restart
    self.node = node
    self.scratch = scratch
    self.host = host
    self.program = program
  }
}

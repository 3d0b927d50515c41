// The bulk calls to one kind of cluster. A driver knows no step and no store.

/// One kind of cluster; each call is one request, or a few for very many tasks.
///
/// Methods block, may be called from any thread, and never run two requests for what one can tell.
package protocol ClusterDriver: Sendable {
  /// For people and records, such as `slurm`.
  var name: String { get }

  /// What a person types in front of the names of jobs to cancel them.
  var cancelling: String { get }

  /// What the cluster allows.
  func limits() throws(ClusterFailure) -> ClusterLimits

  /// Submits an array of tasks, and gives the name of the job.
  ///
  /// After `.unknown` it may have been accepted all the same: look for its name first.
  func submit(_ batch: ClusterBatch) throws(ClusterFailure) -> String

  /// All tasks of this user whose batch has such a name, running or not, as far as the cluster still
  /// knows them.
  func tasks(named prefix: String) throws(ClusterFailure) -> [ClusterTask]

  /// How tasks ended that the cluster lists no more, as far as it can tell.
  func ends(of tasks: [ClusterTask.ID]) -> [ClusterTask.ID: ClusterEnd]

  /// Cancels tasks; those that have ended are fine.
  func cancel(_ tasks: [ClusterTask.ID]) throws(ClusterFailure)

  /// The kind of machine, of those that are paid for by the hour, on which a task with such resources runs;
  /// nil where there is no such thing. Asks nobody.
  func machine(for resources: ClusterResources) -> String?
}

extension ClusterDriver {
  package func machine(for resources: ClusterResources) -> String? { nil }
}

/// What a cluster allows.
package struct ClusterLimits: Sendable {
  /// Tasks of the longest array.
  package let longestArray: Int

  package init(longestArray: Int) { self.longestArray = longestArray }
}

/// What one task of a batch asks the cluster for.
package struct ClusterResources: Hashable, Sendable {
  package var cpus: Int
  /// MiB; nil for the cluster's own default.
  package var memory: Int?
  package var gpus: Int
  /// Minutes; nil for the cluster's own default.
  package var minutes: Int?

  package init(cpus: Int = 1, memory: Int? = nil, gpus: Int = 0, minutes: Int? = nil) {
    self.cpus = cpus
    self.memory = memory
    self.gpus = gpus
    self.minutes = minutes
  }
}

/// An array of tasks that is to be submitted.
package struct ClusterBatch: Sendable {
  package let name: String
  package let count: Int
  package let resources: ClusterResources
  /// Nodes on which none of it is to run.
  package let excluded: [String]
  /// Tasks of it that may run at a time.
  package let mostRunning: Int
  /// The file into which a task's own output goes, in the driver's spelling of its name.
  package let output: String
  /// What the program of an image is called with, before the task's number; nil where only a shell can run
  /// the command.
  package let arguments: [String]?
  /// The command of a task, as words of a shell; `index` stands for the task's number.
  package let command: @Sendable (_ index: String) -> String

  package init(
    name: String, count: Int, resources: ClusterResources, excluded: [String], mostRunning: Int,
    output: String, arguments: [String]? = nil, command: @escaping @Sendable (String) -> String
  ) {
    self.name = name
    self.count = count
    self.resources = resources
    self.excluded = excluded
    self.mostRunning = mostRunning
    self.output = output
    self.arguments = arguments
    self.command = command
  }
}

/// A task as the cluster tells of it.
package struct ClusterTask: Hashable, Sendable {
  package struct ID: Hashable, Sendable, CustomStringConvertible {
    package let job: String
    package let index: Int

    /// As clusters and jobs themselves name it.
    package var description: String { "\(job)_\(index)" }

    package init(job: String, index: Int) {
      self.job = job
      self.index = index
    }
  }

  package enum State: Hashable, Sendable {
    /// In the queue; why, in the cluster's words, and whether it will ever leave it.
    case waiting(reason: String, never: Bool)
    case running(node: String)
    case ended(ClusterEnd, node: String)
  }

  package let id: ID
  /// The batch's name.
  package let batch: String
  package let state: State

  package var hasEnded: Bool { if case .ended = state { true } else { false } }

  /// Where it runs or ran; empty before that.
  package var node: String {
    switch state {
    case .running(let node), .ended(_, let node): node
    case .waiting: ""
    }
  }

  package init(id: ID, batch: String, state: State) {
    self.id = id
    self.batch = batch
    self.state = state
  }
}

/// How a task ended, by what the cluster says of it.
package enum ClusterEnd: Hashable, Sendable {
  /// Its program ended, with whatever code.
  case exited
  case outOfMemory
  case timeLimit
  /// Its node was lost, or somebody with a better claim got it.
  case nodeLost
  /// Somebody cancelled it.
  case cancelled
  /// The cluster knows no more of it.
  case vanished
}

/// A request to a cluster that failed.
package struct ClusterFailure: Error, CustomStringConvertible, Sendable {
  package enum Kind: Hashable, Sendable {
    /// No answer: it may have been done all the same.
    case unknown
    /// Refused for now, as by a limit that others use up.
    case busy
    /// Refused for good: the settings or the step ask for what is not there.
    case impossible
  }

  package let kind: Kind
  package let description: String

  package init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}

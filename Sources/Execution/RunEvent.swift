// What happens in a run, as values: the CLI turns them into text or JSON, nothing here prints.
import Content
import FileTools

/// Why a step has to run: each cause has a name.
package enum RunCause: String, Sendable, Hashable {
  /// No earlier run of this workshop holds the step.
  case firstRun
  /// Fields of the key document differ from the newest run's.
  case changed
  /// The key is known, but its result is gone or unreadable.
  case resultMissing
  /// A blob of the result is gone or was damaged.
  case blobMissing
  /// The same step failed last time; failures are not cached.
  case failedBefore
  /// An input moved while the step ran last time, so that the result was not cached.
  case inputMoved
  /// The last run was told to keep nothing (`--cache off` or `ro`).
  case notCached
  /// The cache is switched off for this run.
  case cacheOff
  /// The user asked for the step by name (`--force`).
  case forced
  /// What the result names is no longer on the platform, and a step needs it.
  case goneFromPlatform
}

extension RunCause {
  /// Whether the cause lies in this run, so that no comparison with an earlier one tells it.
  package var isOfThisRun: Bool {
    switch self {
    case .cacheOff, .forced, .goneFromPlatform: true
    default: false
    }
  }
}

/// Why a step has to run, with the fields that changed.
package struct Explanation: Sendable, Hashable {
  package let cause: RunCause
  package let changes: [FieldChange]
  /// The run that the comparison is with.
  package let against: String?
  /// What the fields come down to; nil where nothing was compared.
  package var summary: ReasonSummary?

  package init(cause: RunCause, changes: [FieldChange] = [], against: String? = nil) {
    self.cause = cause
    self.changes = changes
    self.against = against
  }
}

/// How a node ended.
package enum NodeStatus: String, Sendable, Hashable {
  case hit, built, failed, skipped
  /// It lies in the arm of a branch that was not taken.
  case notTaken = "not-taken"
  /// A file or folder of this machine, looked at.
  case source
  /// A delivery made a new export, or added files where they were missing.
  case delivered
  /// A delivery found that the newest export holds these bytes.
  case unchanged
  /// The arm of a branch was chosen.
  case selected
}

/// Where an engine ran a step.
package struct StepSite: Hashable, Sendable {
  /// The engine's name, such as `slurm`.
  package let engine: String
  package let job: String
  package let node: String
  /// The kind of machine, of those that are paid for by the hour, such as `ml.m5.large`.
  package let instance: String?

  package init(engine: String, job: String, node: String, instance: String? = nil) {
    self.engine = engine
    self.job = job
    self.node = node
    self.instance = instance
  }
}

/// How much a publication wrote.
package struct PublishedFigures: Hashable, Sendable {
  package let files: Int
  package let bytes: Int64
  /// Of tables; nil where they could not be counted.
  package let rows: Int64?

  package init(files: Int, bytes: Int64, rows: Int64?) {
    self.files = files
    self.bytes = bytes
    self.rows = rows
  }

  /// The sum of files by size and rows; `rows` is nil for a file whose rows could not be counted.
  package init(of files: [(size: Int64, rows: Int64?)]) {
    let rows = files.compactMap(\.rows)
    self.init(
      files: files.count, bytes: files.reduce(0) { $0 + $1.size },
      rows: rows.count == files.count ? rows.reduce(0, +) : nil)
  }

  /// As run records and `--json` events have it.
  package var json: JSONValue {
    var fields: [String: JSONValue] = [
      "files": .integer(Int64(files)), "bytes": .integer(bytes),
    ]
    fields["rows"] = rows.map { .integer($0) }
    return .object(fields)
  }
}

/// What became of one node.
package struct NodeReport: Sendable {
  package let name: String
  package let status: NodeStatus
  package var key: ActionKey?
  package var outputs: [String: OutputRecord] = [:]
  package var explanation: Explanation?
  package var seconds: Double = 0
  /// The failure, the reason for a skip, or the place of a delivery.
  package var message: String?
  package var warnings: [String] = []
  /// How much a publication wrote; nil where it wrote nothing.
  package var published: PublishedFigures?
  /// False where a result was kept for the user only.
  package var isCached = true
  /// Whether that was since an input moved while the step ran.
  package var hadMovedInput = false
  package var logPath: String?
  /// Whether the result came from the shared store.
  package var isFromRemote = false
  /// Where an engine ran it; nil for this machine.
  package var site: StepSite?

  package init(name: String, status: NodeStatus) {
    self.name = name
    self.status = status
  }

  /// The same report under another status, without outputs.
  package init(name: String, status: NodeStatus, copying other: NodeReport) {
    self = other.with(status: status)
  }

  private func with(status: NodeStatus) -> NodeReport {
    var copy = NodeReport(name: name, status: status)
    copy.key = key
    copy.explanation = explanation
    copy.seconds = seconds
    copy.logPath = logPath
    return copy
  }

  /// Whether the node's outputs can be used.
  package var isUsable: Bool {
    switch status {
    case .hit, .built, .source, .delivered, .unchanged, .selected: true
    case .failed, .skipped, .notTaken: false
    }
  }
}

/// How a run ended.
package struct RunSummary: Sendable {
  package enum Outcome: String, Sendable { case ok, failed, cancelled }
  package let id: String
  package let outcome: Outcome
  package let hits: Int
  package let built: Int
  package let failed: Int
  package let skipped: Int
  package let seconds: Double
  /// Steps whose results differ from those that the shared store had first.
  package var irreproducible: [String] = []

  package init(
    id: String, outcome: Outcome, hits: Int, built: Int, failed: Int, skipped: Int,
    seconds: Double
  ) {
    self.id = id
    self.outcome = outcome
    self.hits = hits
    self.built = built
    self.failed = failed
    self.skipped = skipped
    self.seconds = seconds
  }
}

/// An attempt that failed and is repeated.
package struct FailedAttempt: Sendable, Hashable {
  /// The number of the attempt, from 1 up.
  package let number: Int
  /// How many attempts there are at most.
  package let limit: Int
  /// Seconds until the next one.
  package let delay: Double
  /// Why it failed.
  package let message: String
}

/// One event of a run.
package enum RunEvent: Sendable {
  case began(id: String, nodes: Int)
  case started(name: String, key: ActionKey, explanation: Explanation)
  /// Another run is building the same key; its result will be shared.
  case waiting(name: String, key: ActionKey)
  case progress(name: String, fraction: Double)
  /// A node that is no step reads, hashes or copies many bytes, or its result is checked.
  case files(name: String, FileProgress.Count)
  /// An engine has begun a job for a step.
  case placed(name: String, job: String, node: String)
  /// An attempt failed, and another one follows.
  case retrying(name: String, FailedAttempt)
  /// A node ended; the last of several reports of one node counts: its bytes were lost and made
  /// again, or its input lost against another machine's result.
  case finished(NodeReport)
  case notice(String)
  case ended(RunSummary)
}

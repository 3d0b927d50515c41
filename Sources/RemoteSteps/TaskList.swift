// What the tasks of a batch are to run, as it lies in the shared store.
import Content
import RemoteCache

/// The keys of each task of a batch, and what a job needs to know of the run that it is for.
package struct TaskList: Sendable {
  /// By task, the keys of its steps, which run one after another.
  package let tasks: [[ActionKey]]
  /// Milliseconds that a lease lives.
  package let lifetime: Int64
  /// Bytes of an attempt that a log keeps.
  package let logLimit: Int

  package init(tasks: [[ActionKey]], lifetime: Int64, logLimit: Int) {
    self.tasks = tasks
    self.lifetime = lifetime
    self.logLimit = logLimit
  }

  package var keys: [ActionKey] { tasks.flatMap(\.self) }

  private static let version: Int64 = 1

  package func bytes() throws -> [UInt8] {
    try JSONValue.object([
      "v": .integer(Self.version), "lifetime": .integer(lifetime),
      "logLimit": .integer(Int64(logLimit)),
      "tasks": .array(tasks.map { .array($0.map { .string($0.digest.hex) }) }),
    ]).canonicalBytes()
  }

  /// Reads a list; nil for one that was cut short or is of another version.
  package init?(bytes: [UInt8]) {
    guard let json = try? JSONValue(parsing: bytes), json["v"]?.integer == Self.version,
      let lifetime = json["lifetime"]?.integer, lifetime > 0,
      let limit = json["logLimit"]?.integer.flatMap(Int.init(exactly:)),
      let tasks = json["tasks"]?.array
    else { return nil }
    let keys = tasks.map { task in
      (task.array ?? []).compactMap { $0.string.flatMap { Digest($0) }.map { ActionKey($0) } }
    }
    guard zip(keys, tasks).allSatisfy({ $0.count == $1.array?.count }) else { return nil }
    self.init(tasks: keys, lifetime: lifetime, logLimit: limit)
  }
}

/// The names of notices between a head and its jobs.
package enum NoticeName {
  package static func batch(_ name: String) -> String { "batches/\(name).json" }

  package static func order(_ key: ActionKey) -> String { "orders/\(key.digest.hex).json" }

  /// The folder of a batch's answers.
  package static func answers(_ batch: String) -> String { "answers/\(batch)" }

  /// Each start of a task answers under a name of its own.
  package static func answer(
    _ batch: String, _ key: ActionKey, index: Int, job: String, restart: String
  ) -> String {
    "answers/\(batch)/\(index).\(key.digest.hex.prefix(16)).\(job).\(restart).json"
  }

  /// The log of a step, where the store has no folder for it.
  package static func log(_ key: ActionKey) -> String { "logs/\(key.digest.hex).log" }

  /// The folder of what jobs print themselves.
  package static let jobs = "jobs"

  /// One line for each step that a job begins to run.
  package static let starts = "starts"
}

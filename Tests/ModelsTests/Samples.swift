// Models, people and logs for tests. It knows no test.
import Content
import EventLogs
import Models
import Promotion
import Synchronization

enum Sample {
  static let person = Person(name: "ada@example.com", evidence: .setting)
  static let moment = Timestamp(milliseconds: 1_790_000_000_000)

  /// An entry of a model whose bytes are a text.
  static func entry(_ text: String = "model", auc: Double = 0.9) throws -> ModelEntry {
    let digest = try Digest.of(text)
    let key = ActionKey(try Digest.of("key of \(text)"))
    let id = "20261121T114854.123-7f3a9c0d41e2"
    guard let run = RunID(id) else { throw Killed() }
    return ModelEntry(
      model: OutputRecord(
        digest: digest, size: Int64(text.utf8.count), mediaType: "application/vnd.xgboost.ubj",
        kind: .file), workshop: "churn", step: "train.model", output: "model", key: key,
      run: run, madeAt: moment, seconds: 1.5, platform: "linux-x86_64",
      labels: ["stage": "Production"],
      figures: ["validate.error.measured": ["/metrics/auc": auc, "/rows": 120]],
      figureKeys: ["validate.error.measured": ActionKey(try Digest.of("figures"))],
      steps: [
        LineageStep(
          name: "train.model", key: key, kind: "Learn.TrainModel", code: try Digest.of("code"),
          programs: ["xgboost": try Digest.of("xgboost")])
      ],
      sources: [LineageSource(name: "table", digest: try Digest.of("data"), size: 4)],
      settings: ["Churn.rows": ["value": "600", "origin": "config.ini"]])
  }

  static func decision(
    _ model: Digest, _ kind: ModelEvent.Kind, after: [Digest], id: String = ModelEvent.newID()
  ) -> ModelEvent {
    ModelEvent(model: model, kind: kind, who: person, at: moment, after: after, id: id)
  }
}

/// What ends a call as a kill would: nothing in between tidies up.
struct Killed: Error {}

/// Counts the calls of some logs, and kills at one of them.
final class Executioner: Sendable {
  private let state = Mutex<(left: Int, isAfter: Bool)?>(nil)

  /// Kills at a call, before or after its effect.
  func arm(at call: Int, afterEffect: Bool) { state.withLock { $0 = (call, afterEffect) } }
  func disarm() { state.withLock { $0 = nil } }

  func around<Answer>(_ body: () throws -> Answer) throws -> Answer {
    let (before, after) = state.withLock { state -> (Bool, Bool) in
      guard let now = state else { return (false, false) }
      state = (now.left - 1, now.isAfter)
      let isDue = now.left == 1
      return (isDue && !now.isAfter, isDue && now.isAfter)
    }
    if before { throw Killed() }
    let answer = try body()
    if after { throw Killed() }
    return answer
  }
}

/// A log in memory.
final class MemoryLog: EventLog {
  let name: String
  private let records = Mutex<[String: [UInt8]]>([:])
  private let executioner: Executioner

  init(_ name: String, _ executioner: Executioner = Executioner()) {
    self.name = name
    self.executioner = executioner
  }

  func names(in log: String?) throws -> [String] {
    try executioner.around {
      records.withLock { $0.keys.filter { name in log.map { name.hasPrefix($0 + "/") } ?? true } }
    }
  }

  func read(_ name: String) throws -> [UInt8]? {
    try executioner.around { records.withLock { $0[name] } }
  }

  func create(_ name: String, _ bytes: [UInt8]) throws -> Bool {
    try executioner.around {
      records.withLock { records in
        guard records[name] == nil else { return false }
        records[name] = bytes
        return true
      }
    }
  }
}

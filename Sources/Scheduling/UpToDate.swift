// Remembers that everything was current, and what that was seen by, so that the next equal run
// need not wire, hash a key or look one up. Nothing is taken on trust: the answer holds only while
// every file that the walk rested on is as it was.
import Atelier
import AtelierStep
import CSystem
import Content
import FileTools
import LocalStores
import Names
import Planning
import Stamps
import Subprocess

/// What a run was asked, as far as that decides what it will find.
///
/// Wiring is a function of the program, the configuration and the files that wiring read; with the
/// sources, the declared programs, the results and the published places these are all that a run
/// without work has looked at.
package struct UpToDateQuestion: Sendable {
  package let digest: Digest
  /// Where the store lies.
  package let storeRoot: String

  /// nil where the running program cannot be identified.
  ///
  /// `configuration` is the value of every setting that wiring can see, whichever layer gave it.
  package init?(
    workshop: String, targets: [String], projectRoot: String, storeRoot: String,
    configuration: JSONValue
  ) throws {
    guard let program = try Self.runningProgram() else { return nil }
    let question: JSONValue = [
      "v": 1, "program": program, "workshop": .string(workshop),
      "targets": .array(targets.map(JSONValue.string)), "project": .string(projectRoot),
      "configuration": configuration,
    ]
    digest = try Digest.of(question.canonicalBytes())
    self.storeRoot = storeRoot
  }

  /// The file that this process runs, whatever lies at its path by now.
  private static func runningProgram() throws -> JSONValue? {
    #if os(Linux)
      let path = ProgramBundle.own?.program ?? "/proc/self/exe"
    #else
      guard let path = cs_self_path().map({ String(cString: $0) }) else { return nil }
    #endif
    guard let identity = try FileIdentity(ofFile: path) else { return nil }
    return .array(
      [
        Int64(bitPattern: identity.device), Int64(bitPattern: identity.inode), identity.size,
        identity.mtime, identity.ctime,
      ].map { JSONValue.string("\($0)") })
  }
}

/// What was remembered of a run in which everything was current.
package struct UpToDate: Sendable {
  /// Nodes of the run.
  package let nodes: Int
  /// Steps among them, all hits.
  package let hits: Int

  /// The answer to a question, if all that it rests on is as it was.
  ///
  /// `locate` says where a program lies now: another one may have come to stand before it. Where
  /// another run was recorded since, this one is recorded as a run of hits would be; where that is
  /// not enough, since others are to see the record, there is no answer unless `mayRecord`.
  package static func recall(
    _ question: UpToDateQuestion, mayRecord: Bool = true, locate: (Program) throws -> String,
    host: String,
    clock: () -> Double
  ) throws -> UpToDate? {
    let cache = UpToDateCache(root: question.storeRoot)
    guard let entry = cache.load(question.digest), let json = try? JSONValue(parsing: entry.answer),
      let nodes = json["nodes"]?.integer, let hits = json["hits"]?.integer,
      let programs = json["programs"]?.array
    else { return nil }
    for program in programs {
      guard let name = program["name"]?.string, let isExecutable = program["executable"]?.bool,
        (try? locate(Program(name, isExecutable: isExecutable))) == program["path"]?.string
      else { return nil }
    }
    if cache.newestRun() != json["newest"]?.string {
      guard mayRecord, let detail = cache.detail(question.digest),
        let run = try? JSONValue(parsing: detail)
      else { return nil }
      let store = try LocalStore.open(root: question.storeRoot, readOnly: false)
      try NewestRun(store).renew(run, host: host, startedAt: clock())
      try store.close()
      var answer = json.object ?? [:]
      answer["newest"] = cache.newestRun().map(JSONValue.string)
      try cache.store(
        question.digest,
        UpToDateEntry(answer: try JSONValue.object(answer).canonicalBytes(), stamps: entry.stamps))
    }
    return UpToDate(nodes: Int(nodes), hits: Int(hits))
  }
}

/// The record that the next run is explained by.
package struct NewestRun {
  private let store: LocalStore

  package init(_ store: LocalStore) { self.store = store }

  /// Records a run of hits again, unless the newest record of its workshop says the same already.
  package func renew(_ run: JSONValue, host: String, startedAt: Double) throws {
    guard let steps = run["steps"]?.object, !holds(steps, workshop: run["workshop"]) else { return }
    let id = try store.runs.nextID(now: Timestamp(secondsSince1970: startedAt))
    var record = run.object ?? [:]
    record["id"] = .string(id.description)
    record["startedAt"] = .string(CivilTime(secondsSince1970: startedAt).iso8601)
    record["host"] = .string(host)
    record["seconds"] = 0
    try store.runs.write(.object(record), id: id)
  }

  private func holds(_ steps: [String: JSONValue], workshop: JSONValue?) -> Bool {
    for id in (try? store.runs.list()) ?? [] {
      guard let json = try? store.runs.read(id), let record = RunRecord(json: json),
        record.series == workshop?.string
      else { continue }
      return steps.allSatisfy { name, step in
        step["status"] != "hit" || record.holds(name, key: step["key"])
      }
    }
    return false
  }
}

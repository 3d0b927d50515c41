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
import Stamps

/// What a run was asked, as far as that decides what it will find.
///
/// Wiring is a function of the program, the configuration and the files that wiring read; with the
/// sources, the declared programs, the results and the published places these are all that a run
/// without work has looked at.
public struct UpToDateQuestion: Sendable {
  let digest: Digest
  /// Where the store lies.
  let storeRoot: String

  /// nil where the running program cannot be identified.
  ///
  /// `configuration` is the value of every setting that wiring can see, whichever layer gave it.
  public init?(
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
      let path = "/proc/self/exe"
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
public struct UpToDate: Sendable {
  /// Nodes of the run.
  public let nodes: Int
  /// Steps among them, all hits.
  public let hits: Int

  /// The answer to a question, if all that it rests on is as it was.
  ///
  /// `locate` says where a program lies now: another one may have come to stand before it. Where
  /// another run was recorded since, this one is recorded as a run of hits would be; where that is
  /// not enough, since others are to see the record, there is no answer unless `mayRecord`.
  public static func recall(
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
struct NewestRun {
  private let store: LocalStore

  init(_ store: LocalStore) { self.store = store }

  /// Records a run of hits again, unless the newest record of its workshop says the same already.
  func renew(_ run: JSONValue, host: String, startedAt: Double) throws {
    guard let steps = run["steps"]?.object, !holds(steps, workshop: run["workshop"]) else { return }
    let id = try store.runs.nextID(now: Timestamp(milliseconds: Int64(startedAt * 1000)))
    var record = run.object ?? [:]
    record["id"] = .string(id.description)
    record["startedAt"] = .string(
      CivilTime(secondsSince1970: Int64(startedAt.rounded(.down))).iso8601)
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

extension Coordinator {
  /// Remembers the end of this run for an equal one, which would find all of it to be current, if
  /// everything that it rests on can be vouched for.
  public func remember(_ summary: RunSummary, under question: UpToDateQuestion) throws {
    guard summary.outcome == .ok, summary.skipped == 0, options.cache == .rw,
      let stamps = try stamps()
    else { return }
    let cache = UpToDateCache(root: question.storeRoot)
    let programs = environment.programs.identities.sorted { $0.key.name < $1.key.name }
    let answer: JSONValue = [
      "nodes": .integer(Int64(selection.nodes.count)),
      "hits": .integer(Int64(summary.hits + summary.built)),
      "newest": cache.newestRun().map(JSONValue.string) ?? .null,
      "programs": .array(
        programs.map { program, identity in
          [
            "name": .string(program.name), "executable": .bool(program.isExecutable),
            "path": .string(identity.path),
          ]
        }),
    ]
    try cache.store(
      question.digest, UpToDateEntry(answer: answer.canonicalBytes(), stamps: stamps),
      detail: json(of: summary, startedAt: environment.clock(), reports.map(\.asFound))
        .canonicalBytes())
  }

  /// First the identities of all that was looked at, then one more look at what no digest stands
  /// for: a change before the first shows in the second, one after it in the identities.
  private func stamps() throws -> FileStamps? {
    // Whether an object elsewhere is as it was shows only in a request: each run looks at it.
    let urls = graph.readings.folders.keys.contains(where: S3URL.isMeant(by:))
    if urls { return nil }
    var collector = StampCollector(environment.store)
    for path in graph.readings.files.keys { collector.add(path: path) }
    for path in graph.readings.folders.keys { collector.add(path: path) }
    for identity in environment.programs.identities.values {
      collector.add(path: identity.path, digest: identity.digest)
    }
    for index in selection.nodes {
      guard case .settled(let report, let outputs)? = states[index], report.warnings.isEmpty
      else { return nil }
      switch (report.status, graph.nodes[index].kind) {
      case (.hit, _), (.built, _):
        guard report.isCached else { return nil }
        for record in report.outputs.values { try collector.add(blobsOf: record) }
      case (.source, _):
        guard outputs.values.allSatisfy({ $0.origin == nil }) else { return nil }
        for artifact in outputs.values { try add(artifact, to: &collector) }
      case (.unchanged, .delivery), (.delivered, .delivery):
        // Whether someone published since shows only in a listing: what lies in a bucket is looked
        // at by each run.
        guard environment.published.isOnThisMachine, let delivery = deliveries[index] else {
          return nil
        }
        collector.add(path: delivery.dataset)
        try collector.add(everythingIn: delivery.path)
      case (.unchanged, .ingestion(let place)), (.delivered, .ingestion(let place)):
        guard environment.features(place).isOnThisMachine, let delivery = deliveries[index] else {
          return nil
        }
        try collector.add(everythingIn: delivery.path)
      case (.selected, _), (.notTaken, _): continue
      default: return nil
      }
    }
    guard let stamps = collector.result, try nothingMoved() else { return nil }
    return stamps
  }

  private func add(_ artifact: KnownArtifact, to collector: inout StampCollector) throws {
    guard case .external(let content) = artifact.place else { return }
    if content.record.kind == .tree {
      try collector.add(everythingIn: content.path)
    } else {
      collector.add(path: content.path, digest: content.record.digest)
    }
  }

  /// Whether sources and published places still hold what this run found there.
  private func nothingMoved() throws -> Bool {
    for (path, digest) in graph.readings.files {
      guard try environment.store.memo.digest(ofFile: path).digest == digest else { return false }
    }
    for (path, names) in graph.readings.folders {
      guard try WiringReadings.names(inFolder: path) == names else { return false }
    }
    let deliverer = Deliverer(environment: environment)
    for index in selection.nodes {
      guard case .settled(_, let outputs)? = states[index] else { return false }
      switch graph.nodes[index].kind {
      case .delivery(let publication):
        guard let delivery = deliveries[index], let artifact = outputs["delivered"],
          try deliverer.holds(artifact, publication, as: delivery)
        else { return false }
      case .ingestion(let place):
        guard let history = outputs["history"],
          try Ingester(environment: environment, run: "").holds(history, place)
        else { return false }
      case .source:
        for artifact in outputs.values {
          if case .external(let content) = artifact.place, content.record.kind == .tree,
            content.hasMoved(store: environment.store)
          {
            return false
          }
        }
      default: continue
      }
    }
    return true
  }
}

extension NodeReport {
  /// What an equal run would report: the step is found, the delivery is there.
  fileprivate var asFound: NodeReport {
    switch status {
    case .built: found(as: .hit)
    case .delivered: found(as: .unchanged)
    default: self
    }
  }

  private func found(as status: NodeStatus) -> NodeReport {
    var report = NodeReport(name: name, status: status, copying: self)
    report.outputs = outputs
    report.isCached = isCached
    report.message = message
    report.explanation = nil
    return report
  }
}

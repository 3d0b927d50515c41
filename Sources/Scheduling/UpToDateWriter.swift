// The end of a run in which everything is current, remembered for the next equal one.
import Atelier
import AtelierStep
import Content
import Effects
import Execution
import FileTools
import LocalStores
import Names
import Planning
import Programs
import Stamps

/// Remembers that everything was current, and what that was seen by.
package struct UpToDateWriter {
  package let graph: Graph
  package let selection: Selection
  package let environment: EngineEnvironment
  package let results: NodeResults
  package let deliveries: [Int: Delivery]
  package let recorder: RunRecorder

  /// Writes the answer to a question, if everything that it rests on can be vouched for.
  package func write(_ summary: RunSummary, under question: UpToDateQuestion) throws {
    // What the wiring warns of is said by each run.
    guard graph.warnings.isEmpty, let stamps = try stamps() else { return }
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
      detail: recorder.json(of: summary, results.reports.map(\.asFound)).canonicalBytes())
  }

  /// First the identities of all that was looked at, then one more look at what no digest stands
  /// for: a change before the first shows in the second, one after it in the identities.
  private func stamps() throws -> FileStamps? {
    // Whether an object elsewhere is as it was shows only in a request: each run looks at it.
    let urls = graph.readings.folders.keys.contains(where: ObjectURL.isMeant(by:))
    if urls { return nil }
    var collector = StampCollector(environment.store)
    for path in graph.readings.files.keys { collector.add(path: path) }
    for path in graph.readings.folders.keys { collector.add(path: path) }
    for program in environment.programs.identities.values {
      for (path, identity) in program.identities {
        guard collector.add(path: path) == identity else { return nil }
      }
    }
    for file in environment.programs.systemFiles {
      guard collector.add(path: file.path) == file.identity else { return nil }
    }
    let system = environment.programs.packageFiles + [ProgramLoads.cache]
    for path in system where (try FileStatus(path, followingLinks: true)) != nil {
      collector.add(path: path)
    }
    guard !environment.programs.havePackagesMoved else { return nil }
    for index in selection.nodes {
      guard let (report, outputs) = results.end(of: index), report.warnings.isEmpty
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
    guard case .external(let content) = artifact.location else { return }
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
      guard let outputs = results.end(of: index)?.outputs else { return false }
      switch graph.nodes[index].kind {
      case .delivery(let publication):
        guard let delivery = deliveries[index], let artifact = outputs["delivered"],
          try deliverer.isPublished(artifact, publication, as: delivery)
        else { return false }
      case .ingestion(let place):
        guard let history = outputs["history"],
          try Ingester(environment: environment, run: "").isIngested(history, place)
        else { return false }
      case .source:
        for artifact in outputs.values {
          if case .external(let content) = artifact.location, content.record.kind == .tree,
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

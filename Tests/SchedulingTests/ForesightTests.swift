// What is announced is what happens: random graphs, random events between their runs.
import Atelier
import AtelierStep
import AtelierTesting
import Content
import Execution
import Foundation
import Planning
import Testing

@Suite(.serialized) struct ForesightTests {
  /// All in a soak, else four, and as many more as fit into ten seconds.
  @Test func whatIsAnnouncedIsWhatARunDoes_F16_F17_F20() throws {
    let isSoak = ProcessInfo.processInfo.environment["ATELIER_SOAK"] != nil
    let end = Date().addingTimeInterval(isSoak ? .infinity : 10)
    var count: UInt64 = 0
    while count < 4 || count < 500 && Date() < end {
      count += 1
      var trial = try Trial(seed: count)
      try trial.run()
    }
    print("foresight: \(count) graphs of 10 events each")
  }
}

/// One graph and what happens to it.
private struct Trial {
  private let seed: UInt64
  private var generator: SeededGenerator
  private var plan: ForesightPlan
  private let lab: Laboratory
  private var happened: [String] = []

  init(seed: UInt64) throws {
    self.seed = seed
    var generator = SeededGenerator(state: seed)
    plan = ForesightPlan(count: Int.random(in: 3...30, using: &generator), using: &generator)
    self.generator = generator
    lab = try Laboratory()
  }

  mutating func run() throws {
    try expectAnnounced()
    for _ in 0..<10 { try happen() }
  }

  private mutating func happen() throws {
    let dataset = plan.datasets.randomElement(using: &generator).map { "\(lab.root)/\($0)" }
    switch Int.random(in: 0..<8, using: &generator) {
    case 0, 1, 2:
      happened.append("edit")
      plan.edit(using: &generator)
      try expectAnnounced()
    case 3:
      happened.append("newest export gone")
      if let dataset, let newest = names(in: dataset).last {
        try FileManager.default.removeItem(atPath: "\(dataset)/\(newest)")
      }
      try expectAnnounced()
    case 4:
      happened.append("another file in an export")
      if let dataset, let newest = names(in: dataset).last {
        try Data("more".utf8).write(to: URL(fileURLWithPath: "\(dataset)/\(newest)/more.txt"))
      }
      try expectAnnounced()
    case 5:
      happened.append("failed delivery")
      guard let dataset else { return }
      try? FileManager.default.removeItem(atPath: dataset)
      try lab.space.write(String(dataset.dropFirst(lab.space.path.count + 1)), "in the way")
      try expectAnnounced(mayFail: true)
      try FileManager.default.removeItem(atPath: dataset)
      try expectAnnounced()
    case 6:
      happened.append("edit, and a run that keeps nothing")
      plan.edit(using: &generator)
      let mode: RunOptions.CacheMode = Bool.random(using: &generator) ? .off : .ro
      try lab.run(graph(), options: RunOptions(jobs: 2, keepGoing: true, cache: mode))
      try expectAnnounced()
    default:
      happened.append("another bucket")
      plan.moveToAnotherBucket()
      try expectAnnounced()
    }
  }

  private func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  private func graph() throws -> Graph { try lab.graph { try plan.wire(&$0, lab) } }

  /// Runs, and compares with what was announced; afterwards nothing is due.
  private func expectAnnounced(mayFail: Bool = false) throws {
    let graph = try graph()
    let before = try lab.status(graph)
    let outcome = try lab.run(graph, options: RunOptions(jobs: 2, keepGoing: true))
    if !mayFail { #expect(outcome.summary.outcome == .ok, "\(seed): \(happened)") }
    let built = Set(outcome.reports.filter { $0.status == .built }.map(\.key))
    for (name, planned) in before {
      guard let status = outcome.statuses[name] else {
        Issue.record("\(seed), \(happened): \(name) has no end")
        continue
      }
      if mayFail, status == .failed || status == .skipped { continue }
      // A step that waited for bytes turned out to be the same work, and was first.
      if case .stale = planned.state, status == .hit, built.contains(planned.key) { continue }
      #expect(
        isExpected(status, after: planned.state),
        "\(seed), \(happened): \(name) was announced as \(planned.state.word), then \(status)")
    }
    if mayFail { return }
    for (name, planned) in try lab.status(graph) {
      let isCurrent = ["current", "follows", "not taken", "source"].contains(planned.state.word)
      #expect(isCurrent, "\(seed), \(happened): \(name) is \(planned.state.word) after a run")
    }
  }

  private func isExpected(_ status: NodeStatus, after state: PlannedState) -> Bool {
    switch (state, status) {
    case (.upToDate, .hit), (.stale, .built), (.due, .delivered), (.source, .source),
      (.notTaken, .notTaken), (.derived, .unchanged), (.derived, .selected):
      true
    // What waits depends on bytes that nobody has made yet.
    case (.blocked, _): true
    default: false
    }
  }
}

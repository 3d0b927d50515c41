// The journal of a run: what its writer tells and what a reader sees, also of a run that was killed.
import AtelierTesting
import Content
import Execution
import FileTools
import StoreFolder
import Testing

@testable import LiveRuns

@Suite struct LiveRunTests {
  private let folder: TemporaryFolder
  private let layout: StoreLayout
  private let id = RunID(startedAt: Timestamp(milliseconds: 1_700_000_000_000))
  private let key: ActionKey

  init() throws {
    folder = try TemporaryFolder()
    layout = StoreLayout(root: folder("store"))
    key = ActionKey(try Digest.of([1]))
  }

  private func head(_ nodes: [String]) -> RunJournal.Head {
    .init(
      id: id, workshop: "fixture", series: nil, startedAt: "2026-11-30T00:00:00Z",
      platform: "linux",
      host: "somebody@here", settings: [:], targets: nodes, nodes: nodes)
  }

  private func statuses(_ live: borrowing LiveRun) -> [String] { live.state.nodes.map(\.status) }

  @Test func whatIsToldIsSeenWhileTheRunGoesOn() throws {
    var journal = RunJournal.begin(layout, head(["one.a", "one.b"]))
    try #require(journal != nil)
    #expect(try LiveRuns.names(layout) == [id])
    guard var live = LiveRun(id, layout) else { throw MissingJournal() }
    #expect(live.update() == [])
    #expect(live.state.head?["workshop"]?.string == "fixture")
    #expect(statuses(live) == ["waiting", "waiting"])

    journal?.take(
      .started(name: "one.b", key: key, explanation: .init(cause: .firstRun)), seconds: 12.5)
    #expect(live.update() == [1])
    #expect(live.state.nodes[1].status == "running" && live.state.nodes[1].milliseconds == 12_500)
    #expect(live.state.nodes[1].key == key.description)
    journal?.take(.progress(name: "one.b", fraction: 0.404), seconds: 13)
    journal?.take(.progress(name: "one.b", fraction: 0.401), seconds: 13)
    journal?.take(.progress(name: "one.b", fraction: .nan), seconds: 13)
    #expect(live.update() == [1] && live.state.nodes[1].percent == 40)
    #expect(try progressLines() == 1)

    var report = NodeReport(name: "one.b", status: .failed)
    report.seconds = 2
    report.message = "it broke"
    journal?.take(.finished(report), seconds: 15)
    #expect(live.update() == [1])
    #expect(live.state.nodes[1].status == "failed" && live.state.nodes[1].milliseconds == 2000)
    #expect(
      live.state.nodes[1].percent == nil
        && live.state.reports["one.b"]?["message"]?.string == "it broke")
    let goesOn = !live.hasEnded
    #expect(goesOn)

    journal = nil
    let hasEnded = live.hasEnded
    #expect(hasEnded)
    #expect(try LiveRuns.names(layout) == [])
    let isThere = if LiveRun(id, layout) != nil { true } else { false }
    #expect(!isThere)
  }

  @Test func aKilledRunIsNoLiveOneAndTheNextOneRemovesItsJournal() throws {
    try folder.write("{\"event\":\"run\"}\n", to: "store/.atelier/live/\(id).ndjson")
    #expect(try LiveRuns.names(layout) == [])
    let next = RunID(startedAt: Timestamp(milliseconds: 1_700_000_001_000))
    let journal = RunJournal.begin(
      layout,
      .init(
        id: next, workshop: "fixture", series: "check", startedAt: "", platform: "", host: "",
        settings: [:], targets: [], nodes: []))
    #expect(journal != nil)
    #expect(try Disk.names(in: layout.live) == ["\(next).ndjson"])
  }

  @Test func twoRunsAtATimeLeaveEachOtherAlone() throws {
    let first = RunJournal.begin(layout, head(["one.a"]))
    let next = RunID(startedAt: Timestamp(milliseconds: 1_700_000_001_000))
    let second = RunJournal.begin(
      layout,
      .init(
        id: next, workshop: "fixture", series: nil, startedAt: "", platform: "", host: "",
        settings: [:], targets: [], nodes: []))
    #expect(first != nil && second != nil)
    #expect(try LiveRuns.names(layout) == [next, id])
  }

  @Test func aLineThatIsStillWrittenWaitsAndNonsenseIsPassedOver() throws {
    let path = "store/.atelier/live/\(id).ndjson"
    let start =
      "{\"event\":\"run\",\"nodes\":[\"one.a\"],\"workshop\":\"w\"}\nnonsense\n[1]\n{\"event\":\"st"
    try folder.write(start, to: path)
    guard var live = LiveRun(id, layout) else { throw MissingJournal() }
    #expect(live.update() == [])
    #expect(statuses(live) == ["waiting"])
    let rest = "art\",\"step\":\"one.a\",\"at\":1e300}\n{\"event\":\"end\",\"step\":\"no.such\"}\n"
    try TestFiles.write(Array((start + rest).utf8), to: folder(path))
    #expect(live.update() == [0])
    #expect(live.state.nodes[0].status == "running" && live.state.nodes[0].milliseconds == 0)
  }

  private func progressLines() throws -> Int {
    try TestFiles.text(LiveRuns.path(of: id, layout)).split(separator: "\n")
      .count { $0.contains("\"progress\"") }
  }
}

private struct MissingJournal: Error {}

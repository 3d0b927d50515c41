// Deliveries: new exports only for new bytes, always later than the last, and whole.
import Atelier
import AtelierStep
import Execution
import Foundation
import Testing

@Suite struct DeliveryTests {
  private let lab: Laboratory
  /// Noon of 1 July 2024 in UTC.
  private let epoch = 1_719_835_200.0
  private var dataset: String { lab.root + "/bucket/pre/data" }

  init() throws { lab = try Laboratory() }

  private func graph(_ text: String) throws -> Graph {
    try lab.graph { p in
      let first = p.add("a.first", Join(text: text, journal: lab.journal))
      let place = Publication(
        bucket: "bucket", prefix: "pre", dataset: "data", fileName: "part.txt")
      let out = p.deliver("a.out", first.out, to: place)
      p.add("b.use", Join(parts: [out], text: "!", journal: lab.journal))
    }
  }

  private func exports() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: dataset).sorted()
  }

  private func text(_ export: String) throws -> String {
    try String(contentsOfFile: "\(dataset)/\(export)/part.txt", encoding: .utf8)
  }

  @Test func equalBytesAreDeliveredOnce() throws {
    let first = try lab.run(graph("one"), epoch: epoch)
    #expect(first.statuses == ["a.first": .built, "a.out": .delivered, "b.use": .built])
    #expect(first.report("a.out")?.message == "\(dataset)/exportTime=20240701120000")
    let second = try lab.run(graph("one"), epoch: epoch + 60)
    #expect(second.statuses == ["a.first": .hit, "a.out": .unchanged, "b.use": .hit])
    #expect(try exports() == ["exportTime=20240701120000"])
    #expect(try text("exportTime=20240701120000") == "one")
    #expect(try lab.text(first, "b.use") == "one!")
  }

  @Test func exportsWithinOneSecondAreInTheirOrder() throws {
    for text in ["one", "two", "three", "one"] { try lab.run(graph(text), epoch: epoch) }
    let names = (0..<4).map { "exportTime=2024070112000\($0)" }
    #expect(try exports() == names)
    #expect(try names.map(text) == ["one", "two", "three", "one"])
  }

  @Test func anExportFollowsTheLastOneOverMidnightAndAgainstTheClock() throws {
    try FileManager.default.createDirectory(
      atPath: dataset + "/exportTime=20241231235959", withIntermediateDirectories: true)
    try Data("other".utf8).write(
      to: URL(fileURLWithPath: dataset + "/exportTime=20241231235959/part.txt"))
    try lab.run(graph("one"), epoch: epoch)
    #expect(try exports() == ["exportTime=20241231235959", "exportTime=20250101000000"])
    #expect(try text("exportTime=20250101000000") == "one")
  }

  /// F15: an export is the tree, its executable bits included, and an empty tree is an export, too.
  @Test(arguments: [true, false]) func f15ATreeArrivesAsItIs(isEmpty: Bool) throws {
    func graph() throws -> Graph {
      try lab.graph { p in
        let tree = p.add("a.grow", GrowProgram(isEmpty: isEmpty)).tree
        p.deliver(
          "a.out", tree, to: Publication(bucket: "bucket", prefix: "pre", dataset: "data"))
      }
    }
    #expect(try lab.run(graph(), epoch: epoch).statuses["a.out"] == .delivered)
    let export = dataset + "/exportTime=20240701120000"
    let names = FileManager.default.subpaths(atPath: export)?.sorted()
    #expect(names == (isEmpty ? [] : ["bin", "bin/run", "bin/text"]))
    #expect(try lab.run(graph(), epoch: epoch + 60).statuses["a.out"] == .unchanged)
    if isEmpty { return }
    #expect(FileManager.default.isExecutableFile(atPath: export + "/bin/run"))
    #expect(try mode(export + "/bin/text") & 0o111 == 0)
    // A bit that somebody took away is put back.
    chmod(export + "/bin/run", 0o644)
    #expect(try lab.run(graph(), epoch: epoch + 60).statuses["a.out"] == .delivered)
    #expect(try mode(export + "/bin/run") & 0o100 != 0)
  }

  private func mode(_ path: String) throws -> Int {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int ?? -1
  }

  @Test func aMissingFileIsPutAgain() throws {
    func graph() throws -> Graph {
      try lab.graph { p in
        let tree = p.add("a.grow", Grow(text: "b")).tree
        p.deliver(
          "a.out", tree, to: Publication(bucket: "bucket", prefix: "pre", dataset: "data"))
      }
    }
    try lab.run(graph(), epoch: epoch)
    let export = dataset + "/exportTime=20240701120000"
    let names = ["a.txt", "b.txt"]
    #expect(try FileManager.default.contentsOfDirectory(atPath: export).sorted() == names)
    try FileManager.default.removeItem(atPath: export + "/b.txt")
    let second = try lab.run(graph(), epoch: epoch + 60)
    #expect(second.statuses == ["a.grow": .hit, "a.out": .delivered])
    #expect(try exports() == ["exportTime=20240701120000"])
    #expect(try String(contentsOfFile: export + "/b.txt", encoding: .utf8) == "b")
    #expect(try lab.run(graph(), epoch: epoch).statuses["a.out"] == .unchanged)
  }

  @Test func anExportThatSomeoneAlteredIsReplacedByANewOne() throws {
    try lab.run(graph("one"), epoch: epoch)
    let file = dataset + "/exportTime=20240701120000/part.txt"
    try FileManager.default.removeItem(atPath: file)
    try Data("mine".utf8).write(to: URL(fileURLWithPath: file))
    #expect(try lab.run(graph("one"), epoch: epoch).statuses["a.out"] == .delivered)
    #expect(try exports() == ["exportTime=20240701120000", "exportTime=20240701120001"])
    #expect(try text("exportTime=20240701120000") == "mine")
    #expect(try text("exportTime=20240701120001") == "one")
  }

  @Test func aNewerExportOfSomeoneElseIsNamedOnce() throws {
    let foreign = "exportTime=20300101000000"
    func graph(_ consumers: Int) throws -> Graph {
      try lab.graph { p in
        let first = p.add("a.first", Join(text: "x\(consumers)", journal: lab.journal))
        let place = Publication(bucket: "bucket", prefix: "pre", dataset: "data")
        let out = p.deliver("a.out", first.out, to: place)
        var last = p.add("a.meddle", Meddle(from: out, folder: "\(dataset)/\(foreign)")).out
        for number in 0..<consumers {
          let step = Join(parts: [out, last], text: "\(number)", journal: lab.journal)
          last = p.add("b.use.\(number)", step).out
        }
      }
    }
    for consumers in [0, 2] {
      try? FileManager.default.removeItem(atPath: dataset)
      let outcome = try lab.run(graph(consumers), epoch: epoch)
      #expect(outcome.summary.outcome == .ok)
      #expect(
        outcome.notices == [
          "a.out: this run delivered and uses exportTime=20240701120000, but \(foreign) was "
            + "published since in \(dataset)"
        ])
      // Where someone is about to use the older one, the notice comes before.
      let order = outcome.events.compactMap { event -> String? in
        switch event {
        case .notice: "notice"
        case .started(let name, _, _) where name.hasPrefix("b.use"): name
        default: nil
        }
      }
      #expect(order == (consumers == 0 ? ["notice"] : ["notice", "b.use.0", "b.use.1"]))
    }
  }

  @Test func aReadOnlyRunDeliversNothing() throws {
    let outcome = try lab.run(
      graph("one"), epoch: epoch, options: RunOptions(jobs: 1, cache: .ro))
    #expect(outcome.statuses == ["a.first": .built, "a.out": .unchanged, "b.use": .built])
    #expect(!FileManager.default.fileExists(atPath: dataset))
  }

  @Test func aSourceCanBeDelivered() throws {
    try lab.space.write("words.txt", "as it is")
    let graph = try lab.graph { p in
      let source: Artifact<Words> = p.source("a.in", path: "words.txt")
      p.deliver(
        "a.out", source,
        to: Publication(bucket: "bucket", prefix: "pre", dataset: "data", fileName: "part.txt"))
    }
    #expect(try lab.run(graph, epoch: epoch).statuses == ["a.in": .source, "a.out": .delivered])
    #expect(try text("exportTime=20240701120000") == "as it is")
  }
}

// What lies beside exports and in them: names that are no times, left-overs of killed deliveries,
// and times that no calendar has.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct FaultExportTests {
  private static func graph(_ text: String) -> [JSONValue] {
    [
      ["name": "one.a", "script": .string("echo \(text) > $out")],
      ["name": "two.published", "deliver": "one.a", "dataset": "data"],
    ]
  }

  /// A project that delivered once, and the data set's folder.
  private func delivered() throws -> (space: FixtureSpace, dataset: String) {
    let space = try FixtureSpace(Self.graph("first"))
    let run = try space.run()
    try #require(run.code == 0, "\(run.err)")
    return (space, space.store + "/bucket/exports/data")
  }

  /// Names that begin like an export's.
  private func exports(_ dataset: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: dataset)
      .filter { $0.hasPrefix("exportTime=") }.sorted()
  }

  private static let odd = [
    "__HIVE_DEFAULT_PARTITION__", "latest", "99999999999999", "20261301000000", "20260231000000",
    "2026010100000", "202601010000000", "2026-01-01T00:00", "２０２６０１０１００００００", "",
  ]

  @Test(arguments: [true, false])
  func f2NamesThatAreNoTimesAreLeftAlone(empty: Bool) throws {
    let (space, dataset) = try delivered()
    let before = try exports(dataset)
    for name in Self.odd {
      let folder = "\(dataset)/exportTime=\(name)"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      if !empty { try TestFiles.write(Array("theirs\n".utf8), to: folder + "/x") }
    }
    // A file with the name of an export is none either.
    try TestFiles.write([], to: "\(dataset)/exportTime=20990101000000")
    #expect(
      try space.start(["run", "--json"]).wait(seconds: 60).deliveries["two.published"]
        == "unchanged")
    try space.setGraph(Self.graph("second"))
    let run = try space.start(["run", "--json"]).wait(seconds: 60)
    #expect(run.code == 0 && run.deliveries["two.published"] == "delivered", "\(run.err)\(run.out)")
    let odd = Set(Self.odd.map { "exportTime=\($0)" } + ["exportTime=20990101000000"])
    let new = Set(try exports(dataset)).subtracting(odd).subtracting(before)
    #expect(new.count == 1 && (new.first ?? "") > (before.first ?? "~"), "\(new)")
    for name in Self.odd {
      let left = TestFiles.list("\(dataset)/exportTime=\(name)")
      #expect(left == (empty ? [] : ["x"]), "\(name): \(left)")
    }
  }

  @Test func f2ATimeToComeIsFollowedByTheNextSecondAtOnce() throws {
    let (space, dataset) = try delivered()
    let folder = "\(dataset)/exportTime=99991231235958"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try TestFiles.write(Array("theirs\n".utf8), to: folder + "/x")
    let run = try space.start(["run", "--json"]).wait(seconds: 60)
    #expect(run.code == 0, "\(run.err)")
    #expect(try exports(dataset).last == "exportTime=99991231235959")
    // There is no later name than this one, which is said.
    try space.setGraph(Self.graph("second"))
    let last = try space.start(["run", "--json"]).wait(seconds: 60)
    #expect(last.code == 1)
    let said = last.step("two.published")?["message"]?.string ?? ""
    #expect(
      said.contains("exportTime=99991231235959") && said.contains("rename or remove"), "\(said)")
  }

  @Test(arguments: ["1700000000000", "253402300800", "1e300", "-1", "nan", "inf", "soon"])
  func f2SourceDateEpochIsChecked(_ text: String) throws {
    let space = try FixtureSpace(Self.graph("first"))
    let run = try space.start(["run"], environment: ["SOURCE_DATE_EPOCH": text]).wait(seconds: 60)
    #expect(run.code == 2 && run.signal == 0, "\(run.err)")
    #expect(run.err.contains("SOURCE_DATE_EPOCH") && run.err.contains("'\(text)'"), "\(run.err)")
  }

  @Test func f2SourceDateEpochNamesTheExport() throws {
    let space = try FixtureSpace(Self.graph("first"))
    let run = try space.run(environment: ["SOURCE_DATE_EPOCH": "253402300799"])
    #expect(run.code == 0, "\(run.err)")
    #expect(try exports(space.store + "/bucket/exports/data") == ["exportTime=99991231235959"])
  }

  @Test func d4LeftOversOfKilledDeliveriesAreSwept() throws {
    let (space, dataset) = try delivered()
    let newest = "\(dataset)/\(try exports(dataset)[0])"
    // As a run that is killed leaves them; and what only looks alike.
    let left = [
      "\(dataset)/.exportTime=20260101000000.incomplete/part", "\(newest)/.atelier-1-abc.tmp",
      "\(dataset)/.atelier-1-abc.tmp/draft",
    ]
    let theirs = "\(dataset)/.exportTime=mine.incomplete/part"
    for path in left + [theirs] {
      try FileManager.default.createDirectory(
        atPath: String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]),
        withIntermediateDirectories: true)
      try TestFiles.write(Array("half".utf8), to: path)
      setMtime(path, 1_000_000_000_000_000_000)
    }
    try? FileManager.default.removeItem(atPath: space.store + "/.atelier/current")
    let run = try space.run()
    #expect(run.code == 0 && run.deliveries["two.published"] == "unchanged", "\(run.out)\(run.err)")
    for path in left { #expect(!FileManager.default.fileExists(atPath: path), "\(path)") }
    #expect(FileManager.default.fileExists(atPath: theirs))
    #expect(try exports(dataset).count == 1)
  }

  @Test func d5ADeliveredSourceIsNotCopiedByEachRun() throws {
    let space = try FixtureSpace([
      ["name": "one.file", "source": "big.bin"],
      ["name": "two.published", "deliver": "one.file", "dataset": "data"],
    ])
    let big = try space.folder.write(
      String(repeating: "0123456789abcdef", count: 1 << 18), to: "big.bin")
    #expect(try space.run().code == 0)
    setMtime(big, 1_500_000_000_000_000_000)
    // A run that cannot write 2 MiB to a file can still see that nothing is new.
    let run = try space.start(["run", "--json"], by: ["prlimit", "--fsize=2097152"]).wait(
      seconds: 60)
    #expect(run.code == 0 && run.deliveries["two.published"] == "unchanged", "\(run.out)\(run.err)")
  }
}

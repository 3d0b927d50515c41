// What counts as a regression: bytes, tolerances, names, and other platforms.
import Baselines
import Content
import Testing

@Suite struct ComparisonTests {
  private static func bytes(_ text: String, mediaType: String = "application/json") throws -> Bytes
  {
    Bytes(
      digest: try Digest.of(text), size: Int64(text.utf8.count), mediaType: mediaType,
      isTree: false)
  }

  private static func table(rows: Int64, mean: Double) -> OutputValues {
    OutputValues(
      rows: rows,
      columns: [
        Column(name: "x", type: "DOUBLE", values: ["mean": .number(mean)]),
        Column(name: "kind", type: "VARCHAR", values: ["top": ["a": 3], "max": "b"]),
      ])
  }

  private static func baseline(_ entries: [String: Entry]) -> Baseline {
    Baseline(workshop: "w", platform: "here", settings: ["A.b": "1"], entries: entries)
  }

  private func result(
    _ entry: Entry, _ values: OutputValues, platform: String = "here"
  ) throws -> EntryResult {
    let found = ["s.o": try Self.bytes("new")]
    let results = Comparison(Self.baseline(["s.o": entry]), platform: platform)
      .results(found) { _ in values }
    #expect(results.count == 1)
    return try #require(results.first)
  }

  @Test func equalBytesAreNotReadAgain() throws {
    let bytes = try Self.bytes("old")
    let entry = Entry(bytes: bytes, content: OutputValues(numbers: ["/a": 1]))
    let results = Comparison(Self.baseline(["s.o": entry]), platform: "here")
      .results(["s.o": bytes]) { name in
        Issue.record("\(name) was read")
        return OutputValues()
      }
    #expect(results == [EntryResult(name: "s.o", verdict: .same)])
  }

  @Test(arguments: [
    (0.0, 0.01, 101.0, EntryVerdict.within), (0, 0.01, 101.01, .moved), (2, 0, 98, .within),
    (2, 0, 97.9, .moved), (2, 0.01, 98, .within), (0, 0, 100, .within),
  ])
  func aToleranceIsTheWiderOfBoth(
    _ absolute: Double, _ relative: Double, _ now: Double, _ verdict: EntryVerdict
  ) throws {
    let entry = Entry(
      bytes: try Self.bytes("old"), content: OutputValues(numbers: ["/a": 100]),
      tolerance: Tolerance(absolute: absolute, relative: relative))
    #expect(try result(entry, OutputValues(numbers: ["/a": now])).verdict == verdict)
  }

  @Test func oneNumbersToleranceGoesBeforeTheEntrys() throws {
    let entry = Entry(
      bytes: try Self.bytes("old"), content: OutputValues(numbers: ["/a": 1, "/b": 1]),
      tolerance: Tolerance(absolute: 1), tolerances: ["/b": Tolerance(absolute: 0.1)])
    let found = try result(entry, OutputValues(numbers: ["/a": 2, "/b": 1.5]))
    #expect(found.findings.map(\.value) == ["/a", "/b"])
    #expect(found.findings.map(\.verdict) == [.within, .moved])
    #expect(found.verdict == .moved)
  }

  @Test func schemaAndTextsAreExactWhateverTheTolerance() throws {
    let entry = Entry(
      bytes: try Self.bytes("old"), content: Self.table(rows: 3, mean: 1),
      tolerance: Tolerance(absolute: 1000))
    var other = Self.table(rows: 4, mean: 2)
    #expect(try result(entry, other).verdict == .within)
    other.columns[0] = Column(name: "x", type: "BIGINT", values: ["mean": 1])
    let found = try result(entry, other)
    #expect(found.verdict == .moved)
    #expect(found.findings.filter { $0.verdict == .moved }.map(\.value) == ["columns"])
    let vanished = try result(entry, OutputValues(rows: 3, columns: [other.columns[0]]))
    #expect(vanished.findings.contains { $0.value == "kind.top.a" && $0.new == nil })
  }

  @Test func onAnotherPlatformBytesDoNotCountButSchemaAndTolerancesDo() throws {
    let exact = Entry(bytes: try Self.bytes("old"), content: Self.table(rows: 3, mean: 1))
    #expect(
      try result(exact, Self.table(rows: 3, mean: 1.5), platform: "there").verdict == .notComparable
    )
    let rows = try result(exact, Self.table(rows: 4, mean: 1), platform: "there")
    #expect(rows.verdict == .moved)
    #expect(rows.findings.map(\.value) == ["bytes", "rows"])
    let loose = Entry(
      bytes: exact.bytes, content: exact.content, tolerance: Tolerance(relative: 0.1))
    #expect(
      try result(loose, Self.table(rows: 3, mean: 1.05), platform: "there").verdict == .within)
    #expect(try result(loose, Self.table(rows: 3, mean: 1.5), platform: "there").verdict == .moved)
  }

  @Test func missingExtraAndRenamed() throws {
    let gone = Entry(bytes: try Self.bytes("gone"), content: OutputValues())
    let old = Entry(bytes: try Self.bytes("kept"), content: OutputValues())
    let found = ["s.new": try Self.bytes("kept"), "s.more": try Self.bytes("more")]
    let results = Comparison(Self.baseline(["s.gone": gone, "s.old": old]), platform: "here")
      .results(found) { _ in OutputValues() }
    #expect(results.map(\.name) == ["s.gone", "s.more", "s.old"])
    #expect(results.map(\.verdict) == [.missing, .extra, .renamed])
    #expect(results.last?.newName == "s.new")
    #expect(results.allSatisfy { $0.verdict.isRegression })
  }

  @Test func anUpdateKeepsTolerancesAlsoOfWhatIsRenamed() throws {
    let numbers = OutputValues(numbers: ["/a": 1, "/b": 1], texts: [:])
    let moved = Entry(
      bytes: try Self.bytes("moved"), content: numbers,
      tolerances: ["/a": Tolerance(absolute: 1), "/b": Tolerance(absolute: 2)])
    let renamed = Entry(
      bytes: try Self.bytes("kept"), content: numbers, tolerance: Tolerance(relative: 0.5))
    let found = ["s.moved": try Self.bytes("other"), "s.new": try Self.bytes("kept")]
    let updated = try Baseline.updated(
      Self.baseline(["s.moved": moved, "s.old": renamed]), to: found, workshop: "w",
      platform: "here", settings: [:]
    ) { name in
      #expect(name == "s.moved")
      return OutputValues(numbers: ["/a": 5])
    }
    #expect(Set(updated.entries.keys) == ["s.moved", "s.new"])
    // The number /b is gone, so its tolerance is.
    #expect(updated.entries["s.moved"]?.tolerances == ["/a": Tolerance(absolute: 1)])
    #expect(updated.entries["s.moved"]?.content.numbers == ["/a": 5])
    #expect(updated.entries["s.new"]?.tolerance == Tolerance(relative: 0.5))
    #expect(updated.entries["s.new"]?.content == numbers)
  }

  /// 1.8: a tolerance is for numbers; what a text or a boolean was stays exact.
  @Test func textsStayExactUnderATolerance() throws {
    let tolerance = Tolerance(relative: 10)
    func content(_ part: JSONValue, _ number: Double = 1) -> OutputValues {
      OutputValues(numbers: ["/a": number], texts: ["/part": part, "/whole": true])
    }
    let entry = Entry(
      bytes: try Self.bytes("old"), content: content("validation"), tolerance: tolerance)
    #expect(try result(entry, content("validation", 2)).verdict == .within)
    for other: JSONValue in ["train", true, .null] {
      let found = try result(entry, content(other, 2))
      #expect(found.verdict == .moved)
      #expect(found.findings.first { $0.value == "/part" }?.verdict == .moved)
    }
    // A baseline that did not keep them says so, instead of letting them pass.
    let unknown = Entry(
      bytes: try Self.bytes("old"), content: OutputValues(numbers: ["/a": 1]), tolerance: tolerance)
    #expect(try result(unknown, content("train")).verdict == .moved)
    #expect(try result(unknown, OutputValues(numbers: ["/a": 2], texts: [:])).verdict == .within)
  }

  /// 1.8: an update that cannot tell what an output holds keeps nobody's tolerance silently out.
  @Test func anUpdateNeverDropsATolerance() throws {
    let entry = Entry(
      bytes: try Self.bytes("old"), content: OutputValues(numbers: ["/a": 1]),
      tolerance: Tolerance(relative: 0.5))
    let error = #expect(throws: BaselineFileError.self) {
      try Baseline.updated(
        Self.baseline(["s.out": entry]), to: ["s.out": try Self.bytes("new")], workshop: "w",
        platform: "here", settings: [:]
      ) { _ in OutputValues() }
    }
    #expect(error?.description.contains("s.out has a tolerance") == true)
  }
}

// Latest records and the join by time, against an evaluation by brute force over random histories.
import AtelierStep
import AtelierTesting
import Content
import DuckDB
import Features
import Foundation
import LearningFormats
import Testing

/// A record as these tests know it; `b` is a feature that only later batches have.
private struct Record {
  let id: Int
  let time: Double
  let a: Int?
  let b: Int?
}

/// A row of a spine, and an answer to it.
private struct Question {
  let id: Int
  let time: Double
}

/// Some ingestions of records, the first without `b`.
private struct RandomHistory {
  let batches: [[Record]]

  init(seed: UInt64) {
    var generator = SeededGenerator(state: seed)
    func draw(_ count: Int) -> Int { Int.random(in: 0..<count, using: &generator) }
    batches = (0..<1 + draw(4)).map { batch in
      (0..<1 + draw(12)).map { _ in
        // Few identifiers and few times over three days, so that equal ones are the rule. Later
        // batches may well have earlier times.
        Record(
          id: draw(4), time: Double(draw(9)) * 28_800 + (draw(2) == 0 ? 0 : 0.25),
          a: draw(5) == 0 ? nil : draw(1000), b: batch == 0 ? nil : draw(1000))
      }
    }
  }

  /// The record that counts among those up to a time, by looking at each of them.
  func record(_ id: Int, at time: Double) -> Record? {
    var best: Record?
    for batch in batches {
      for record in batch where record.id == id && record.time <= time {
        if best.map({ record.time >= $0.time }) ?? true { best = record }
      }
    }
    return best
  }

  func questions(seed: UInt64) -> [Question] {
    var generator = SeededGenerator(state: seed)
    return (0..<40).map { _ in
      Question(
        id: Int.random(in: 0..<5, using: &generator),
        time: Double(Int.random(in: -1..<10, using: &generator)) * 28_800
          + Double(Int.random(in: 0..<3, using: &generator)) * 0.25)
    }
  }
}

@Suite struct PointInTimeTests {
  private let groups: Groups

  init() throws { groups = try Groups() }

  private func text(_ value: Int?) -> String { value.map { "\($0)" } ?? "NULL" }

  private func history(_ random: RandomHistory, _ name: String) throws -> String {
    let made = try random.batches.enumerated().map { index, batch in
      let rows = batch.map { "(\($0.id), \($0.time)::DOUBLE, \(text($0.a)), \(text($0.b)))" }
      let table = try groups.table(
        "\(name)-\(index)",
        "(SELECT id, held, a::BIGINT AS a, b::BIGINT AS b FROM (VALUES \(rows.joined(separator: ", "))) "
          + "t(id, held, a, b))")
      var features = [
        EncodedFeature("id", .integral, from: .column(name: "id")),
        EncodedFeature("held", .fractional, from: .column(name: "held")),
        EncodedFeature("a", .integral, from: .column(name: "a")),
      ]
      if index > 0 { features.append(EncodedFeature("b", .integral, from: .column(name: "b"))) }
      return try StepHarness.run(
        MakeRecords(
          table: .test,
          encoding: RecordEncoding(recordIdentifier: "id", eventTime: "held", features: features)),
        inputs: ["table": table])
    }
    return try groups.history(name, made)
  }

  private func join(
    _ history: String, _ spine: String, features: [String], order: String? = "row",
    time: String = "seen"
  ) throws -> StepHarness.Result {
    try StepHarness.run(
      JoinFeatures(
        spine: .test, history: .test, key: "who", time: time, features: features, order: order),
      inputs: ["spine": spine, "history": history])
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func theJoinIsWhatALookAtEveryRecordGives(seed: UInt64) throws {
    let random = RandomHistory(seed: seed)
    let tree = try history(random, "h")
    let hasB = random.batches.count > 1
    let questions = random.questions(seed: seed &+ 1000)
    let rows = questions.map { "(\($0.id), \($0.time)::DOUBLE)" }.joined(separator: ", ")
    let spine = try groups.table("spine", "(VALUES \(rows)) t(who, seen)")
    let joined = try join(tree, spine, features: hasB ? ["a", "b", "held"] : ["a", "held"])
    let path = joined.outputs["joined"] ?? ""
    let found = try groups.rows(of: path)
    let expected = questions.enumerated().map { index, question in
      let record = random.record(question.id, at: question.time)
      let values =
        [text(record?.a)] + (hasB ? [text(record?.b)] : []) + [
          record.map { "\($0.time)" } ?? "NULL"
        ]
      return (["\(index + 1)", "\(question.id)", "\(question.time)"] + values)
        .joined(separator: ",")
    }
    #expect(found == expected, "seed \(seed)")
    // Nothing from after a row's own time.
    #expect(try groups.rows(of: path, "count(*) FILTER (held > seen)") == ["0"])

    let again = try join(tree, spine, features: hasB ? ["a", "b", "held"] : ["a", "held"])
    #expect(
      try Digest.of(file: again.outputs["joined"] ?? "").digest == Digest.of(file: path).digest)

    for moment in [nil, 28_800.25, 86_400] {
      let expected = (0..<4).compactMap { id -> String? in
        random.record(id, at: moment ?? .infinity).map {
          ([text(id), "\($0.time)", text($0.a)] + (hasB ? [text($0.b)] : []))
            .joined(separator: ",")
        }
      }
      let step = LatestFeatures(history: .test, asOf: moment)
      guard !expected.isEmpty else {
        #expect(
          failure { try StepHarness.run(step, inputs: ["history": tree]) }?
            .hasPrefix("no record of the feature group holds at \(moment ?? -1)") == true)
        continue
      }
      let latest = try StepHarness.run(step, inputs: ["history": tree])
      #expect(
        try groups.rows("table", of: latest) == expected,
        "seed \(seed), as of \(moment.map { "\($0)" } ?? "now")")
    }
  }

  // MARK: - Spines

  private func small() throws -> String {
    try history(RandomHistory(seed: 2), "small")
  }

  @Test func timesOfASpineMayHaveSeveralTypes() throws {
    let tree = try small()
    let whole = try join(
      tree, groups.table("s", "(VALUES (1, 86400), (2, 172800)) t(who, seen)"), features: ["a"])
    let expected = try groups.rows("joined", of: whole, "who, a")
    for (name, relation) in [
      ("double", "(VALUES (1, 86400.0::DOUBLE), (2, 172800.0)) t(who, seen)"),
      ("times", "(VALUES (1, TIMESTAMP '1970-01-02'), (2, TIMESTAMP '1970-01-03')) t(who, seen)"),
      ("texts", "(VALUES (1, '86400'), (2, '1970-01-03T00:00:00Z')) t(who, seen)"),
      // Steps 3.1: an offset is honoured, so a join never looks ahead by it.
      (
        "offsets",
        "(VALUES (1, '1970-01-02T02:00:00+02:00'), (2, '1970-01-02T19:00-0500')) t(who, seen)"
      ),
      (
        "zoned",
        "(VALUES (1, '1970-01-02T02:00:00+02:00'::TIMESTAMPTZ), (2, '1970-01-03T00:00:00Z')) t(who, seen)"
      ),
    ] {
      let joined = try join(tree, groups.table(name, relation), features: ["a"])
      #expect(try groups.rows("joined", of: joined, "who, a") == expected)
    }
  }

  @Test func withoutRowNumbersKeyAndTimeOrderTheRows() throws {
    let spine = groups.path("bare.parquet")
    _ = try groups.rows(
      """
      COPY (FROM (VALUES (2, 9, 'b'), (1, 5, 'z'), (2, 9, 'a'), (1, 4, 'y')) t(who, seen, x))
      TO (getvariable('p')) (FORMAT parquet);
      """, ["p": .text(spine)])
    let joined = try join(small(), spine, features: ["a"], order: nil)
    #expect(
      try groups.rows("joined", of: joined, "who, seen, x")
        == ["1,4,y", "1,5,z", "2,9,a", "2,9,b"])
  }

  @Test func whatDoesNotFitIsNamed() throws {
    let tree = try small()
    func refused(
      _ relation: String, _ features: [String], time: String = "seen", _ said: String
    ) throws {
      let spine = try groups.table("bad", relation)
      let words = failure { try join(tree, spine, features: features, time: time) }
      #expect(words?.contains(said) == true, "\(words ?? "nothing")")
    }
    let rows = "(VALUES (1, 5, 3)) t(who, seen, A)"
    try refused(rows, ["a"], "the result would have two columns a; rename that of the table")
    try refused(rows, ["held", "held"], "the result would have two columns held")
    try refused(rows, ["none"], "the feature group has no feature 'none'; it has id, held, a")
    try refused(rows, [], "no feature is named")
    try refused(rows, ["held"], time: "when", "the table lacks the column when; it has row, who")
    try refused(
      "(VALUES ('x', 5)) t(who, seen)", ["a"],
      "the table's column 'who' is a VARCHAR, and the group's identifier 'id' is Integral")
    try refused(
      "(VALUES (1, true)) t(who, seen)", ["a"], "the column 'seen' is a BOOLEAN; a time is")
    try refused(
      "(VALUES (1, '5'), (2, 'x'), (NULL, '7')) t(who, seen)", ["a"],
      "the table is refused: row 2, column 'seen': 'x' is no time; expected seconds since 1970 or an "
        + "ISO 8601 time, in the years 1970 to 9999; 1 more such row")
    // Data D6: a date without dashes is no number of seconds, and a year has four digits.
    for time in ["20240501", "'20240501'", "'24-05-01 12:30:00'", "'epoch'", "'0001-01-01'"] {
      try refused(
        "(VALUES (1, \(time))) t(who, seen)", ["a"], "the table is refused: row 1, column 'seen': '"
      )
    }
    try refused(
      "(VALUES (NULL::BIGINT, 5)) t(who, seen)", ["a"],
      "the table is refused: row 1, column 'who': empty; it names the record")
  }

  @Test func aHistoryThatIsNoneIsRefused() throws {
    let tree = try small()
    try FileManager.default.moveItem(
      atPath: "\(tree)/batches/00000001", toPath: "\(tree)/batches/first")
    #expect(
      failure { try StepHarness.run(LatestFeatures(history: .test), inputs: ["history": tree]) }?
        .hasPrefix("the history holds the batch 'first'; a batch is named by eight digits") == true)
  }
}

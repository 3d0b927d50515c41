// Buckets, curves and topology against a brute force over exact integers, and the segment's cut.
import AtelierStep
import AtelierTesting
import DuckDB
import Foundation
import Segment
import Testing

/// Scores in millionths: random ones, and some exactly on every border.
private func randomScores() -> [Int] {
  var generator = SeededGenerator(state: 5)
  let random = (0..<400).map { _ in Int.random(in: 0...1_000_000, using: &generator) }
  let borders = stride(from: 0, through: 1_000_000, by: 10_000)
  return random + borders + stride(from: 0, through: 1_000_000, by: 50_000).map(\.self)
    + borders.flatMap { [$0 + 1, $0 - 1] }.filter { (0...1_000_000).contains($0) }
}

private func decimal(_ millionths: Int) -> String {
  "\(millionths / 1_000_000)." + String("\(1_000_000 + millionths % 1_000_000)".dropFirst())
}

private func hundredth(_ value: Int) -> String {
  "\(value / 100)." + String("\(100 + value % 100)".dropFirst())
}

private func write(_ tables: Tables, _ scores: [Int]) throws -> String {
  let lines = scores.enumerated().map { "user\(1000 + $0.offset),\(decimal($0.element))" }
  return try tables.space.write(
    "scores.csv", (["userId,prediction"] + lines).joined(separator: "\n") + "\n")
}

private func lines(_ header: String, _ rows: [String]) -> String {
  ([header] + rows).joined(separator: "\n") + "\n"
}

/// The members, and the segment that is cut from them.
private func cut(
  _ tables: Tables, _ scores: String, topology: String, from: Double, to: Double,
  subscribers: String = "userId\n"
) throws -> (members: StepHarness.Result, segment: StepHarness.Result) {
  let members = try StepHarness.run(
    ListMembers(scores: .test, from: from, to: to), inputs: ["scores": scores])
  let segment = try StepHarness.run(
    CutSegment(
      members: .test, topology: .test, subscribers: .test, from: from, to: to, tenant: "acme"),
    inputs: [
      "members": members.outputs["members"] ?? "", "topology": topology,
      "subscribers": try tables.space.write("subscribers.csv", subscribers),
    ])
  return (members, segment)
}

@Suite struct SegmentTests {
  @Test func bucketsHoldTheirLowerBorderAndTheLastOneHoldsOne() throws {
    let tables = try Tables()
    let scores = randomScores()
    let result = try StepHarness.run(
      ScoreHistogram(scores: .test), inputs: ["scores": try write(tables, scores)])
    let rows = (0..<20).map { bucket in
      let reach = scores.count { min($0 / 50_000, 19) == bucket }
      return "\(hundredth(bucket * 5)),\(reach)"
    }
    #expect(try result.text("histogram") == lines("propensityBucket,reach", rows))
  }

  @Test func curvesCountTheBucketOnBothSides() throws {
    let tables = try Tables()
    let scores = randomScores()
    let result = try StepHarness.run(
      ReachCurves(scores: .test), inputs: ["scores": try write(tables, scores)])
    let rows = (0..<20).map { bucket in
      let above = scores.count { $0 >= bucket * 50_000 }
      let below = bucket == 19 ? scores.count : scores.count { $0 < (bucket + 1) * 50_000 }
      return "\(hundredth(bucket * 5)),\(above),\(below)"
    }
    #expect(try result.text("curve") == lines("propensityBucket,reachAbove,reachBelow", rows))
  }

  @Test func theTopologyHoldsEveryIntervalOfHundredths() throws {
    let tables = try Tables()
    let scores = randomScores()
    let result = try StepHarness.run(
      ReachMatrix(scores: .test), inputs: ["scores": try write(tables, scores)])
    var rows: [String] = []
    for from in 0...100 {
      for to in from...100 {
        let reach = scores.count { $0 >= from * 10_000 && $0 <= to * 10_000 }
        rows.append("\(hundredth(from)),\(hundredth(to)),\(reach)")
      }
    }
    #expect(rows.count == 5151)
    #expect(try result.text("topology") == lines("from,to,reach", rows))
  }

  @Test func theSegmentHoldsBothBordersAndTheReachOfTheTopology() throws {
    let tables = try Tables()
    let scores = randomScores()
    let file = try write(tables, scores)
    let matrix = try StepHarness.run(ReachMatrix(scores: .test), inputs: ["scores": file])
    let result = try cut(
      tables, file, topology: matrix.outputs["topology"] ?? "", from: 0.2, to: 0.93)
    let members = scores.indices.filter { scores[$0] >= 200_000 && scores[$0] <= 930_000 }
    #expect(scores.contains(200_000) && scores.contains(930_000) && scores.contains(930_001))
    #expect(
      try result.members.text("members") == lines("userId", members.map { "user\(1000 + $0)" }))
    #expect(
      try result.segment.text("segment")
        == "rule,reach,subscribed\n_acme.propensity >= 0.2 and _acme.propensity <= 0.93,"
        + "\(members.count),0\n")
    #expect(
      try result.segment.text("definition")
        == #"{"description":"Users with a propensity of 0.2 to 0.93, both included","#
        + #""expression":{"format":"pql/text","type":"PQL","#
        + #""value":"_acme.propensity >= 0.2 and _acme.propensity <= 0.93"},"#
        + #""name":"Propensity 0.2 to 0.93","schema":{"name":"_xdm.context.profile"},"#
        + #""ttlInDays":60}"#)
  }

  @Test(arguments: [
    (0, 1, "0", "1"), (0.05, 0.5, "0.05", "0.5"), (0.29, 0.29, "0.29", "0.29"),
    (0.57, 0.58, "0.57", "0.58"),
  ])
  func theRuleIsWrittenAsPeopleDo(
    from: Double, to: Double, low: String, high: String
  ) throws {
    let tables = try Tables()
    let file = try write(tables, randomScores())
    let matrix = try StepHarness.run(ReachMatrix(scores: .test), inputs: ["scores": file])
    let result = try cut(
      tables, file, topology: matrix.outputs["topology"] ?? "", from: from, to: to)
    let rule = "_acme.propensity >= \(low) and _acme.propensity <= \(high)"
    #expect(try result.segment.text("segment").hasPrefix("rule,reach,subscribed\n\(rule),"))
  }

  @Test("data D5: the segment says how many of its members have subscribed already")
  func subscribedMembers() throws {
    let tables = try Tables()
    let scores = "userId,prediction\nann,0.5\n\"b,ob\",0.6\ncid,0.1\ndan,0.7\n"
    let file = try tables.space.write("scores.csv", scores)
    let matrix = try StepHarness.run(ReachMatrix(scores: .test), inputs: ["scores": file])
    let result = try cut(
      tables, file, topology: matrix.outputs["topology"] ?? "", from: 0.2, to: 0.93,
      subscribers: "userId\nann\n\"b,ob\"\ncid\neve\n")
    #expect(try result.segment.text("segment").hasSuffix(",3,2\n"))
  }

  @Test("data D17: scores with all digits of a 32-bit float are compared as they stand")
  func exactScores() throws {
    let tables = try Tables()
    let scores =
      "userId,prediction\na,0.9300003\nb,0.93\nc,0.92999995\nd,0.19999999\ne,0.0000001234567\n"
    let file = try tables.space.write("scores.csv", scores)
    let matrix = try StepHarness.run(ReachMatrix(scores: .test), inputs: ["scores": file])
    let result = try cut(
      tables, file, topology: matrix.outputs["topology"] ?? "", from: 0.2, to: 0.93)
    #expect(try result.members.text("members") == "userId\nb\nc\n")
  }

  @Test func aTopologyOfOtherScoresIsRefusedWithBothNumbers() throws {
    let tables = try Tables()
    let file = try write(tables, [100_000, 300_000, 500_000])
    let other = try tables.space.write("topology.csv", "from,to,reach\n0.20,0.93,5\n")
    #expect {
      try cut(tables, file, topology: other, from: 0.2, to: 0.93)
    } throws: {
      "\($0)"
        == "the segment 0.2 to 0.93 has 2 members, but the topology tells a reach of 5: the "
        + "topology must be made from the same scores, one row a user"
    }
    #expect {
      try cut(tables, file, topology: other, from: 0.2, to: 0.9)
    } throws: { "\($0)".hasPrefix("the topology tells no reach for 0.2 to 0.9: ") }
  }

  @Test(arguments: [
    (0.934, 1, "[Segment] from is 0.934: use a number from 0 to 1 with at most two decimals"),
    (0.2, 1.5, "[Segment] to is 1.5: use a number from 0 to 1 with at most two decimals"),
    (-0.1, 1, "[Segment] from is -0.1: use a number from 0 to 1 with at most two decimals"),
    (0.9, 0.2, "[Segment] from is 0.9 and to is 0.2: from must not be greater than to"),
  ])
  func aBadIntervalNamesItsKey(from: Double, to: Double, message: String) {
    #expect {
      try CutSegment.validate(from: from, to: to)
    } throws: { "\($0)" == message }
  }

  @Test(arguments: [
    "1.000001", "-0.1", "1e-05", "nan", "", "0.\(String(repeating: "1", count: 51))",
  ])
  func aScoreThatIsNoExactDecimalIsRefusedByUser(score: String) throws {
    let tables = try Tables()
    let file = try tables.space.write("scores.csv", "userId,prediction\nann,0.5\nbob,\(score)\n")
    #expect {
      try StepHarness.run(ScoreHistogram(scores: .test), inputs: ["scores": file])
    } throws: {
      "\($0)".contains("the score of user bob is \(score.isEmpty ? "(none)" : score); expected")
    }
  }

  @Test func eachStepHasItsOwnScriptInItsKey() {
    #expect(ScoreHistogram(scores: .test).sql.keys.sorted() == ["histogram.sql", "scores.sql"])
    #expect(ReachCurves(scores: .test).sql.keys.sorted() == ["reach.sql", "scores.sql"])
    #expect(ReachMatrix(scores: .test).sql.keys.sorted() == ["scores.sql", "topology.sql"])
    let cut = CutSegment(
      members: .test, topology: .test, subscribers: .test, from: 0, to: 1, tenant: "acme")
    #expect(cut.sql.keys.sorted() == ["segment.sql"])
    let members = ListMembers(scores: .test, from: 0, to: 1)
    #expect(members.sql.keys.sorted() == ["members.sql", "scores.sql"])
  }
}

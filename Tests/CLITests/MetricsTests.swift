// Numbers of documents and tables by name, and what changed in them.
import Testing

@testable import Inspection
@testable import Terminal

@Suite struct MetricsTests {
  private func changes(_ old: String, _ new: String, _ mediaType: String) throws -> [String] {
    let a = Array(old.utf8)
    let b = Array(new.utf8)
    let before = try #require(Metrics(a, mediaType: mediaType, keyedLike: b))
    let after = try #require(Metrics(b, mediaType: mediaType, keyedLike: a))
    return try #require(MetricChange.between(before, after)).map { change in
      [change.name, change.old, change.new, change.difference, change.percentText]
        .map { $0 ?? "-" }.joined(separator: " ")
    }
  }

  @Test func documentsByPointer() throws {
    #expect(
      try changes(
        #"{"auc":0.81,"n":10,"deep":[1,{"a/b":2}],"gone":3,"text":"x"}"#,
        #"{"auc":0.8,"n":10,"deep":[1,{"a/b":4}],"more":5,"text":"y"}"#, "application/json")
        == [
          "/auc 0.81 0.8 -0.01 -1.23%", "/deep/1/a~1b 2 4 +2 +100.00%", "/more - 5 - -",
          "/gone 3 - - -",
        ])
  }

  @Test func aTableOfOneRowByColumn() throws {
    #expect(
      try changes("auc,tp\n0.500,7\n", "auc,tp\n0.625,7\n", "text/csv")
        == ["auc 0.500 0.625 +0.125 +25.00%"])
    // Other digits of the same number are no change.
    #expect(try changes("a\n1.0\n", "a\n1\n", "text/csv") == [])
  }

  @Test func rowsByTheirTexts() throws {
    #expect(
      try changes("type,n\nopen,5\nclick,0\n", "type,n\nclick,2\nopen,5\n", "text/csv")
        == ["click n 0 2 +2 -"])
    #expect(
      try changes("score,n\n1,5\n2,6\n", "score,n\n1,5\n2,7\n3,1\n", "text/csv")
        == ["score=2 n 6 7 +1 +16.67%", "score=3 score - 3 - -", "score=3 n - 1 - -"])
    #expect(
      try changes("a,b\n1,5\n1,6\n", "a,b\n1,5\n1,9\n", "text/csv")
        == ["row 2 b 6 9 +3 +50.00%"])
  }

  @Test(arguments: [
    ("0", true), ("0.5", true), ("-12", true), ("1e-9", true), ("0e0", true), ("", false),
    ("007", false), ("84823191727058264026726191637648476923", false), ("x", false),
  ])
  func identifiersAreNoMeasures(_ text: String, _ isMeasure: Bool) {
    #expect(Metrics.isMeasure(text) == isMeasure)
  }

  @Test func otherRowsAreNotCompared() throws {
    let a = Array("id,n\nx,1\ny,2\n".utf8)
    let b = Array("id,n\nv,1\nw,2\n".utf8)
    let before = try #require(Metrics(a, mediaType: "text/csv", keyedLike: b))
    let after = try #require(Metrics(b, mediaType: "text/csv", keyedLike: a))
    #expect(MetricChange.between(before, after) == nil)
  }

  @Test func whatIsNoMetricsIsRefused() {
    let rows = "a\n" + (0...Metrics.mostRows).map { "\($0)\n" }.joined()
    #expect(Metrics(Array(rows.utf8), mediaType: "text/csv", keyedLike: []) == nil)
    #expect(Metrics([0xFF], mediaType: "application/json", keyedLike: []) == nil)
    #expect(Metrics([], mediaType: "application/octet-stream", keyedLike: []) == nil)
  }
}

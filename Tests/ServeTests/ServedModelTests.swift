// Models that are loaded to be served: the numbers are XGBoost's own, from any thread.
import AtelierTesting
import Content
import RowFormats
import Testing
import XGBoost

@testable import Serve

@Suite struct ServedModelTests {
  @Test(arguments: ["binary", "classes", "linear"])
  func predictionsAreThoseOfXGBoost(_ name: String) throws {
    let all = ["binary": Models.binary, "classes": Models.classes, "linear": Models.linear]
    let bytes = try #require(all[name]).get()
    let model = try ServedModel(bytes, threads: 1, library: Models.library)
    #expect(model.featureCount == 3)
    #expect(model.width == (name == "classes" ? 3 : 1))
    #expect(model.objective.contains(":"))
    let expected = try Models.predictions(bytes, Models.values, columns: 3)
    let found = try model.predict(Rows(values: Models.values, count: 300))
    #expect(found == expected)
    #expect(Set(found).count > 4)
    // Row by row, and in more rows than are predicted at a time.
    let third = try model.predict(Rows(values: Array(Models.values[6..<9]), count: 1))
    #expect(third == Array(expected[2 * model.width..<3 * model.width]))
    let many = Array(repeating: Models.values, count: 30).flatMap { $0 }
    #expect(
      try model.predict(Rows(values: many, count: 9000))
        == Array(repeating: expected, count: 30).flatMap { $0 })
  }

  @Test func manyThreadsGetTheSame() async throws {
    let model = try Models.served(Models.classes, threads: 8)
    let rows = Rows(values: Models.values, count: 300)
    let expected = try model.predict(rows)
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 {
        group.addTask {
          for _ in 0..<40 where try model.predict(rows) != expected { return false }
          return true
        }
      }
      for try await isEqual in group { #expect(isEqual) }
    }
  }

  @Test func nullsAreWhatTheModelTakesThemFor() throws {
    func model(_ nulls: String) throws -> ServedModel {
      let bytes = try Models.train(
        [("objective", "reg:squarederror")],
        attributes: ["atelier.nulls": nulls, "atelier.features": "a,b,c"]
      ) { $0 }
      return try ServedModel(bytes, threads: 1, library: Models.library)
    }
    let rows = Models.values
    let filled = rows.map { $0.isNaN ? 0 : $0 }
    let zero = try model("zero")
    let answer = try zero.predict(Rows(values: rows, count: 300))
    #expect(try zero.predict(Rows(values: filled, count: 300)) == answer)
    #expect(try model("missing").predict(Rows(values: rows, count: 300)) != answer)
    #expect(zero.columns.names == ["a", "b", "c"])
  }

  @Test("steps 3.16: what a model says of its range and scales holds for a server as for a batch")
  func rulesTravelWithTheModel() throws {
    let plain = try Models.train([("objective", "reg:squarederror")]) { $0 }
    let bytes = try Models.train(
      [("objective", "reg:squarederror")],
      attributes: ["atelier.range": "20.0,60.0", "atelier.scales": "10.0/2.0,,-1.0/0.5"]
    ) { $0 }
    let model = try ServedModel(bytes, threads: 1, library: Models.library)
    let found = try model.predict(Rows(values: Models.values, count: 300))
    let scaled = Models.values.enumerated().map { index, value in
      index % 3 == 0 ? (value - 10) / 2 : index % 3 == 1 ? value : (value + 1) / 0.5
    }
    let expected = try Models.predictions(plain, scaled, columns: 3)
    #expect(expected.contains { $0 < 20 } && expected.contains { $0 > 60 })
    #expect(found == expected.map { min(max($0, 20), 60) })
    for (name, value) in [
      ("atelier.range", "1"), ("atelier.scales", "1/2"), ("atelier.scales", "1/0,,"),
    ] {
      let odd = try Models.train([("objective", "reg:squarederror")], attributes: [name: value]) {
        $0
      }
      let said = failure { try ServedModel(odd, threads: 1, library: Models.library) }
      #expect(said?.contains("XGBoost was given data that do not fit") == true, "\(said ?? "")")
    }
  }

  @Test func whatIsNoModelIsRefused() throws {
    let junk = failure {
      try ServedModel(Array("no model".utf8), threads: 1, library: Models.library)
    }
    #expect(junk?.contains("8 bytes are no XGBoost model") == true)
    let bytes = try Models.binary.get()
    let cut = failure {
      try ServedModel(Array(bytes.prefix(1000)), threads: 1, library: Models.library)
    }
    #expect(cut?.contains("1000 bytes are no XGBoost model") == true, "\(cut ?? "")")
    let wrong = try Digest.of("another")
    let named = failure {
      try ServedModel(bytes, expecting: wrong, threads: 1, library: Models.library)
    }
    #expect(named?.contains("not of \(wrong)") == true)
  }
}

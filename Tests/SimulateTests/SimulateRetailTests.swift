// The simulated shop: the same bytes for the same seed, and what makes it look like the real one.
import AtelierStep
import AtelierTesting
import Content
import LearningFormats
import Testing

@testable import Simulate

@Suite struct SimulateRetailTests {
  private func simulate(rows: Int, seed: Int = 7) throws -> String {
    try StepHarness.run(SimulateRetail(rows: rows, seed: seed)).text("sales")
  }

  @Test func theSameSeedGivesTheSameBytes() throws {
    let digest = try Digest.of(Array(simulate(rows: 500).utf8))
    #expect(digest.hex == "2fa446de31d6147b8afe22b9a29bbeb4ffac2ccafc40ecd814b19ab4b9502d87")
  }

  @Test func aRowDependsOnItsNumberAlone() throws {
    let long = try simulate(rows: 500)
    let short = try simulate(rows: 120)
    #expect(long.hasPrefix(short))
    #expect(try simulate(rows: 120, seed: 8) != short)
  }

  @Test func itLooksLikeTheRealSet() throws {
    let lines = try simulate(rows: 4000).split(separator: "\n")
    #expect(
      lines[0]
        == "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country")
    // Descriptions with a comma are quoted, and no other field has one.
    let rows = lines.dropFirst().map { line in
      line.replacing(/"[^"]*"/, with: "x").split(separator: ",", omittingEmptySubsequences: false)
    }
    #expect(rows.count == 4000 && rows.allSatisfy { $0.count == 8 })
    let cancelled = rows.filter { $0[0].hasPrefix("C") }
    #expect(!cancelled.isEmpty && cancelled.allSatisfy { (Int($0[3]) ?? 0) < 0 })
    let anonymous = rows.filter { $0[6].isEmpty }
    #expect((600...1400).contains(anonymous.count))
    #expect(rows.contains { $0[1] == "POST" } && rows.contains { $0[2].isEmpty })
    #expect(rows.contains { $0[5] == "0.00" } && rows.allSatisfy { Double($0[5]) != nil })
    #expect(rows[0][4] == "12/01/2010 08:26")
  }

  @Test func thereIsAtLeastOneSale() {
    #expect(throws: StepFailure.self) { try simulate(rows: 0) }
  }
}

// The simulated abalones: the same bytes for the same seed, and the form of the real ones.
import AtelierStep
import AtelierTesting
import Content
import LearningFormats
import Testing

@testable import Simulate

@Suite struct SimulateAbaloneTests {
  private func simulate(rows: Int, seed: Int = 7, header: Bool = true) throws -> String {
    try StepHarness.run(SimulateAbalone(rows: rows, seed: seed, header: header)).text("abalones")
  }

  @Test func aRowDependsOnSeedAndNumberAlone() throws {
    let long = try simulate(rows: 300)
    let short = try simulate(rows: 80)
    #expect(long.hasPrefix(short) && long.count > short.count)
    #expect(try simulate(rows: 80, seed: 8) != short)
    #expect(
      try Digest.of(Array(long.utf8)).hex
        == "08f9d96c4472284b79547425ee56a1ccd5efa22f463117d6e16fe500ade50e8d")
    // The other form is the same animals.
    let bare = short.split(separator: "\n").dropFirst().enumerated().map { index, line in
      #expect(line.hasPrefix("\(index),"))
      return line.drop { $0 != "," }.dropFirst() + "\n"
    }
    #expect(try simulate(rows: 80, header: false) == bare.joined())
  }

  @Test func itLooksLikeTheRealSet() throws {
    let lines = try simulate(rows: 2000).split(separator: "\n")
    #expect(
      lines.first
        == "record_id,sex,length,diameter,height,whole_weight,shucked_weight,viscera_weight,shell_weight,rings"
    )
    let rows = lines.dropFirst().map { $0.split(separator: ",") }
    #expect(rows.count == 2000 && rows.allSatisfy { $0.count == 10 })
    func numbers(_ column: Int, _ some: [[Substring]]) -> [Double] {
      some.compactMap { Double($0[column]) }
    }
    func mean(_ column: Int, of sex: String? = nil) -> Double {
      let values = numbers(column, rows.filter { sex == nil || $0[1] == sex ?? "" })
      return values.reduce(0, +) / Double(values.count)
    }
    // Means of the real set: 0.524, 0.408, 0.140, 0.829, 0.359, 0.181, 0.239, 9.93.
    #expect((0.47...0.57).contains(mean(2)) && (0.36...0.45).contains(mean(3)))
    #expect((0.12...0.16).contains(mean(4)) && (0.7...0.95).contains(mean(5)))
    #expect((0.3...0.42).contains(mean(6)) && (0.15...0.21).contains(mean(7)))
    #expect((0.2...0.29).contains(mean(8)) && (9...11).contains(mean(9)))
    #expect(mean(2, of: "I") < mean(2, of: "M") - 0.08 && mean(9, of: "I") < mean(9, of: "F"))
    #expect(Set(rows.map { $0[1] }) == ["M", "F", "I"])
    #expect(numbers(9, rows).allSatisfy { (1...29).contains($0) && $0 == $0.rounded() })
    for row in rows {
      let (whole, parts) = (Double(row[5]) ?? 0, row[6...8].compactMap { Double($0) })
      #expect(whole > 0 && parts.reduce(0, +) <= whole * 1.1)
      let (length, diameter) = (Double(row[2]) ?? 0, Double(row[3]) ?? 1)
      #expect(diameter < length && (length * 200).rounded() / 200 == length)
    }
  }

  @Test func whatMakesNoSenseIsRefused() {
    #expect(throws: StepFailure.self) { try simulate(rows: 0) }
  }
}

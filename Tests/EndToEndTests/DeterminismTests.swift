// The same bytes whoever runs it, wherever, and whatever the processor can do.
import Foundation
import Testing

@Suite struct DeterminismTests {
  /// A machine, as far as variables can make one.
  struct Surroundings: CustomTestStringConvertible, Sendable {
    let testDescription: String
    var environment: [String: String] = [:]
    var options: [String] = []
  }

  static let others = [
    Surroundings(
      testDescription: "another user, time zone and locale",
      environment: [
        "USER": "somebody-else", "LOGNAME": "somebody-else", "HOME": "/nonexistent",
        "TZ": "Pacific/Chatham", "LC_ALL": "tr_TR.UTF-8", "LANG": "de_DE.UTF-8",
        "SOURCE_DATE_EPOCH": "86400",
      ], options: ["--jobs", "1"]),
    Surroundings(testDescription: "many steps at a time", options: ["--jobs", "7"]),
    Surroundings(
      testDescription: "a processor without FMA and AVX2",
      environment: ["GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-AVX2"]),
  ]

  @Test(arguments: others)
  func everyDigestIsEqual(_ other: Surroundings) throws {
    let here = try Space()
    let there = try Space()
    there.environment = other.environment
    let first = try here.run()
    let second = try there.run(options: other.options)
    #expect(first.built == second.built && first.built.count == first.steps.count)
    #expect(first.built.count == 26)
    #expect(first.digests == second.digests)
    #expect(first.digests.count >= 26)
    #expect(try here.published() == there.published())
  }

  @Test func aNewRunInTheSameStoreWithoutTheCacheGivesTheSameBytes() throws {
    let space = try Space()
    let first = try space.run()
    let again = try space.run(options: ["--cache", "off"])
    #expect(again.built == first.built)
    #expect(again.digests == first.digests)
  }

  @Test func verifyFindsEveryStepTheSame() throws {
    let space = try Space()
    let steps = try space.run().steps
    let lines = try space.atelier(["verify", "week5", "--json"]).lines()
    let verdicts = Dictionary(
      lines.filter { $0["event"]?.string == "verify" }.map {
        ($0["step"]?.string ?? "", $0["status"]?.string ?? "")
      }, uniquingKeysWith: { $1 })
    #expect(verdicts == steps.mapValues { _ in "same" })
  }
}

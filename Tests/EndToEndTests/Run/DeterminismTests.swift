// The same bytes whoever runs it, wherever, and whatever the processor can do.
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct DeterminismTests {
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
    let (here, first) = try Space.afterRun()
    let there = try Space()
    there.environment = other.environment
    let second = try there.run(options: other.options)
    #expect(first.built == second.built && first.built.count == first.steps.count)
    #expect(first.built.count == 32)
    #expect(first.digests == second.digests)
    #expect(first.digests.count >= 26)
    #expect(try here.published() == there.published())
  }

  /// Starts a program as the user `nobody`; only root may.
  static let nobody = [
    "/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--",
  ]

  /// Whether another user can be played here and may read the checkout.
  static var canPlayNobody: Bool {
    guard getuid() == 0, FileManager.default.isExecutableFile(atPath: nobody[0]),
      let program = try? Space.program(), let duckdb = Space.tools["ATELIER_DUCKDB"]
    else { return false }
    return [program, duckdb].allSatisfy { path in
      let words = Array(nobody.dropFirst()) + ["/usr/bin/test", "-x", path]
      let folder = NSTemporaryDirectory()
      let finished = try? Space.start(nobody[0], words, environment: [:], folder: folder)
      return finished?.code == 0
    }
  }

  @Test(.enabled(if: canPlayNobody, "needs root, setpriv and a checkout that all may read"))
  func everyDigestIsEqualForAnotherUserOfTheSystem() throws {
    let first = try Space.afterRun().before
    let there = try Space()
    there.starter = Self.nobody
    for path in try FileManager.default.subpathsOfDirectory(atPath: there.root) + [""] {
      #expect(chown("\(there.root)/\(path)", 65534, 65534) == 0)
    }
    let second = try there.run()
    let owner = try FileManager.default.attributesOfItem(atPath: there.store)[.ownerAccountID]
    #expect(owner as? Int == 65534)
    #expect(second.built.count == 32)
    #expect(first.digests == second.digests)
  }

  @Test func aNewRunInTheSameStoreWithoutTheCacheGivesTheSameBytes() throws {
    let (space, first) = try Space.afterRun()
    let again = try space.run(options: ["--cache", "off"])
    #expect(again.built == first.built)
    #expect(again.digests == first.digests)
  }

  @Test func verifyFindsEveryStepTheSame() throws {
    let (space, before) = try Space.afterRun()
    let steps = before.steps
    let lines = try space.atelier(["verify", "week5", "--json"]).lines()
    let verdicts = Dictionary(
      lines.filter { $0["event"]?.string == "verify" }.map {
        ($0["step"]?.string ?? "", $0["status"]?.string ?? "")
      }, uniquingKeysWith: { $1 })
    #expect(verdicts == steps.mapValues { _ in "same" })
  }
}

// An optimised build and one that is not give each step the same key and the same bytes: levels of
// optimisation, debug information and `-enable-testing` are in no key.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct BothBuildsTests {
  private static let optimised = TestTools.root + "/.build/release/atelier"

  /// Whether the optimised build is of the sources as they are.
  private static let isCurrent: Bool = {
    func date(_ path: String) -> Date? {
      (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
    }
    guard let built = date(optimised) else { return false }
    return ["Package.swift", "Sources", "Steps", "Workshops"].allSatisfy { name in
      let path = "\(TestTools.root)/\(name)"
      return ([path] + TestFiles.list(path).map { "\(path)/\($0)" }).allSatisfy {
        date($0).map { $0 <= built } ?? true
      }
    }
  }()

  /// Keys and digests of all steps of a run in a store of its own.
  private func steps(_ program: String) throws -> [String: [String]] {
    let space = try TemporaryFolder()
    let settings = [
      "Atelier.root=\(space("store"))", "Atelier.users=400", "Atelier.batches=2",
      "Atelier.trials=3",
    ]
    let words = ["run", "week4", "--json", "--project", TestTools.root]
    let run = try RunningProgram(
      program, words + settings.flatMap { ["--set", $0] }, environment: [:], captures: space
    ).wait()
    try #require(run.code == 0, "\(run.err)")
    var steps: [String: [String]] = [:]
    for event in run.events where event["event"] == "step" {
      guard let name = event["step"]?.string, let key = event["key"]?.string else { continue }
      let outputs = (event["outputs"]?.object ?? [:]).sorted { $0.key < $1.key }
        .map { "\($0.key) \($0.value["digest"]?.string ?? "")" }
      steps[name] = [key] + outputs
    }
    return steps
  }

  @Test(
    .enabled(
      if: BothBuildsTests.isCurrent, "no optimised build of these sources here; type: make build"))
  func anOptimisedBuildHasTheSameKeysAndBytes() throws {
    let optimised = try steps(Self.optimised)
    let tested = try steps(TestPrograms.atelier)
    #expect(optimised.count > 20)
    #expect(optimised == tested)
  }
}

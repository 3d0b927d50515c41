// `atelier features delete`: what it would remove, what it removes, and what it leaves.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct FeatureDeletionTests {
  private let keeper: FeatureKeeper

  init() throws { keeper = try FeatureKeeper.measured() }

  @Test("steps 2, 004: a group is deleted, after a look at what that would be")
  func deletion() throws {
    try keeper.ingest("other", FeatureKeeper.narrow, ["2026-11-01": ["(1, 1793491200, 5)"]])
    let files = TestFiles.list(keeper.place("abalone-small"))
    let dry = try keeper.features("delete", "abalone-small", "-n", "--json")
    #expect(dry.code == 0, "\(dry.err)")
    #expect(dry.err.contains("would delete the feature group abalone-small: 5 files, "))
    #expect(dry.err.contains(keeper.place("abalone-small")))
    #expect(dry.events.first?["files"] == 5 && dry.events.first?["deleted"] == false)
    #expect(TestFiles.list(keeper.place("abalone-small")) == files)
    let done = try keeper.features("delete", "abalone-small")
    #expect(done.code == 0 && done.out == "")
    #expect(done.err.contains("deleted the feature group abalone-small: 5 files"))
    #expect(!FileManager.default.fileExists(atPath: keeper.place("abalone-small")))
    #expect(try keeper.features("get", "abalone-small", "1").code == 2)
    #expect(
      try keeper.features("query", "SELECT count(*) AS n FROM other", "--format", "csv").out
        == "n\n1\n")
    let gone = try keeper.features("delete", "abalone-small")
    #expect(gone.code == 2 && gone.err.contains("there is no feature group 'abalone-small'"))
    for name in ["..", "../x", "a_b", ""] {
      #expect(try keeper.features("delete", name).code != 0)
    }
  }
}

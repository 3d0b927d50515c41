// Where deliveries go is no step's business: a new place gets the files, and no step runs.
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct InvalidationDeliveryTests {
  private static let four = [
    "week3.delivery", "week4.delivery", "week5.members-delivery", "week5.segment-delivery",
  ]

  @Test func publishingAgainMakesNoNewExport() throws {
    let space = try Space()
    let first = try space.run()
    #expect(
      first.deliveries == Dictionary(uniqueKeysWithValues: Self.four.map { ($0, "delivered") }))
    let files = try space.publishedFiles()
    #expect(files.count == 5)
    let second = try space.run()
    #expect(
      second.deliveries == Dictionary(uniqueKeysWithValues: Self.four.map { ($0, "unchanged") }))
    #expect(try space.publishedFiles() == files)
  }

  @Test(arguments: [
    ["AWS.s3_prefix": "other/place"], ["AWS.s3_bucket_name": "another-bucket"],
  ])
  func anotherPlaceGetsTheFilesAndNoStepRuns(_ place: [String: String]) throws {
    let (space, before) = try Space.afterRun()
    let here = try space.published()
    try space.expectHits(place, like: before)
    let both = try space.published()
    let there = both.filter { here[$0.key] == nil }
    #expect(both.filter { here[$0.key] != nil } == here)
    func moved(_ path: String) -> String {
      place["AWS.s3_prefix"] == nil
        ? path.replacingOccurrences(of: "cmle-workshop/", with: "another-bucket/")
        : path.replacingOccurrences(of: "cmle-workshop/cmle/", with: "cmle-workshop/other/place/")
    }
    #expect(there == Dictionary(uniqueKeysWithValues: here.map { (moved($0.key), $0.value) }))
    // Back at the first place, and again at the second, everything already lies there.
    let files = try space.publishedFiles()
    #expect(Set(try space.run().deliveries.values) == ["unchanged"])
    #expect(Set(try space.run(["week5"], place).deliveries.values) == ["unchanged"])
    #expect(try space.publishedFiles() == files)
  }

  @Test func adoptedFoldersOfTheConfigurationMoveOnlyTheirDelivery() throws {
    let (space, before) = try Space.afterRun()
    let report = try space.run(["week5"], ["Platform.scoring_dataset_id": "my-scores"])
    #expect(report.built == [])
    #expect(report.digests == before.digests)
    #expect(report.deliveries.filter { $0.value == "delivered" }.map(\.key) == ["week4.delivery"])
    #expect(
      try space.published()["cmle-workshop/cmle/cmle/ingress/my-scores/exportTime/part-00000.csv"]
        != nil)
  }

  @Test func aDeletedPublishedFileIsPutAgain() throws {
    let (space, before) = try Space.afterRun()
    let files = try space.publishedFiles()
    for path in files.keys.sorted() {
      try FileManager.default.removeItem(atPath: "\(space.store)/\(path)")
      try space.expectHits(like: before)
      #expect(try space.publishedFiles() == files, "\(path)")
    }
  }

  @Test func changedContentTakesALaterExportTime() throws {
    let space = try Space.afterRun().space
    let old = try space.publishedFiles()
    _ = try space.run(["week5"], ["Segment.from": "0.3"])
    let all = try space.publishedFiles()
    #expect(all.filter { old[$0.key] != nil } == old)
    let segments = all.keys.filter { $0.contains("/cmle-segment/") }.sorted()
    #expect(segments.count == 2)
    #expect(segments.last.map { old[$0] == nil } == true)
    #expect(all.keys.filter { $0.contains("cmle-scores") }.count == 1)
  }
}

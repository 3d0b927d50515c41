// A folder as a landing place: what counts as complete, and a ledger that was tampered with.
import AtelierTesting
import Content
import Foundation
import Inbox
import LocalStores
import StoreFolder
import Testing

@Suite struct FolderInboxTests {
  @Test(arguments: [
    ("a.csv", true), ("deep/a.csv", true), (".a.csv", false), ("deep/.a.csv", false),
    (".deep/a.csv", false), ("a.csv.part", false), ("a.csv.TMP", false), ("a.csv~", false),
    ("folder/", false), ("", false),
    ("a//b.csv", true),
  ])
  func namesOfFilesInTheMakingAreLeftOut(_ name: String, _ isComplete: Bool) {
    #expect(InboxObject.isComplete(name) == isComplete)
  }

  @Test func aFileHasToRestFirst() throws {
    let folder = try TemporaryFolder()
    try folder.write("rows", to: "in/a.csv")
    let patient = FolderInbox(folder("in"), settle: 3600)
    let object = try #require(patient.objects().first)
    #expect(try patient.copy(object, to: folder("patient")) == nil)
    #expect(!FileManager.default.fileExists(atPath: folder("patient")))
    let hasty = FolderInbox(folder("in"), settle: 0)
    #expect(try hasty.copy(object, to: folder("hasty")) == Digest.of(Array("rows".utf8)))
    #expect(try String(contentsOfFile: folder("hasty"), encoding: .utf8) == "rows")
  }

  @Test func aSymlinkIsNotFollowed() throws {
    let folder = try TemporaryFolder()
    try folder.write("secret", to: "outside.csv")
    try folder.write("", to: "in/.keep")
    try FileManager.default.createSymbolicLink(
      atPath: folder("in/a.csv"), withDestinationPath: folder("outside.csv"))
    #expect(try FolderInbox(folder("in"), settle: 0).objects() == [])
  }

  @Test func aDamagedEntryIsNamedAndNotForgotten() throws {
    let folder = try TemporaryFolder()
    let layout = StoreLayout(root: folder.path)
    try folder.write("{", to: ".atelier/watch/here/entries/00000001.json")
    let error = #expect(throws: (any Error).self) {
      try InboxLedger(layout, name: "here", readOnly: true)
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("entries/00000001.json"))
  }
}

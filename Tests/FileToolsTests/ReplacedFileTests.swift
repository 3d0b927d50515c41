// Replacing files: what a killed writer left, what somebody put there, and many writers at once.
import AtelierTesting
import FileTools
import Foundation
import Testing

@Suite struct ReplacedFileTests {
  private let folder: TemporaryFolder
  private let path: String
  private let draft: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder("report.html")
    draft = folder(".report.html.atelier-new")
  }

  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  @Test func aDraftThatAKillLeftIsTakenOver() throws {
    try folder.write("half of something longer than the next", to: ".report.html.atelier-new")
    try ReplacedFile(path).write(Array("whole".utf8))
    #expect(try TestFiles.text(path) == "whole")
    #expect(try names() == ["report.html"])
  }

  @Test func aLinkInPlaceOfTheDraftIsNotFollowed() throws {
    let victim = try folder.write("kept", to: "victim")
    try FileManager.default.createSymbolicLink(atPath: draft, withDestinationPath: victim)
    #expect(throws: FileError.self) { try ReplacedFile(path).write([1]) }
    try FileManager.default.removeItem(atPath: draft)
    try FileManager.default.linkItem(atPath: victim, toPath: draft)
    try ReplacedFile(path).write([1])
    #expect(try TestFiles.text(victim) == "kept")
    #expect(try names() == ["report.html", "victim"])
  }

  @Test func theModeOfAFileStays() throws {
    try ReplacedFile(path).write([1], mode: 0o600)
    try ReplacedFile(path).write([2], mode: 0o644)
    #expect(try FileStatus(path, followingLinks: false)?.mode == 0o600)
  }

  @Test func manyWritersLeaveTheBytesOfOne() throws {
    let path = path
    _ = try Parallel.map(80, width: 8, chunk: 1) { writer in
      let bytes = [UInt8](repeating: UInt8(writer), count: 100 * (writer + 1))
      try ReplacedFile(path).write(bytes)
    }
    let bytes = try TestFiles.read(path)
    #expect(bytes.count == 100 * (Int(bytes[0]) + 1) && Set(bytes).count == 1)
    #expect(try names() == ["report.html"])
  }
}

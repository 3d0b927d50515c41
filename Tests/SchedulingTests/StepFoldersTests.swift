// Folders of steps are used again only where nothing of an earlier step is left.
import AtelierTesting
import Content
import Foundation
import LocalStores
import Testing
import Workers

@testable import Execution
@testable import Engines
@testable import Planning
@testable import Scheduling

@Suite struct StepFoldersTests {
  private let space: TemporarySpace
  private let folders: StepFolders

  init() throws {
    space = try TemporarySpace()
    let store = try LocalStore.open(root: space.path + "/store", readOnly: false)
    folders = StepFolders(workspace: try store.workspace(run: RunID(startedAt: .now())))
  }

  @Test func anUntouchedFolderIsUsedAgain() throws {
    let first = try folders.take()
    #expect(try folders.take().path != first.path)
    folders.giveBack(first)
    #expect(try folders.take().path == first.path)
  }

  enum Trace: CaseIterable {
    case scratchFile, hiddenOutput, inputLink, fileBeside, mode, partMode, lostPart, fileForPart
    case linkForPart
  }

  private func leave(_ trace: Trace, in path: String) throws {
    let manager = FileManager.default
    func write(_ name: String) throws { try Data([1]).write(to: URL(fileURLWithPath: name)) }
    switch trace {
    case .scratchFile: try write(path + "/scratch/x")
    case .hiddenOutput: try write(path + "/outputs/.x")
    case .inputLink: symlink("/nowhere", path + "/inputs/x")
    case .fileBeside: try write(path + "/x")
    case .mode: chmod(path, 0o700)
    case .partMode: chmod(path + "/outputs", 0o777)
    case .lostPart: try manager.removeItem(atPath: path + "/scratch")
    case .fileForPart:
      try manager.removeItem(atPath: path + "/scratch")
      try write(path + "/scratch")
    case .linkForPart:
      try manager.moveItem(atPath: path + "/scratch", toPath: space.path + "/elsewhere")
      symlink(space.path + "/elsewhere", path + "/scratch")
    }
  }

  @Test(arguments: Trace.allCases) func aFolderWithATraceIsNot(_ trace: Trace) throws {
    let first = try folders.take()
    try leave(trace, in: first.path)
    folders.giveBack(first)
    #expect(!FileManager.default.fileExists(atPath: first.path))
    let second = try folders.take()
    #expect(second.path != first.path)
    for part in StepFolders.parts {
      let names = try FileManager.default.contentsOfDirectory(atPath: "\(second.path)/\(part)")
      #expect(names == [])
    }
  }

  @Test func aLogIsMadeWithItsFirstLineInPlaceOfTheOld() throws {
    let path = space.path + "/logs/ab/log"
    func log() throws -> LogFile { try LogFile(path: path, limit: 1 << 20) }
    try log().check()
    #expect(!FileManager.default.fileExists(atPath: space.path + "/logs"))
    do {
      let lines = try log()
      lines.add("one")
      lines.add("two")
      try lines.check()
      #expect(lines.lastLines(5) == ["one", "two"])
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "one\ntwo\n")
    try log().check()
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}

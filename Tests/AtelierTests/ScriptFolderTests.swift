// Where a script's text comes from: the checkout's folder, or the program where there is no checkout.
import Atelier
import AtelierTesting
import Foundation
import Testing

@Suite struct ScriptFolderTests {
  private let space: TemporaryFolder

  init() throws { space = try TemporaryFolder() }

  private func text(_ name: String = "a.sql") throws -> String {
    var builder = PipelineBuilder(
      workshop: "w", stages: [],
      scripts: ScriptFolder(path: space("W/Scripts"), builtIn: ["a.sql": "built"]))
    return try builder.script(name).text
  }

  private func problem() -> String {
    do {
      return "text: \(try text())"
    } catch {
      return "\(error)"
    }
  }

  @Test func aProgramWithoutACheckoutHasItsOwnTexts() throws {
    #expect(try text() == "built")
    try space.write("", to: "W/config.ini")
    #expect(try text() == "built")
  }

  @Test func theCheckoutsTextCounts() throws {
    try space.write("mine", to: "W/Scripts/a.sql")
    #expect(try text() == "mine")
    try FileManager.default.moveItem(atPath: space("W/Scripts/a.sql"), toPath: space("there"))
    try FileManager.default.createSymbolicLink(
      atPath: space("W/Scripts/a.sql"), withDestinationPath: space("there"))
    #expect(try text() == "mine")
  }

  @Test func aScriptThatTheCheckoutHasNoMoreIsTold() throws {
    try space.write("", to: "W/W.swift")
    #expect(
      problem().contains("W/Scripts/a.sql was there when this program was built"), "\(problem())")
    try space.write("mine", to: "W/Scripts/b.sql")
    #expect(problem().contains("was there when this program was built"), "\(problem())")
    try FileManager.default.createSymbolicLink(
      atPath: space("W/Scripts/a.sql"), withDestinationPath: "gone")
    #expect(problem().contains("is a link to nothing"), "\(problem())")
  }
}

// `config get` and `config set`: where values come from, and a rewrite that changes one line.
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct ConfigRewriteTests {
  @Test func setChangesOnlyTheValuesLine() throws {
    let space = try Space()
    let odd = """
      ; a comment of theirs
      [Unknown section]
      left_alone : 1 2  3

      """
    let original = try String(contentsOfFile: space.configPath, encoding: .utf8) + odd
    try original.write(toFile: space.configPath, atomically: false, encoding: .utf8)
    try space.atelier(["config", "set", "AWS.s3_prefix=cmle-2"])
    let changed = try String(contentsOfFile: space.configPath, encoding: .utf8)
    #expect(
      changed
        == original.replacingOccurrences(of: "s3_prefix = cmle\n", with: "s3_prefix = cmle-2\n"))
    #expect(try space.atelier(["config", "get", "AWS.s3_prefix"]).out == "cmle-2\n")
    try space.atelier(["config", "set", "AWS.s3_prefix=cmle"])
    #expect(try String(contentsOfFile: space.configPath, encoding: .utf8) == original)
  }

  @Test func aValueThatDescribesNoWorkshopLeavesTheFileAlone() throws {
    let space = try Space()
    let before = try Data(contentsOf: URL(fileURLWithPath: space.configPath))
    // The last one is of a key that no step reads (data D18).
    for assignment in [
      "Atelier.seed=minus", "Segment.from=2", "Atelier.sede=1", "nonsense",
      "Authentication.client_id=%(seed)s",
    ] {
      let refused = try space.atelier(["config", "set", assignment], expecting: 2)
      #expect(refused.out.isEmpty && !refused.err.isEmpty, "\(assignment)")
      // What is wrong was typed, and is in no line of the file.
      #expect(!refused.err.contains("config.ini:"), "\(refused.err)")
    }
    let said = try space.atelier(["config", "set", "Atelier.seed=minus"], expecting: 2).err
    #expect(
      said.contains("config set Atelier.seed: ") && said.contains("config.ini is unchanged"),
      "\(said)")
    #expect(try Data(contentsOf: URL(fileURLWithPath: space.configPath)) == before)
  }

  @Test func originsAreSetThenEnvironmentThenFileThenDefault() throws {
    let space = try Space()
    func origin(_ key: String) throws -> [String] {
      let lines = try space.atelier(["config", "--json"]).lines()
      let line = lines.first { "\($0["section"]?.string ?? "").\($0["key"]?.string ?? "")" == key }
      return ["value", "origin"].map { line?[$0]?.string ?? "" }
    }
    space.settings["Atelier.users"] = nil
    let file = try origin("Atelier.users")
    #expect(file[0] == "100000")
    #expect(file[1].hasPrefix("Workshops/Propensity/config.ini:"))
    space.environment = ["ATELIER_ATELIER_USERS": "500"]
    let variable = try origin("Atelier.users")
    #expect(variable[0] == "500")
    #expect(variable[1].contains("ATELIER_ATELIER_USERS"))
    space.settings["Atelier.users"] = "600"
    #expect(try origin("Atelier.users") == ["600", "--set"])
    #expect(try origin("Segment.from") == ["0.2", "default"])
    let text = try space.atelier(["config", "--show-origin"]).out
    #expect(
      text.split(separator: "\n").contains {
        $0.hasPrefix("Segment.from ") && $0.hasSuffix("default")
      })
  }

  @Test func aRunNeverWritesTheConfiguration() throws {
    let space = try Space()
    let before = try space.census().filter { $0.key.hasPrefix("project") }
    _ = try space.run(["week2"])
    #expect(try space.census().filter { $0.key.hasPrefix("project") } == before)
  }

  @Test func aSecretIsNeverPrinted() throws {
    let space = try Space()
    space.settings["Authentication.client_secret"] = "s3cret-value"
    for words in [
      ["config", "--show-origin"], ["config", "--json"],
      ["config", "get", "Authentication.client_secret"], ["run", "week1", "--json"],
      ["why", "week1.funnel", "--json"], ["explain", "week1.funnel"],
    ] {
      let finished = try space.atelier(words)
      #expect(!(finished.out + finished.err).contains("s3cret-value"), "\(words)")
    }
    for path in try FileManager.default.subpathsOfDirectory(atPath: space.store) {
      let bytes = Space.file("\(space.store)/\(path)") ?? Data()
      #expect(bytes.range(of: Data("s3cret-value".utf8)) == nil, "\(path)")
    }
  }
}

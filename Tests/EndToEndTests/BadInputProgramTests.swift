// The same mistakes given to the program that users run, and what becomes of secrets there.
import AtelierTesting
import Foundation
import Testing

@Suite struct BadInputProgramTests {
  private let folder: TemporaryFolder
  private var store: String { folder("store") }

  init() throws {
    folder = try TemporaryFolder()
    try #require(
      FileManager.default.isExecutableFile(atPath: TestPrograms.atelier),
      "no program at \(TestPrograms.atelier): run `make build`, or set ATELIER_BINARY")
  }

  private func call(
    _ words: [String], environment: [String: String] = [:]
  ) throws -> EndedProgram {
    let tools = ["duckdb", "xgboost", "libgomp"].compactMap { name in
      TestTools.path(of: name).map { ("ATELIER_\(name.uppercased())", $0) }
    }
    let known = Dictionary(tools) { first, _ in first }
    let added = ["--project", TestTools.root, "--set", "Atelier.root=\(store)"]
    return try RunningProgram(
      TestPrograms.atelier, words.prefix(1) + added + words.dropFirst(),
      environment: known.merging(environment) { $1 }, captures: folder
    ).wait(seconds: 300)
  }

  private func expectRefused(_ ended: EndedProgram, _ words: [String]) {
    #expect(ended.code == 2, "\(ended.out)\(ended.err)")
    for word in words { #expect(ended.err.contains(word), "'\(word)' in: \(ended.err)") }
    #expect(!FileManager.default.fileExists(atPath: store))
  }

  @Test func anUnknownStage() throws {
    expectRefused(try call(["run", "week9"]), ["week9", "Did you mean 'week"])
    expectRefused(try call(["run", "featurise"]), ["featurise", "'featurize'"])
  }

  @Test(arguments: ["duckdb", "xgboost"])
  func aMissingTool(_ name: String) throws {
    let variable = "ATELIER_" + name.uppercased()
    let ended = try call(["run", "week5"], environment: [variable: "/nonexistent/tool"])
    expectRefused(ended, [name, "$\(variable) = /nonexistent/tool", "Correct the variable"])
  }

  @Test func aSecretIsNowhere() throws {
    let secret = "hush-\(UUID().uuidString)"
    let small = ["--set", "Atelier.users=200", "--set", "Atelier.batches=2"]
    let set = ["--set", "Authentication.client_secret=\(secret)"]
    let variable = ["ATELIER_AUTHENTICATION_CLIENT_SECRET": secret]
    var said = ""
    for verb in [["run", "week1", "--json"], ["run", "week1", "--verbose"]] {
      let ended = try call(verb + small + set)
      #expect(ended.code == 0, "\(ended.err)")
      said += ended.out + ended.err
    }
    for verb in [
      ["config", "--show-origin"], ["config", "--json"],
      ["config", "get", "Authentication.client_secret"], ["status", "week1"],
      ["explain", "week1.funnel"], ["graph", "--format", "json"],
    ] {
      for (words, environment) in [(verb + set, [:]), (verb, variable)] {
        let ended = try call(words + small, environment: environment)
        said += ended.out + ended.err
      }
    }
    #expect(!said.isEmpty)
    #expect(!said.contains(secret))
    let files = TestFiles.list(store)
    #expect(files.count > 10)
    let needle = Data(secret.utf8)
    for file in files {
      let data = try Data(contentsOf: URL(fileURLWithPath: "\(store)/\(file)"))
      #expect(data.range(of: needle) == nil, "\(file)")
    }
  }
}

// Every verb has help with examples, and every misspelt name gets the nearest one.
import AtelierTesting
import Content
import EndToEndHarness
import Testing

@Suite(.programs) struct HelpTests {
  private let space: FixtureSpace

  init() throws { space = try FixtureSpace([["name": "one.apple", "script": "echo a > $out"]]) }

  /// The verbs as the overview lists them.
  private func verbs() throws -> [String] {
    let overview = try space.call("--help").out
    let lines = overview.split(separator: "\n", omittingEmptySubsequences: false)
    let list = lines.drop { !$0.hasPrefix("usage:") }.prefix { $0 != "options of every command:" }
    return list.filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
      .compactMap { $0.split(separator: " ").first.map(String.init) }
  }

  @Test func everyVerbHasAPageWithExamplesOfItself() throws {
    let verbs = try verbs()
    #expect(verbs.count >= 20)
    for verb in verbs {
      for words in [[verb, "--help"], ["help", verb]] {
        let page = try RunningProgram(
          TestPrograms.fixture, words, environment: [:], captures: space.folder
        ).wait()
        #expect(page.code == 0)
        let parts = page.out.split(separator: "\nexamples:\n", maxSplits: 1)
        #expect(parts.count == 2 && parts[1].contains("atelier \(verb)"), "\(verb): \(page.out)")
      }
    }
  }

  /// One screen whole, so that a change of the form of all of them is seen.
  @Test func aPageOfHelp() throws {
    let page = try RunningProgram(
      TestPrograms.fixture, ["help", "verify"], environment: [:], captures: space.folder
    ).wait()
    #expect(
      page.out == """
        atelier verify: run steps again in a clean directory and compare the bytes

        usage: atelier verify [options] [workshop/]stage-or-step ...

        Exits 4 when an artifact differs, and names the first difference.

        options:
          -j, --jobs N                steps at a time (default: [Atelier] jobs, else
                                      cores)
              --json                  print JSON, one object per line

        options of every command:
          -w, --workshop NAME         the workshop (default: the first one, or the one
                                      that a target names)
              --config FILE           read this file instead of the config.ini
          -C, --directory DIR         the project: the folder that holds Workshops/
              --set Section.key=value a setting for this call
          -v, --verbose               more output
          -q, --quiet                 only data and errors
              --color WHEN            color text: auto (default), always, never
          -h, --help                  show help
          -V, --version               print the version

        examples:
          atelier verify week2
              are the features reproducible here?

        """)
  }

  /// A verb with its last letter doubled.
  @Test func everyMisspeltVerbIsSuggested() throws {
    for verb in try verbs() {
      let wrong = verb + verb.suffix(1)
      for words in [[wrong], ["help", wrong]] {
        let ended = try RunningProgram(
          TestPrograms.fixture, words, environment: [:], captures: space.folder
        ).wait()
        #expect(ended.code == 2)
        #expect(ended.err.contains("Did you mean '\(verb)'?"), "\(ended.err)")
      }
      let option = try space.call(verb, "--verbos", "one.apple")
      #expect(option.code == 2)
      #expect(option.err.contains("Did you mean '--verbose'?"), "\(verb): \(option.err)")
    }
  }

  @Test func everyVerbSuggestsAStep() throws {
    for verb in ["run", "status", "explain", "why", "show", "log", "graph", "verify", "shell"] {
      let ended = try space.call(verb, "one.aple")
      #expect(ended.code == 2, "\(verb): \(ended.err)")
      #expect(ended.err.contains("Did you mean 'one.apple'?"), "\(verb): \(ended.err)")
    }
  }

  @Test(arguments: [
    (["run", "frist"], "first"), (["run", "fixtur"], "fixture"),
    (["run", "fixtur/one"], "fixture"), (["run", "--cache", "of"], "off"),
    (["show", "one.apple.oot"], "out"), (["show", "one.apple", "--format", "cvs"], "csv"),
    (["graph", "--format", "mermiad"], "mermaid"), (["list", "runz"], "list runs"),
    (["config", "gett"], "config get"), (["config", "get", "Fixture.grap"], "Fixture.graph"),
    (["config", "set", "Fixture.grap=x"], "Fixture.graph"), (["completion", "fihs"], "fish"),
    (["stack", "deplyo"], "stack deploy"), (["new", "worskhop", "x"], "new workshop"),
    (["run", "--set", "Fixture.grap=x"], "Fixture.graph"),
  ])
  func otherNamesAreSuggested(_ words: [String], _ meant: String) throws {
    let ended = try space.start(words).wait()
    #expect(ended.code == 2)
    #expect(
      ended.err.contains("Did you mean '\(meant)'?")
        || ended.err.contains("did you mean \(meant)?"), "\(ended.err)")
  }
}

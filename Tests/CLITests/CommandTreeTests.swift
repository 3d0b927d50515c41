// The tree of verbs: every example is a command line that is understood, every option explained.
import AtelierTesting
import CLI
import CommandLine
import Project
import Testing

@Suite struct CommandTreeTests {
  private static let tree = Commands.tree(version: "1")
  private static let verbs = tree.nodes.filter { !$0.isHidden }.flatMap(\.verbs)

  @Test(
    arguments: verbs.flatMap { path, verb in
      verb.examples.map { ($0.command, path.joined(separator: " ")) }
    })
  func everyExampleIsUnderstood(_ line: String, _ path: String) throws {
    guard case .run(_, let call) = try Self.tree.parse(try Self.words(line)) else {
      Issue.record("not a call: \(line)")
      return
    }
    #expect(call.path.joined(separator: " ") == path)
  }

  /// The words behind `atelier`, as a shell splits them.
  private static func words(_ line: String) throws -> [String] {
    let start = try #require(line.firstRange(of: "atelier "))
    return ShellWords.split(line[start.upperBound...])
  }

  @Test func everyVerbSaysWhatItDoesAndItsOptionsHaveHelp() {
    for (path, verb) in Self.verbs {
      #expect(!verb.summary.isEmpty, "\(path)")
      let own = verb.parameters.map(\.description)
      for option in own where option.count == nil {
        #expect(!option.help.isEmpty, "\(option.name)")
      }
      let names = (own + Self.tree.globalParameters.map(\.description)).flatMap {
        [$0.name] + $0.aliases
      }
      #expect(Set(names).count == names.count, "\(path)")
      let letters = (own + Self.tree.globalParameters.map(\.description)).map(\.short)
        .filter { !$0.isEmpty }
      #expect(Set(letters).count == letters.count, "\(path)")
    }
    #expect(Self.tree.names.count < 32)
  }

  /// Each word makes what has its name, so that a call makes nothing else.
  @Test func everyEntryMakesWhatItIsCalled() {
    for entry in Self.tree.sections.flatMap(\.entries) {
      #expect(entry.make().name == entry.name)
    }
  }

  /// The written lists hold every declared parameter, in the order of the declarations.
  @Test func noParameterIsLeftOut() {
    func declared(_ value: Any) -> [String] {
      Mirror(reflecting: value).children.compactMap {
        ($0.value as? any Parameter)?.description.name
      }
    }
    for (path, verb) in Self.verbs {
      #expect(verb.parameters.map(\.description.name) == declared(verb), "\(path)")
    }
    #expect(Self.tree.globalParameters.map(\.description.name) == declared(Self.tree.globals))
  }

  @Test func helpFitsTheWidth() throws {
    for topic in ["run", "store gc", "features", "config list"] {
      let words = topic.split(separator: " ").map(String.init)
      guard case .help(let page) = try Self.tree.parse(["help"] + words) else {
        Issue.record("no help for \(topic)")
        continue
      }
      for width in [60, 80, 100] {
        let options = Self.tree.page(page, width: width).split(separator: "\n")
          .filter { $0.contains("--") && $0.hasPrefix("  ") }
        for line in options where !line.hasPrefix("  atelier") { #expect(line.count <= width) }
      }
    }
  }

  @Test func markdownNamesEveryVerb() {
    let page = Self.tree.markdown()
    for (path, verb) in Self.verbs where !verb.isHidden {
      #expect(page.contains("### \(path.joined(separator: " "))\n"))
    }
  }
}

// Every command line that a page shows is one that the program understands.
import AtelierTesting
import CLI
import CommandLine
import Foundation
import Project
import Testing

@Suite struct ShownCommandTests {
  private static let tree = Commands.tree(version: "")

  /// Command lines behind `$ ` in blocks, and in backticks between words.
  private static func shown(_ page: Page) -> [String] {
    let typed = page.blocks.flatMap { $0.text.components(separatedBy: "\n") }.filter {
      $0.hasPrefix("$ ")
    }.map { String($0.dropFirst(2)) }
    let quoted = page.prose.flatMap { line in
      line.text.components(separatedBy: "`").enumerated().filter { $0.offset % 2 == 1 }
        .map(\.element)
    }
    return (typed + quoted).compactMap { line in
      let words = line.hasPrefix(".build/release/") ? String(line.dropFirst(15)) : line
      return words.hasPrefix("atelier ") ? String(words.dropFirst(8)) : nil
    }
  }

  /// The words of a line, as a shell splits them; what is piped or redirected is left out.
  private static func words(_ line: String) -> [String] {
    let words = ShellWords.split(line)
    return words.last == "2" ? words.dropLast() : words
  }

  @Test func everyShownCommandIsUnderstood() throws {
    var count = 0
    for page in try Page.all() where page.path != "Sources/CLI/CLI.docc/Commands.md" {
      for line in Self.shown(page) {
        count += 1
        // A command that is only named has no arguments; its page of help is there.
        if (try? Self.tree.parse(["help"] + Self.words(line))) != nil { continue }
        #expect(throws: Never.self, "\(page.path): atelier \(line)") {
          _ = try Self.tree.parse(Self.words(line))
        }
      }
    }
    #expect(count > 60)
  }
}

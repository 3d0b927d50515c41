// What holds of every page: its links resolve, generated ones are up to date, the README is short.
import Abalone
import Atelier
import AtelierTesting
import CLI
import Churn
import CommandLine
import Foundation
import Project
import Propensity
import Retail
import Testing

@Suite struct PageTests {
  static let workshops: [any Workshop.Type] = [
    PropensityWorkshop.self, RetailWorkshop.self, ChurnWorkshop.self, AbaloneWorkshop.self,
  ]

  @Test func theReadmeIsAPage() throws {
    let lines = try Page("README.md").lines
    #expect(lines.count <= 151, "at most 150 lines and the end of the last")
    for (index, line) in lines.enumerated() where line.count > 100 {
      Issue.record("README.md:\(index + 1): \(line.count) columns")
    }
    #expect(lines.contains { $0.hasPrefix("make test ") }, "the command that CI runs")
  }

  @Test(
    "data 4: the README and the workshop's page lead with what its numbers have to be read with")
  func cautionsLead() throws {
    let caution = try #require(PropensityWorkshop.caution)
    let words = caution.dropLast().split(separator: " ")
    for (path, lines) in [("README.md", 14), ("Workshops/Propensity/README.md", 6)] {
      let head = try Page(path).lines.prefix(lines).joined(separator: " ")
        .split { $0 == " " || $0 == "*" || $0 == "(" || $0 == ")" }.joined(separator: " ")
      #expect(head.contains(words.joined(separator: " ")), "\(path): \(head)")
    }
  }

  @Test func everyLinkResolves() throws {
    let pages = try Page.all()
    var anchors: [String: Set<String>] = [:]
    for page in pages { anchors[page.path] = page.anchors }
    var count = 0
    for page in pages {
      for (line, link) in page.links where !link.contains("://") {
        count += 1
        let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let folder = "/" + page.path.split(separator: "/").dropLast().joined(separator: "/")
        let target =
          parts[0].isEmpty
          ? page.path
          : String(
            URL(fileURLWithPath: folder + "/" + parts[0]).standardizedFileURL.path.dropFirst())
        let isThere = FileManager.default.fileExists(atPath: TestTools.root + "/" + target)
        #expect(isThere, "\(page.path):\(line): no \(target)")
        if parts.count == 2 {
          let isAnchor = anchors[target]?.contains(String(parts[1])) == true
          #expect(isAnchor, "\(page.path):\(line): \(target) has no heading \(parts[1])")
        }
      }
    }
    #expect(count > 40)
  }

  @Test func everyCatalogueBeginsWithWhatItsModuleMayNotKnow() throws {
    let roots = try Page.all().filter { page in
      page.path.contains(".docc/") && page.lines[0].hasPrefix("# ``")
    }
    #expect(roots.count >= 14)
    for page in roots {
      let start = page.lines.prefix(12).joined(separator: " ")
      #expect(start.contains("may not "), "\(page.path)")
    }
  }

  @Test func theTableOfCommandsIsThatOfTheCode() throws {
    let page = try Page("Sources/CLI/CLI.docc/Commands.md")
    #expect(
      page.lines.joined(separator: "\n") == Commands.tree(version: "").markdown(),
      "run `make pages`")
  }

  @Test func theTableOfSettingsIsThatOfTheCode() throws {
    let page = try Page("Sources/CLI/CLI.docc/Settings.md")
    #expect(
      page.lines.joined(separator: "\n") == SettingsPage.markdown(Self.workshops),
      "run `make pages`")
  }
}

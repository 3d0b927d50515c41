// A page of the documentation, taken apart into text, links, headings and blocks of code.
import AtelierTesting
import Foundation

struct Page {
  /// A block of code; `marker` is the comment above it, such as `compiled by a test`.
  struct Block {
    let language: String
    let marker: String
    let text: String
    let line: Int
  }

  /// The path from the checkout's root.
  let path: String
  let lines: [String]
  private(set) var blocks: [Block] = []
  /// Lines that are not code, with their numbers.
  private(set) var prose: [(line: Int, text: String)] = []

  init(_ path: String) throws {
    self.path = path
    lines = try String(contentsOfFile: TestTools.root + "/" + path, encoding: .utf8)
      .components(separatedBy: "\n")
    var open: (language: String, marker: String, start: Int, lines: [String])?
    var marker = ""
    for (index, line) in lines.enumerated() {
      if let block = open {
        if line == "```" {
          blocks.append(
            Block(
              language: block.language, marker: block.marker,
              text: block.lines.joined(separator: "\n"), line: block.start))
          open = nil
        } else {
          open?.lines.append(line)
        }
      } else if line.hasPrefix("```") {
        open = (String(line.dropFirst(3)), marker, index + 1, [])
        marker = ""
      } else {
        let isMarker = line.hasPrefix("<!-- ") && line.hasSuffix(" -->")
        marker = isMarker ? String(line.dropFirst(5).dropLast(4)) : line.isEmpty ? marker : ""
        if !isMarker { prose.append((index + 1, line)) }
      }
    }
  }

  /// The README, the pages of all catalogues, and those of the workshops and tests.
  static func all() throws -> [Page] {
    var paths = ["README.md", ".bench/README.md"]
    for folder in ["Sources", "Steps", "Workshops", "Tests"] {
      let found = FileManager.default.enumerator(atPath: TestTools.root + "/" + folder)
      while let path = found?.nextObject() as? String {
        if path.hasSuffix(".md") { paths.append(folder + "/" + path) }
      }
    }
    return try paths.sorted().map { try Page($0) }
  }

  /// Destinations of links, with their lines.
  var links: [(line: Int, destination: String)] {
    prose.flatMap { line, text in
      Self.withoutCode(text).components(separatedBy: "](").dropFirst().compactMap { rest in
        rest.firstIndex(of: ")").map { (line, String(rest[..<$0])) }
      }
    }
  }

  /// The anchors of the headings, as GitHub makes them.
  var anchors: Set<String> {
    Set(
      prose.filter { $0.text.hasPrefix("#") }.map { heading in
        heading.text.drop { $0 == "#" || $0 == " " }.lowercased()
          .filter { $0.isLetter || $0.isNumber || "-_ ".contains($0) }
          .replacing(" ", with: "-")
      })
  }

  private static func withoutCode(_ text: String) -> String {
    text.components(separatedBy: "`").enumerated().filter { $0.offset % 2 == 0 }
      .map(\.element).joined()
  }
}

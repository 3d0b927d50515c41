// The table of a workshop's scripts: what the compiler reads out of it is what lies in the folder.
import AtelierTesting
import CodeGeneration
import Foundation
import Testing

@Suite struct ScriptTableTests {
  /// Texts of every kind of character that a literal could mistake.
  @Test func compilesToTheTexts() throws {
    var generator = SeededGenerator(state: FuzzBudget("texts as literals", count: 1).seed)
    let pieces: [String] = [
      "\"", "\\", "\"\"\"", "#", "\\(", ")", "\r", "\n", "\r\n", "\u{0}", "\t", "\u{7f}", "\u{85}",
      "\u{2028}", "\u{feff}", "\u{301}", "\u{1f600}", "\u{10ffff}", "ä", "a", " ", "'", "$", "`",
      "//", "/*", "*/", "#\"", "\"#", "\\u{41}", "\u{202e}",
    ]
    var files = ["empty.sql": "", "deep/er.py": "print(1)\n", "odd \" \\ name": "x"]
    for number in 0..<200 {
      files["\(number)"] = (0..<Int.random(in: 1...12, using: &generator)).map { _ in
        pieces.randomElement(using: &generator) ?? ""
      }.joined()
    }
    let table = try ScriptTable(
      workshop: "Demo", folder: "Scripts", files: files.mapValues { Array($0.utf8) })

    let folder = try TemporaryFolder()
    try TestFiles.write(Array(table.source.utf8), to: folder("Scripts.generated.swift"))
    let program = """
      enum Demo {}
      @main enum Program {
        static func main() {
          for (name, text) in Demo.scripts {
            print(name.utf8.map { String($0) }.joined(separator: " "), terminator: "=")
            print(text.utf8.map { String($0) }.joined(separator: " "))
          }
        }
      }

      """
    try TestFiles.write(Array(program.utf8), to: folder("Program.swift"))
    try Compiler.run("-o", "program", "Program.swift", "Scripts.generated.swift", in: folder)
    let found = try Compiler.output(of: folder("program"))
    let expected = files.map { name, text in
      [name, text].map { $0.utf8.map { String($0) }.joined(separator: " ") }.joined(separator: "=")
    }
    #expect(found.split(separator: "\n").map(String.init).sorted() == expected.sorted())
  }

  @Test func isSwiftWithoutFiles() throws {
    let source = try ScriptTable(workshop: "Demo", folder: "Scripts", files: [:]).source
    #expect(source.contains("[String: String] = [\n    :\n  ]"))
  }

  @Test func refusesBytesThatAreNoText() {
    #expect(throws: GenerationError.notUTF8(path: "Workshops/Demo/Scripts/a.py")) {
      try ScriptTable(
        workshop: "Demo", folder: "Workshops/Demo/Scripts", files: ["a.py": [0x61, 0xff]])
    }
    #expect(
      GenerationError.notUTF8(path: "Workshops/Demo/Scripts/a.py").description
        == "Workshops/Demo/Scripts/a.py is not UTF-8 text; save it as UTF-8, or move it out of the "
        + "folder")
  }

  @Test(arguments: [
    ("public enum Sales: Workshop {}", "Sales"),
    ("struct Sales : Sendable, Workshop {}", "Sales"),
    ("// enum A: Workshop {}\nlet a = \"enum B: Workshop\"\nenum C: Workshop {}", "C"),
    ("enum A { enum B: Workshop {} }\nenum C: Workshop {}", "C"),
  ]) func findsTheType(_ source: String, _ name: String) throws {
    let other = "public struct Settings: Sendable { var workshop: Workshop }"
    #expect(
      try WorkshopType.name(target: "T", sources: [other, source].map { Array($0.utf8) }) == name)
  }

  @Test(arguments: [
    ([], []),
    (["enum A: Other {}", "let a: Workshop"], []),
    (["enum B: Workshop {}", "enum A: Workshop {}"], ["A", "B"]),
  ]) func refusesAnotherNumberOfTypes(_ sources: [String], _ found: [String]) {
    #expect(throws: GenerationError.workshopType(target: "T", found: found)) {
      try WorkshopType.name(target: "T", sources: sources.map { Array($0.utf8) })
    }
  }
}

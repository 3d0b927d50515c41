// The texts that a target embeds: the words that sources name them by, and what cannot be embedded.
import AtelierTesting
import CodeGeneration
import Foundation
import Testing

@Suite struct EmbeddedFilesTests {
  @Test func compilesToTheBytes() throws {
    let texts = ["Page/main.js": "let a = \"\\n\"\r\n", "Page/a-b.css": "ä", "3rd.yaml": ""]
    let embedded = try EmbeddedFiles(folder: "Demo", files: texts.mapValues { Array($0.utf8) })
    let folder = try TemporaryFolder()
    try TestFiles.write(Array(embedded.source.utf8), to: folder("Texts.generated.swift"))
    let program = """
      @main enum Program {
        static func main() {
          for bytes in [
            PackageResources.main_js, PackageResources.a_b_css, PackageResources._3rd_yaml,
          ] { print(bytes) }
        }
      }

      """
    try TestFiles.write(Array(program.utf8), to: folder("Program.swift"))
    try Compiler.run("-o", "program", "Program.swift", "Texts.generated.swift", in: folder)
    let expected = ["Page/main.js", "Page/a-b.css", "3rd.yaml"].map {
      "\(Array(texts[$0, default: "?"].utf8))\n"
    }
    #expect(try Compiler.output(of: folder("program")) == expected.joined())
  }

  @Test func twoFilesOfOneWordAndWhatIsNoTextAreRefused() throws {
    #expect(
      throws: GenerationError.fileNames(
        folder: "Demo", one: "Page/a-b.js", other: "Page/a.b.js", name: "a_b_js")
    ) {
      _ = try EmbeddedFiles(folder: "Demo", files: ["Page/a.b.js": [], "Page/a-b.js": []])
    }
    #expect(throws: GenerationError.notUTF8(path: "Demo/Page/x")) {
      _ = try EmbeddedFiles(folder: "Demo", files: ["Page/x": [0xFF]])
    }
  }
}

// Sources that no compiler would take: the reader of declarations refuses them or goes on, and ends.
import AtelierTesting
import Testing

@testable import CodeGeneration
@testable import Fingerprint

@Suite struct DeclarationFuzzTests {
  @Test func mutatedSources() throws {
    let corpus = Sample.all.filter { $0.path.hasPrefix("Steps/") && $0.bytes.count < 4000 }
      .prefix(40).map(\.bytes)
    let found = try FuzzBudget("the reader of declarations", count: 1000).run(
      corpus: Array(corpus),
      words: [
        "struct", "extension", "var", "let", "init", "func", "case", "{", "}", "(", ")", "<", ">",
        ":", "=", ",", "@", ".", "#if A\n", "#endif", "where", "import", "private", "class", ";",
      ]
    ) { bytes in
      do {
        let file = try SourceFile(path: "A.swift", bytes: bytes)
        let family = try Family(name: "Demo", sources: [file])
        for step in family.steps { _ = (try step.types(), try step.initializer()) }
      } catch {
        guard "\(error)".utf8.count < 100_000 else { throw BrokenProperty("a message without end") }
        return false
      }
      return true
    }
    #expect(found.accepted > 100 && found.refused > 100, "\(found)")
  }

  /// Each beginning of a source: the reader does not go past the end.
  @Test func cutSources() throws {
    let samples = Sample.all.filter { $0.path.hasPrefix("Steps/Train/") }.prefix(2)
    for sample in samples {
      for token in sample.tokens {
        let bytes = Array(sample.bytes[..<token.range.upperBound])
        let file = try SourceFile(path: "A.swift", bytes: bytes)
        _ = try? Family(name: "Demo", sources: [file])
      }
    }
    #expect(samples.count == 2)
  }
}

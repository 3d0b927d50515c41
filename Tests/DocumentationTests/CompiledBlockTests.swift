// Blocks of Swift that a page marks with `compiled by a test`: the compiler accepts each of them.
import AtelierTesting
import Testing

@Suite(.serialized) struct CompiledBlockTests {
  /// What a page leaves to the reader: imports, formats, and what the build generates in a family.
  private static let context = """
    import Atelier
    import AtelierStep
    import Command
    import Foundation
    import LearningFormats
    import PropensityFormats
    enum SalesTable: CSVFormat {}
    enum RowCount: CSVFormat {}
    enum Model: ArtifactFormat {
      static let mediaType = "application/octet-stream", fileExtension = "bin"
    }
    extension Step {
      public static var code: CodeFingerprint { CodeFingerprint(family: "T", digest: "", compiler: "") }
    }
    enum SQLFile { static let daily = Script(name: "daily.sql", text: "") }

    """

  private static func marked() throws -> [(page: String, text: String)] {
    let pages = try Page.all()
    return pages.compactMap { page in
      let blocks = page.blocks.filter { $0.marker == "compiled by a test" }
      let text = blocks.map(\.text).joined(separator: "\n")
      return blocks.isEmpty ? nil : (page.path, text)
    }
  }

  @Test func everyMarkedBlockCompiles() throws {
    let pages = try Self.marked()
    #expect(pages.count >= 3)
    for (page, text) in pages {
      #expect(try Typechecker().errors(in: Self.context + text) == [], "\(page)")
    }
  }

  @Test func aModelInPlaceOfATableDoesNot() throws {
    let readme = try #require(try Self.marked().first { $0.page == "README.md" }?.text)
    let wrong = readme.replacing("as: SalesTable.self", with: "as: Model.self")
    #expect(wrong != readme)
    #expect(
      try Typechecker().errors(in: Self.context + wrong) == [
        "cannot convert value of type 'Artifact<Model>' to expected argument type 'Artifact<SalesTable>'"
      ])
  }
}

// How a page is taken apart and compared. The pages themselves are followed in RebuildTests, where
// a built copy of the checkout is.
import EndToEndHarness
import Testing

@Suite struct TutorialTests {
  @Test func commandsFilesAndEdits() throws {
    let page = try Tutorial(
      """
      Words, and `code`:
      more words.
      ```sh
      $ one
      said
      $ two
      ```

      `a/b.txt`:

      ```text
      first

      second
      ```
      `a/b.txt`:
      ```diff
       first
      -second
      +third
      ```
      """, name: "page")
    #expect(
      page.parts.map(\.part) == [
        .run("one", shows: ["said"]), .run("two", shows: []),
        .write(path: "a/b.txt", text: "first\n\nsecond\n"),
        .edit(path: "a/b.txt", old: "first\nsecond\n", new: "first\nthird\n"),
      ])
    #expect(page.parts.map(\.line) == [3, 3, 11, 17])
  }

  @Test func aBlockWithoutAFileIsRefused() {
    #expect(throws: ProgramError.self) {
      try Tutorial("Words:\n```swift\nlet a = 1\n```\n", name: "")
    }
  }

  @Test(arguments: [
    ([], "anything"), (["a  b"], "a b\n"), (["took 0.5 s"], "took 12 s"),
    (["...", "c"], "a\nb\nc"),
    (["a", "..."], "a\nb\nc"), (["a", "...", "c"], "a\nc"), (["a ... c", "d"], "a b c\nd"),
    (["a..."], "abc"), (["...c"], "abc"),
  ])
  func theseAreShown(_ lines: [String], _ output: String) {
    #expect(Tutorial.shows(lines, in: output))
  }

  @Test(arguments: [
    (["a"], ""), (["a"], "a\nb"), (["b"], "a\nb"), (["a", "b"], "a"), (["...", "d"], "a\nb\nc"),
    (["a ... d"], "a b c"), (["a"], "ab"), (["took 0.5 s", "b"], "took 12 s"),
    (["...", "a"], "a\nb"),
    (["5 rows"], "6 rows"), (["...b"], "abc"),
  ])
  func theseAreNot(_ lines: [String], _ output: String) {
    #expect(!Tutorial.shows(lines, in: output))
  }
}

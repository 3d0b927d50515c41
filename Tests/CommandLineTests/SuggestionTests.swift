// What is suggested for a misspelt word.
import Testing

@testable import CommandLine

@Suite struct SuggestionTests {
  @Test(arguments: [
    ("", "", 0), ("a", "", 1), ("", "abc", 3), ("kitten", "sitting", 3), ("status", "status", 0),
    ("statsu", "status", 1), ("ab", "ba", 1), ("week1", "week2", 1),
  ])
  func distanceCountsEdits(_ a: String, _ b: String, _ edits: Int) {
    #expect(Suggestion.distance(a, b) == edits)
    #expect(Suggestion.distance(b, a) == edits)
  }

  @Test func theNearestWithinAThirdIsSuggested() {
    let verbs = ["run", "status", "explain", "verify"]
    #expect(Suggestion.nearest(to: "stauts", among: verbs) == "status")
    #expect(Suggestion.nearest(to: "EXPLIAN", among: verbs) == "explain")
    #expect(Suggestion.nearest(to: "rum", among: verbs) == "run")
    #expect(Suggestion.nearest(to: "delete", among: verbs) == nil)
    #expect(
      Suggestion.text(for: "jbos", among: ["jobs"], prefix: "--") == " Did you mean '--jobs'?")
    #expect(Suggestion.text(for: "x-ray", among: []) == "")
  }
}

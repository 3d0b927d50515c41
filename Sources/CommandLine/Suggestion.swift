// Finds the name that a misspelt word was probably meant to be.
import Names

package enum Suggestion {
  /// The nearest candidate within a third of the word's length, at least one edit.
  package static func nearest(to word: String, among candidates: [String]) -> String? {
    // Nobody misspells so much at a time, and the work grows with the length.
    guard word.utf8.count <= 200 else { return nil }
    let limit = max(1, word.count / 3)
    return candidates.map { ($0, distance(word.lowercased(), $0.lowercased())) }
      .filter { $0.1 <= limit }.min { $0.1 < $1.1 }?.0
  }

  /// ` Did you mean 'x'?`, or nothing.
  package static func text(for word: String, among candidates: [String], prefix: String = "")
    -> String
  {
    nearest(to: word, among: candidates).map { " Did you mean '\(prefix)\($0)'?" } ?? ""
  }

  /// Edits (insert, delete, replace, swap of neighbours) between two words.
  package static func distance(_ a: String, _ b: String) -> Int {
    EditDistance.between(Array(a.utf8), Array(b.utf8), swaps: true)
  }
}

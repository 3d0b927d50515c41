// Finds the name that a misspelt word was probably meant to be.

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
    let a = Array(a.utf8)
    let b = Array(b.utf8)
    var before: [Int] = []
    var above = Array(0...b.count)
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        var best = min(above[j + 1] + 1, row[j] + 1, above[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, before[j - 1] + 1) }
        row.append(best)
      }
      before = above
      above = row
    }
    return above[b.count]
  }
}

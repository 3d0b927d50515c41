// Finds the name that a misspelled one was meant to be. It knows nothing of configuration.
import Names

/// Edit distances between names, without regard to case.
enum Spelling {
  /// The closest candidate, the first of equals; nil if there is none.
  static func nearest(to name: String, among candidates: [String]) -> String? {
    // Nobody misspells so much at a time, and the work grows with the length.
    guard name.utf8.count <= 200 else { return nil }
    return candidates.min { distance($0, name) < distance($1, name) }
  }

  /// The closest candidate that is likely what was meant; nil if every one is another word.
  static func likely(_ name: String, among candidates: [String]) -> String? {
    nearest(to: name, among: candidates).flatMap { isClose($0, name) ? $0 : nil }
  }

  /// Whether at most two edits lie between the names; one, where a name has three letters or less.
  static func isClose(_ a: String, _ b: String) -> Bool {
    distance(a, b) <= (min(a.count, b.count) <= 3 ? 1 : 2)
  }

  /// The count of insertions, deletions and replacements between the names in lower case.
  static func distance(_ a: String, _ b: String) -> Int {
    EditDistance.between(Array(a.lowercased()), Array(b.lowercased()))
  }
}

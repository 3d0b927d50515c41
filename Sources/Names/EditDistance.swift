// How many edits lie between two words. It knows nothing of what the words mean.

/// Edits between words, element by element.
public enum EditDistance {
  /// The least count of insertions, deletions and replacements; with `swaps` an exchange of two
  /// neighbours is one edit, too.
  public static func between<Element: Equatable>(
    _ a: [Element], _ b: [Element], swaps: Bool = false
  ) -> Int {
    var before: [Int] = []
    var above = Array(0...b.count)
    for i in 0..<a.count {
      var row = [i + 1]
      row.reserveCapacity(b.count + 1)
      for j in 0..<b.count {
        var best = min(above[j + 1] + 1, row[j] + 1, above[j] + (a[i] == b[j] ? 0 : 1))
        if swaps, i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          best = min(best, before[j - 1] + 1)
        }
        row.append(best)
      }
      before = above
      above = row
    }
    return above[b.count]
  }
}

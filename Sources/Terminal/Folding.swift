// Keeps a stream of similar lines short: the first few are shown, the others counted.

/// Blocks of lines by group: which are shown, and what is said of the others at the end.
package struct Folding {
  /// Groups that show lines of their own; later ones only count.
  package static let groups = 12
  /// So few are shown at the end after all, since a line that counts them is no shorter.
  package static let few = 2

  private struct Group {
    let sentence: String
    var seen = 0
    /// The first blocks that were not shown.
    var held: [[StyledLine]] = []
  }

  /// How many blocks of a group are shown.
  package let limit: Int
  private var byName: [String: Group] = [:]
  private var order: [String] = []
  private var others = 0

  package init(limit: Int) { self.limit = limit }

  /// The lines to show now; none where the block is only counted.
  ///
  /// `sentence` ends a line such as `97 more built in week4: first run`.
  package mutating func admit(
    _ block: [StyledLine], group name: String, sentence: @autoclosure () -> String
  ) -> [StyledLine] {
    if limit == .max { return block }
    if byName[name] == nil {
      guard order.count < Self.groups else {
        others += 1
        return []
      }
      byName[name] = Group(sentence: sentence())
      order.append(name)
    }
    byName[name]?.seen += 1
    let seen = byName[name]?.seen ?? 0
    if seen <= limit { return block }
    if seen <= limit + Self.few { byName[name]?.held.append(block) }
    return []
  }

  /// What is left to say at the end.
  package var rest: [StyledLine] {
    var lines: [StyledLine] = []
    for group in order.compactMap({ byName[$0] }) where group.seen > limit {
      let hidden = group.seen - limit
      lines +=
        hidden == group.held.count
        ? group.held.flatMap(\.self) : [StyledLine("\(hidden) more \(group.sentence)", .dim)]
    }
    if others > 0 { lines.append(StyledLine("\(others) more of other kinds", .dim)) }
    return lines
  }
}

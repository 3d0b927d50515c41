// A run without order: how every node must end, by what it needs and how its work ends.
import Content
import RunStates
import Scheduling

/// A graph with what its nodes do when they are worked on.
struct Script {
  /// What each node needs; all numbers are lower than its own.
  var dependencies: [[Int]] = []
  /// nil for a publication, which no other node shares.
  var keys: [ActionKey?] = []
  /// Nodes in the arm of a branch that is not taken.
  var notTaken: Set<Int> = []
  /// Keys whose work fails, and publications that fail.
  var failingKeys: Set<ActionKey> = []
  var failingNodes: Set<Int> = []
}

/// How each node must end where nothing stops the run.
struct RunModel {
  /// One of several nodes of a failing key fails, the others are skipped: these are the groups.
  private(set) var failing: [ActionKey: Set<Int>] = [:]
  private(set) var ends: [RunState.End?] = []

  init(_ script: Script) {
    for index in script.dependencies.indices {
      ends.append(end(of: index, script))
    }
  }

  /// nil for a member of a failing group.
  private mutating func end(of index: Int, _ script: Script) -> RunState.End? {
    guard script.dependencies[index].allSatisfy({ ends[$0] == .usable }) else { return .skipped }
    if script.notTaken.contains(index) { return .notTaken }
    guard let key = script.keys[index] else {
      return script.failingNodes.contains(index) ? .failed : .usable
    }
    guard script.failingKeys.contains(key) else { return .usable }
    failing[key, default: []].insert(index)
    return nil
  }

  /// What does not agree with the ends of a run.
  func differences(from found: [RunState.Node]) -> [String] {
    var differences: [String] = []
    for (index, end) in ends.enumerated() {
      guard let end else { continue }
      if found[index] != .ended(end) {
        differences.append("node \(index): expected \(end), found \(found[index])")
      }
    }
    for (key, group) in failing {
      let failed = group.count { found[$0] == .ended(.failed) }
      let skipped = group.count { found[$0] == .ended(.skipped) }
      if failed != 1 || failed + skipped != group.count {
        differences.append("key \(key): \(failed) failed and \(skipped) skipped of \(group.count)")
      }
    }
    return differences
  }
}

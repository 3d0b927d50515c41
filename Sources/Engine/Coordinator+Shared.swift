// What a run does about a store that other machines share: asks it for steps that are not here,
// waits for uploads, and keys again what rested on a result that lost against an earlier one.
import Atelier
import Content
import RemoteCache

/// Steps that the shared store is asked for.
struct Asking {
  /// Made when the first step is not here: a run of hits needs no thread.
  fileprivate var pool: SlotPool?
  fileprivate var causes: [Int: RunCause] = [:]
  fileprivate(set) var count = 0
}

extension Coordinator {
  /// Asks the shared store for a step; others of the same key wait beside it.
  func ask(_ shared: SharedStore, _ index: Int, _ action: Action, _ cause: RunCause?) {
    guard let pool = asking.pool ?? (try? SlotPool(count: 8)) else {
      mustRun(index, action, cause)
      return
    }
    asking.pool = pool
    asking.causes[index] = cause
    asking.count += 1
    states[index] = .running
    let mailbox = self.mailbox
    pool.run { mailbox.post(.asked(index, shared.lookup(action.key))) }
  }

  func finishAsking(_ index: Int, _ result: ActionResult?) {
    asking.count -= 1
    guard let action = actions[index] else { return }
    guard let result else {
      mustRun(index, action, asking.causes[index])
      return
    }
    finished[action.key] = result.withoutDocument
    let twins = building.removeValue(forKey: action.key) ?? []
    for node in [index] + twins { settleHit(node, result, isFromRemote: true) }
  }

  // MARK: - The end of a run

  /// Commits, waits for the uploads, and works again for as long as results lose against others.
  func finishUploads() throws {
    try runner.commit()
    while let message = mailbox.nextIfAny() { handle(message) }
    guard let shared = environment.shared else { return }
    var known = 0
    while true {
      _ = try shared.drain(isCancelled: { token.isCancelled })
      while let message = mailbox.nextIfAny() { handle(message) }
      let conflicts = shared.conflicts.dropFirst(known)
      if conflicts.isEmpty { return }
      known += conflicts.count
      for conflict in conflicts { yield(to: conflict) }
      work()
      try runner.commit()
    }
  }

  /// Says what the next run has to upload.
  func sayWhatRemains() throws {
    guard let shared = environment.shared else { return }
    let remaining = try shared.drain(isCancelled: { token.isCancelled })
    while let message = mailbox.nextIfAny() { handle(message) }
    guard remaining > 0 else { return }
    report(
      .notice(
        "\(remaining) \(remaining == 1 ? "object is" : "objects are") not in "
          + "\(shared.remote.name) yet; the next run uploads what is left"))
  }

  /// The steps of this run whose results lost against others.
  var irreproducible: [String] {
    let keys = Set((environment.shared?.conflicts ?? []).map(\.ours.key))
    guard !keys.isEmpty else { return [] }
    return reports.filter { report in report.key.map { keys.contains($0) } ?? false }.map(\.name)
  }

  /// Takes the result that was there first and opens again all nodes that rest on ours.
  private func yield(to conflict: ResultConflict) {
    let key = conflict.ours.key
    finished[key] = conflict.theirs.withoutDocument
    let roots = selection.nodes.filter { index in
      if case .settled(let report, _)? = states[index] { report.key == key } else { false }
    }
    let names = roots.map { graph.nodes[$0].name }.joined(separator: ", ")
    report(
      .notice(
        "\(names) is not reproducible: another run made other bytes of the same key and was first; "
          + "its result counts, this one is put aside (\(Self.differences(conflict)))"))
    var reopened: Set<Int> = []
    var open = roots
    while let index = open.popLast() {
      for user in users[index] where reopened.insert(user).inserted { open.append(user) }
    }
    let affected = reopened.union(roots)
    let affectedNames = Set(affected.map { graph.nodes[$0].name })
    reports.removeAll { affectedNames.contains($0.name) }
    for index in reopened {
      deliveries[index] = nil
      actions[index] = nil
      states[index] = .waiting(
        unsettled: graph.nodes[index].dependencies.count { affected.contains($0) })
    }
    for index in roots { settleHit(index, conflict.theirs, isFromRemote: true) }
  }

  private static func differences(_ conflict: ResultConflict) -> String {
    conflict.ours.outputs.sorted { $0.key < $1.key }.compactMap { name, ours in
      guard let theirs = conflict.theirs.outputs[name], theirs != ours else { return nil }
      return "\(name): ours \(ours.digest.hex.prefix(12)), theirs \(theirs.digest.hex.prefix(12))"
    }.joined(separator: "; ")
  }
}

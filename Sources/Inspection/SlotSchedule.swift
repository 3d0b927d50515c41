// A run played through with known times: when each step would end.

/// When steps end that wait for each other and share some slots.
///
/// A free slot takes the first step in order that is ready; where none is, the one that becomes ready first.
package struct SlotSchedule {
  /// By step, the seconds from the beginning to its end; steps that wait in a circle have none.
  package private(set) var ends: [Int: Double] = [:]

  private struct Waiting: Comparable {
    let ready: Double
    let step: Int

    static func < (one: Waiting, other: Waiting) -> Bool {
      (one.ready, one.step) < (other.ready, other.step)
    }
  }

  /// - Parameters:
  ///   - dependencies: by step, the steps among these that it waits for.
  ///   - seconds: by step; those that are not named take none.
  ///   - slots: how many run at a time.
  package init(_ dependencies: [Int: [Int]], seconds: [Int: Double], slots: Int) {
    var users: [Int: [Int]] = [:]
    var open: [Int: Int] = [:]
    var later = MinHeap<Waiting>()
    for (step, needed) in dependencies {
      let needed = Set(needed)
      open[step] = needed.count
      if needed.isEmpty { later.insert(Waiting(ready: 0, step: step)) }
      for one in needed { users[one, default: []].append(step) }
    }
    // Ready at the moment when a slot is free, in order; that moment never goes back.
    var now = MinHeap<Int>()
    var slots = [Double](repeating: 0, count: max(1, slots))
    while let slot = slots.indices.min(by: { slots[$0] < slots[$1] }) {
      while let next = later.first, next.ready <= slots[slot] {
        _ = later.popFirst()
        now.insert(next.step)
      }
      let begun: Waiting
      if let step = now.popFirst() {
        begun = Waiting(ready: slots[slot], step: step)
      } else if let next = later.popFirst() {
        begun = next
      } else {
        return
      }
      let end = begun.ready + (seconds[begun.step] ?? 0)
      ends[begun.step] = end
      slots[slot] = end
      for user in users[begun.step] ?? [] {
        let left = (open[user] ?? 0) - 1
        open[user] = left
        guard left == 0 else { continue }
        let ready = (dependencies[user] ?? []).compactMap { ends[$0] }.max() ?? 0
        later.insert(Waiting(ready: ready, step: user))
      }
    }
  }
}

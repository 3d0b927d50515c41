// How long a run would take: the same as by the plain rule, step by step.
import AtelierTesting
import Inspection
import Testing

@Suite struct SlotScheduleTests {
  /// The rule as it is written: of all steps whose needs have ended the one that can start first, in order.
  private static func plain(
    _ dependencies: [Int: [Int]], _ seconds: [Int: Double], _ count: Int
  ) -> [Int: Double] {
    var ends: [Int: Double] = [:]
    var slots = [Double](repeating: 0, count: count)
    while true {
      let free = slots.min() ?? 0
      let ready = dependencies.keys.sorted().filter { step in
        ends[step] == nil && (dependencies[step] ?? []).allSatisfy { ends[$0] != nil }
      }.map { step in
        (step, max(free, (dependencies[step] ?? []).compactMap { ends[$0] }.max() ?? 0))
      }
      guard let next = ready.min(by: { $0.1 < $1.1 }), let slot = slots.firstIndex(of: free) else {
        return ends
      }
      ends[next.0] = next.1 + (seconds[next.0] ?? 0)
      slots[slot] = ends[next.0] ?? 0
    }
  }

  @Test func randomGraphsEndAsByTheRule() {
    var random = SeededGenerator(state: 11)
    for _ in 0..<300 {
      let count = Int.random(in: 0...25, using: &random)
      var dependencies: [Int: [Int]] = [:]
      var seconds: [Int: Double] = [:]
      for step in 0..<count {
        let needed = (0..<Int.random(in: 0...3, using: &random)).map { _ in
          Int.random(in: 0...step, using: &random)
        }
        dependencies[step] = needed.filter { $0 != step }
        seconds[step] = Double(Int.random(in: 0...4, using: &random))
      }
      let slots = Int.random(in: 1...4, using: &random)
      #expect(
        SlotSchedule(dependencies, seconds: seconds, slots: slots).ends
          == Self.plain(dependencies, seconds, slots))
    }
  }

  @Test func aCircleHasNoEnd() {
    #expect(SlotSchedule([0: [1], 1: [0], 2: []], seconds: [2: 3], slots: 1).ends == [2: 3])
  }

  /// Long chains and wide fans end; by the plain rule these would take minutes.
  @Test(.timeLimit(.minutes(10))) func manyStepsEnd() {
    let count = 20_000
    let chain = Dictionary(uniqueKeysWithValues: (0..<count).map { ($0, $0 == 0 ? [] : [$0 - 1]) })
    let seconds = Dictionary(uniqueKeysWithValues: (0..<count).map { ($0, 1.0) })
    #expect(SlotSchedule(chain, seconds: seconds, slots: 2).ends[count - 1] == Double(count))
    let fan = Dictionary(uniqueKeysWithValues: (0..<count).map { ($0, [Int]()) })
    #expect(
      SlotSchedule(fan, seconds: seconds, slots: 2).ends.values.max() == Double(count / 2))
  }
}

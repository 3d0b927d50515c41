// Lines about long steps, where nobody sees a live view.
import Synchronization
import Testing

@testable import RunDisplay

@Suite struct LongStepsTests {
  @Test func whatRunsLongIsToldOfUntilItEnds() async throws {
    let lines = Mutex<[String]>([])
    // A step that is told of is there at once: a pause of no time.
    let long = LongSteps(pause: 0) { line in lines.withLock { $0.append(line) } }
    long.started("a.slow")
    long.progressed("a.slow", 0.25)
    for _ in 0..<100_000 where !lines.withLock({ $0.contains { $0.contains("25 % done") } }) {
      await Task.yield()
    }
    #expect(lines.withLock { $0.contains { $0.contains("a.slow runs since") } })
    #expect(lines.withLock { $0.contains { $0.hasSuffix(", 25 % done") } })
    long.finished("a.slow")
    long.end()
  }

  @Test func whatEndsSoonIsNotToldOf() {
    let lines = Mutex<[String]>([])
    let long = LongSteps { line in lines.withLock { $0.append(line) } }
    for number in 0..<100 {
      long.started("a.\(number)")
      long.finished("a.\(number)")
    }
    long.end()
    #expect(lines.withLock { $0 } == [])
  }
}

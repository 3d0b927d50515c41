// The model of the live view: which lines stay, and how long a run will take.
import AtelierTesting
import Content
import Testing

@testable import Inspection
@testable import RunDisplay
@testable import Terminal
@testable import Execution
@testable import Engines
@testable import Planning
@testable import Scheduling

@Suite struct LiveViewTests {
  private func plan(_ names: [String]) -> RunPlan {
    RunPlan(names.map { RunPlan.Node(name: $0, isStep: true) })
  }

  private func report(
    _ name: String, _ status: NodeStatus, _ cause: RunCause = .firstRun, message: String? = nil
  ) -> NodeReport {
    var report = NodeReport(name: name, status: status)
    report.explanation = Explanation(cause: cause)
    report.seconds = 1
    report.message = message
    return report
  }

  private func lines(_ reports: [NodeReport], verbose: Bool = false) -> [String] {
    var view = LiveView(
      plan(reports.map(\.name)), workshop: "w", slots: 2, verbose: verbose)
    view.take(.began(id: "1", nodes: reports.count), width: 80, now: 0)
    for report in reports { view.take(.finished(report), width: 80, now: 1) }
    view.take(
      .ended(
        RunSummary(
          id: "1", outcome: .ok, hits: 0, built: 0, failed: 0, skipped: 0, seconds: 2)),
      width: 80, now: 2)
    return view.takeLines().map(\.text)
  }

  @Test func fiveBuiltStepsHaveALineEach() {
    let lines = lines((0..<5).map { report("one.a.\($0)", .built) })
    #expect(lines.count == 6)
    #expect(lines[4] == "[5/5] one.a.4                  built    1.00 s  first run")
    #expect(lines[5] == "w: 0 cached, 0 ran in 2.00 s")
  }

  @Test func fiveThousandAreFoldedByStageAndReason() {
    let reports = (0..<5000).map {
      report("\($0 % 2 == 0 ? "one" : "two").a.\($0)", .built, $0 < 4996 ? .firstRun : .cacheOff)
    }
    let lines = lines(reports)
    #expect(lines.count == 3 + 3 + 4 + 2 + 1)
    #expect(
      lines[10...11] == [
        "2495 more built in one: first run", "2495 more built in two: first run",
      ])
    #expect(self.lines(reports, verbose: true).count == 5001)
  }

  @Test func neverMoreLinesThanAScreenOrTwo() {
    var reports = (0..<3000).map { report("s\($0).a", .built) }
    reports += (0..<3000).map { report("s\($0).b", .skipped, message: "needs s\($0).a") }
    for index in reports.indices { reports[index].warnings = ["changed \(index)"] }
    let lines = lines(reports)
    #expect(lines.count < 80)
    #expect(lines.contains("2988 more of other kinds"))
  }

  @Test func aFailureIsWhole() {
    var failed = report(
      "one.a", .failed, message: "sh ended\n\u{1B}[31m" + String(repeating: "x", count: 200))
    failed.logPath = "/" + String(repeating: "long/", count: 30) + "log"
    let lines = lines([failed, report("one.b", .skipped, message: "an earlier step failed")])
    #expect(
      lines == [
        "[1/2] one.a                    FAILED", "    sh ended",
        "    " + String(repeating: "x", count: 200), "    log: \(failed.logPath ?? "")",
        "[2/2] one.b                    not run: an earlier step failed",
        "w: 0 cached, 0 ran in 2.00 s",
      ])
  }

  @Test func hitsAreOnlyCounted() {
    var view = LiveView(
      plan(["one.a", "one.b"]), workshop: "w", slots: 2, verbose: false)
    view.take(.finished(report("one.a", .hit)), width: 80, now: 1)
    #expect(view.takeLines().isEmpty)
    let status = view.status(isStopping: false, now: 1)
    #expect((status.hits, status.done, status.left) == (1, 1, nil))
  }

  @Test func runningStepsComeAndGo() throws {
    let key = ActionKey(try Digest.of([]))
    var view = LiveView(
      plan(["one.a", "one.b"]), workshop: "w", slots: 2, verbose: false)
    let first = Explanation(cause: .firstRun)
    view.take(.started(name: "one.a", key: key, explanation: first), width: 80, now: 5)
    view.take(.progress(name: "one.a", fraction: 0.5), width: 80, now: 6)
    view.learn(["one.a": 4, "one.b": 10])
    #expect(
      view.status(isStopping: false, now: 7).running
        == [RunningStep(name: "one.a", since: 5, fraction: 0.5, expected: 4)])
    // Half of one.a took 2 seconds, so 2 are left; one.b will take 10, on the other slot.
    #expect(view.status(isStopping: false, now: 7).left == 6)
    view.take(.finished(report("one.a", .built)), width: 80, now: 9)
    #expect(view.status(isStopping: false, now: 9).running.isEmpty)
  }
}

@Suite struct TimeLeftTests {
  /// A chain of steps, and steps that nobody uses.
  private func plan(chain: [String], free: [String] = []) -> RunPlan {
    RunPlan(
      chain.enumerated().map { index, name in
        RunPlan.Node(
          name: name, isStep: true, users: index + 1 < chain.count ? [index + 1] : [])
      } + free.map { RunPlan.Node(name: $0, isStep: true) })
  }

  @Test func aChainTakesAsLongAsItsSteps() {
    var left = TimeLeft(plan(chain: ["a", "b", "c"]), slots: 8)
    left.learn(["a": 5, "b": 10, "c": 20])
    left.started("a")
    #expect(left.seconds(running: [RunningStep(name: "a", since: 0)], now: 2) == 33)
    left.finished("a", seconds: 5)
    left.started("b")
    #expect(left.seconds(running: [RunningStep(name: "b", since: 5)], now: 25) == 20)
    left.finished("b", seconds: 20)
    left.started("c")
    #expect(left.seconds(running: [RunningStep(name: "c", since: 25)], now: 100) == 0)
  }

  @Test func workIsDividedOverTheSlots() {
    let names = (0..<100).map { "s.\($0)" }
    var left = TimeLeft(plan(chain: [], free: names), slots: 4)
    left.learn(Dictionary(uniqueKeysWithValues: names.map { ($0, 2.0) }))
    left.started("s.0")
    #expect(left.seconds(running: [RunningStep(name: "s.0", since: 0)], now: 0) == 50)
  }

  @Test func ofStepsNotLookedAtTheShareFoundSoFarCounts() {
    let names = (0..<101).map { "s.\($0)" }
    var left = TimeLeft(plan(chain: ["a", "b"], free: names), slots: 1)
    left.learn(
      Dictionary(uniqueKeysWithValues: names.map { ($0, 1.0) } + [("a", 3.0), ("b", 7.0)]))
    for name in names.prefix(49) { left.finished(name, seconds: nil) }
    left.started("a")
    // One of fifty had to run, so of the other 52 seconds about one; and b, which follows a.
    let seconds = left.seconds(running: [RunningStep(name: "a", since: 0)], now: 0) ?? 0
    #expect(abs(seconds - (3 + 7 + 52.0 / 50)) < 1e-9)
  }

  @Test func aStepWithoutATimeIsTakenForItsLikes() {
    let names = (0..<10).map { "s.\($0)" }
    var left = TimeLeft(plan(chain: [], free: names), slots: 1)
    left.started("s.0")
    let running = [RunningStep(name: "s.0", since: 0)]
    #expect(left.seconds(running: running, now: 0) == nil)
    left.learn(["s.0": 2, "s.1": 4])
    #expect(left.seconds(running: running, now: 0) == 30.0)
    var fresh = TimeLeft(plan(chain: [], free: names), slots: 1)
    fresh.started("s.0")
    fresh.finished("s.0", seconds: 6)
    #expect(fresh.seconds(running: [], now: 6) == 54.0)
    #expect(fresh.expected("s.3") == 6)
  }

  @Test func aCorrectionComesSlowlyAndNeverBelowZero() {
    var steady = SteadyEstimate()
    #expect(steady.show(100, now: 0) == 100)
    #expect(steady.show(99, now: 1) == 99)
    #expect(steady.show(18, now: 2) == 78)
    #expect((steady.show(0, now: 3) ?? 0) > 50)
    #expect(steady.show(0, now: 60) == 0)
    #expect(steady.show(nil, now: 61) == nil)
    #expect(steady.show(7, now: 62) == 7)
  }

  /// Eight times the steps cost eight times as much, and not 64 times.
  @Test func tenThousandStepsCostLittle() {
    func cost(_ count: Int) -> Double {
      let names = (0..<count).map { "s.\($0)" }
      var wrong = 0
      let seconds = Cost.seconds {
        var left = TimeLeft(plan(chain: names), slots: 4)
        left.learn(Dictionary(uniqueKeysWithValues: names.map { ($0, 1.0) }))
        for (index, name) in names.enumerated() {
          left.started(name)
          left.finished(name, seconds: 1)
          if left.seconds(running: [], now: 0) != Double(count - index - 1) / 4 { wrong += 1 }
        }
      }
      #expect(wrong == 0)
      return seconds
    }
    let (some, many) = (cost(1250), cost(10_000))
    #expect(many < 24 * some, "\(many) s of CPU for 10,000 steps, \(some) s for 1,250")
  }
}

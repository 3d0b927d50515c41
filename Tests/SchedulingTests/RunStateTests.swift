// The state of a run against a model without order, over random graphs and random orders.
import AtelierTesting
import Content
import RunStates
import Scheduling
import Testing

@Suite struct RunStateTests {
  private static func key(_ number: Int) throws -> ActionKey {
    ActionKey(try Digest.of(Array("key \(number)".utf8)))
  }

  /// A random graph; `quirks` in percent says how much of it fails or is not taken.
  private static func script(
    _ random: inout SeededGenerator, quirks: Int
  ) throws -> Script {
    var script = Script()
    let count = Int.random(in: 1...24, using: &random)
    for index in 0..<count {
      let most = min(index, 3)
      var needed: Set<Int> = []
      for _ in 0..<Int.random(in: 0...most, using: &random) {
        needed.insert(Int.random(in: 0..<index, using: &random))
      }
      script.dependencies.append(needed.sorted())
      // Few enough keys that some are shared; equal keys have equal needs only by chance, which
      // the state must not rely on.
      let isPublication = Int.random(in: 0..<6, using: &random) == 0
      script.keys.append(isPublication ? nil : try key(Int.random(in: 0..<count, using: &random)))
      func happens() -> Bool { Int.random(in: 0..<100, using: &random) < quirks }
      if happens() { script.notTaken.insert(index) }
      if happens() {
        if let key = script.keys[index] {
          script.failingKeys.insert(key)
        } else {
          script.failingNodes.insert(index)
        }
      }
    }
    return script
  }

  @Test(arguments: 0..<400)
  func everyNodeEndsAsTheModelSays(_ seed: Int) throws {
    var random = SeededGenerator(state: UInt64(seed))
    let script = try Self.script(&random, quirks: 10)
    var driver = RunDriver(
      script, slots: Int.random(in: 1...4, using: &random), keepGoing: true, sharing: 40, losing: 0,
      random)
    driver.run()
    #expect(driver.violations == [])
    #expect(RunModel(script).differences(from: driver.state.nodes) == [])
  }

  @Test("Store 5: who missed that bytes were made again is tried once more, once")
  func anotherTry() throws {
    var state = RunState(dependencies: [[], [0], [0]], chosen: [0, 1, 2])
    func step(_ event: RunState.Event) { _ = state.transition(event) }
    for index in 0..<3 {
      step(.queue(index, try Self.key(index)))
      step(.start(index))
      if index == 0 { step(.end(0, .usable)) }
    }
    step(.lose(1, producers: [0]))
    step(.remade(0))
    #expect(state.wasRemade(0) && !state.wasRetried(2))
    step(.again(2))
    #expect(state.nodes[2] == .queued && state.wasRetried(2))
    step(.start(state.nextQueued ?? -1))
    step(.start(state.nextQueued ?? -1))
    step(.end(2, .usable))
    step(.end(1, .usable))
    #expect(state.isOver && state.running == 0)
  }

  @Test func lostBytesAreMadeOnceOrTheirWaitersFail() throws {
    var remakes = 0
    for seed in 1000..<1400 {
      var random = SeededGenerator(state: UInt64(seed))
      let script = try Self.script(&random, quirks: 0)
      var driver = RunDriver(
        script, slots: 2, keepGoing: true, sharing: 0, losing: 50, random)
      driver.run()
      #expect(driver.violations == [], "seed \(seed)")
      // A producer may serve several keys' waiters; those that were abandoned count as failing.
      let ends = driver.state.nodes
      for (index, end) in ends.enumerated() {
        guard case .ended(let how) = end else {
          Issue.record("seed \(seed): node \(index) is \(end)")
          continue
        }
        let needed = script.dependencies[index].map { ends[$0] }
        if how == .usable { #expect(needed.allSatisfy { $0 == .ended(.usable) }) }
        if how == .failed {
          let isAbandoned =
            script.keys[index].map(driver.lived.failingKeys.contains)
            ?? driver.lived.failingNodes.contains(index)
          #expect(isAbandoned, "seed \(seed): node \(index)")
        }
      }
      remakes += driver.remakes
    }
    #expect(remakes > 400)
  }

  @Test func aStoppedRunEndsEveryNode() throws {
    for seed in 2000..<2300 {
      var random = SeededGenerator(state: UInt64(seed))
      let script = try Self.script(&random, quirks: 5)
      var driver = RunDriver(
        script, slots: 3, keepGoing: false, sharing: 30, losing: 20, random)
      driver.run(steps: Int.random(in: 0...40, using: &random))
      driver.stop()
      driver.run()
      #expect(driver.violations == [], "seed \(seed)")
      for (index, node) in driver.state.nodes.enumerated() {
        guard case .ended(let end) = node else {
          Issue.record("seed \(seed): node \(index) is \(node)")
          continue
        }
        let areUsable = script.dependencies[index].allSatisfy { driver.state.isUsable($0) }
        if end == .usable { #expect(areUsable, "seed \(seed): node \(index)") }
      }
    }
  }

  @Test func aConflictOpensWhatRestsOnIt() throws {
    var reopenings = 0
    for seed in 3000..<3200 {
      var random = SeededGenerator(state: UInt64(seed))
      let script = try Self.script(&random, quirks: 5)
      var driver = RunDriver(script, slots: 2, keepGoing: true, sharing: 0, losing: 0, random)
      driver.run()
      let usable = script.dependencies.indices.filter { driver.state.isUsable($0) }
      guard let root = usable.randomElement(using: &random) else { continue }
      var users: Set<Int> = [root]
      for index in script.dependencies.indices
      where !users.isDisjoint(with: script.dependencies[index]) { users.insert(index) }
      let before = driver.state.nodes
      driver.reopen([root])
      for (index, node) in driver.state.nodes.enumerated() {
        if index == root || !users.contains(index) {
          #expect(node == before[index])
        } else {
          if case .ended = node { Issue.record("seed \(seed): node \(index) stays ended") }
          reopenings += 1
        }
      }
      driver.run()
      #expect(driver.violations == [], "seed \(seed)")
      #expect(driver.state.isOver)
    }
    #expect(reopenings > 200)
  }

  @Test func nodesBeginInTheOrderOfTheGraph() {
    var state = RunState(dependencies: [[], [], [0], [1]], chosen: [0, 1, 2, 3])
    #expect(state.nextReady == 0)
    _ = state.transition(.queue(0, nil))
    _ = state.transition(.queue(1, nil))
    #expect(state.nextQueued == 0)
    _ = state.transition(.start(0))
    _ = state.transition(.start(1))
    _ = state.transition(.end(1, .usable))
    #expect(state.nextReady == 3)
    _ = state.transition(.end(0, .usable))
    #expect(state.nextReady == 2)
    _ = state.transition(.queue(2, nil))
    _ = state.transition(.queue(3, nil))
    #expect(state.nextQueued == 2)
  }

  @Test func nodesThatAreNotChosenStayOut() {
    var state = RunState(dependencies: [[], [0], [0]], chosen: [0, 2])
    _ = state.transition(.end(0, .usable))
    #expect(state.nodes == [.ended(.usable), .notChosen, .ready])
  }

  @Test func anEventThatDoesNotFitIsABug() async {
    await #expect(processExitsWith: .failure) {
      var state = RunState(dependencies: [[], [0]], chosen: [0, 1])
      _ = state.transition(.end(1, .usable))
    }
    await #expect(processExitsWith: .failure) {
      var state = RunState(dependencies: [[]], chosen: [0])
      _ = state.transition(.end(0, .usable))
      _ = state.transition(.end(0, .usable))
    }
    await #expect(processExitsWith: .failure) {
      var state = RunState(dependencies: [[]], chosen: [0])
      _ = state.transition(.start(0))
    }
  }
}

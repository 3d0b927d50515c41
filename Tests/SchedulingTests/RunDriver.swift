// Plays the scheduler's part over a script, in a random order, and checks every step of it.
import AtelierTesting
import Content
import RunStates
import Scheduling

struct RunDriver {
  private var script: Script
  private let slots: Int
  private let keepGoing: Bool
  /// In percent: how often a result is in the shared store, and how often bytes are lost.
  private let sharing: Int
  private let losing: Int
  private var random: SeededGenerator

  private(set) var state: RunState
  private(set) var violations: [String] = []
  private(set) var stopped = false
  private(set) var remakes = 0
  private var isStuck = false
  private var asked: Set<Int> = []
  private var running: Set<Int> = []
  private var remaking: Set<Int> = []
  private var finished: Set<ActionKey> = []
  private var failed: Set<ActionKey> = []
  private var ended: Set<Int> = []
  private var resolvedKey: [Int: ActionKey] = [:]

  init(
    _ script: Script, slots: Int, keepGoing: Bool, sharing: Int, losing: Int,
    _ random: SeededGenerator
  ) {
    self.script = script
    self.slots = slots
    self.keepGoing = keepGoing
    self.sharing = sharing
    self.losing = losing
    self.random = random
    state = RunState(
      dependencies: script.dependencies, chosen: Array(script.dependencies.indices))
  }

  /// The script with the keys and nodes whose lost bytes could not be made again.
  var lived: Script { script }

  mutating func stop() { stopped = true }

  /// Runs to the end, or for so many steps.
  mutating func run(steps: Int = .max) {
    var left = steps
    while !state.isOver, !isStuck, left > 0 {
      left -= 1
      step()
      check()
    }
  }

  private mutating func step() {
    var choices: [(inout RunDriver) -> Void] = []
    if let index = state.nextReady { choices.append { $0.resolve(index) } }
    if let index = state.nextQueued, running.count + remaking.count < slots || stopped {
      choices.append { $0.start(index) }
    }
    if let index = asked.randomElement(using: &random) { choices.append { $0.answer(index) } }
    if let index = running.randomElement(using: &random) { choices.append { $0.finish(index) } }
    if let index = remaking.randomElement(using: &random) { choices.append { $0.remade(index) } }
    guard let choice = choices.randomElement(using: &random) else {
      violations.append("nothing to do, and the run is not over: \(state.nodes)")
      isStuck = true
      return
    }
    choice(&self)
  }

  private mutating func apply(_ event: RunState.Event) {
    let effects = state.transition(event)
    for index in effects.ended where !ended.insert(index).inserted {
      violations.append("node \(index) ended twice (\(event))")
    }
    for producer in effects.remake { remaking.insert(producer) }
    remakes += effects.remake.count
    for index in effects.abandoned {
      // From now on the model must take this work as failing.
      if let key = script.keys[index] {
        script.failingKeys.insert(key)
      } else {
        script.failingNodes.insert(index)
      }
      fail(index)
    }
  }

  private mutating func fail(_ index: Int) {
    if let key = script.keys[index] { failed.insert(key) }
    if !keepGoing { stopped = true }
    apply(.end(index, .failed))
  }

  private mutating func resolve(_ index: Int) {
    if !script.dependencies[index].allSatisfy({ ended.contains($0) }) {
      violations.append("node \(index) is ready before what it needs has ended")
    }
    if stopped { return apply(.end(index, .skipped)) }
    guard script.dependencies[index].allSatisfy({ state.isUsable($0) }) else {
      return apply(.end(index, .skipped))
    }
    if script.notTaken.contains(index) { return apply(.end(index, .notTaken)) }
    guard let key = script.keys[index] else { return apply(.queue(index, nil)) }
    if finished.contains(key) { return apply(.end(index, .usable)) }
    if failed.contains(key) { return apply(.end(index, .skipped)) }
    if state.owner(of: key) != nil { return apply(.share(index, key)) }
    if Int.random(in: 0..<100, using: &random) < sharing {
      asked.insert(index)
      apply(.ask(index, key))
    } else {
      apply(.queue(index, key))
    }
  }

  private mutating func answer(_ index: Int) {
    asked.remove(index)
    let fails = script.keys[index].map(script.failingKeys.contains) ?? false
    if !fails, Bool.random(using: &random) {
      if let key = script.keys[index] { finished.insert(key) }
      apply(.end(index, .usable))
    } else {
      apply(.queue(index, nil))
    }
  }

  private mutating func start(_ index: Int) {
    if stopped { return apply(.end(index, .skipped)) }
    running.insert(index)
    apply(.start(index))
  }

  private mutating func finish(_ index: Int) {
    running.remove(index)
    let producers = lost(by: index)
    if !producers.isEmpty { return apply(.lose(index, producers: producers)) }
    let fails =
      script.keys[index].map(script.failingKeys.contains) ?? script.failingNodes.contains(index)
    if fails { return fail(index) }
    if let key = script.keys[index] { finished.insert(key) }
    apply(.end(index, .usable))
  }

  /// Some of what a node needs, at random; none that was made again already.
  private mutating func lost(by index: Int) -> Set<Int> {
    guard Int.random(in: 0..<100, using: &random) < losing else { return [] }
    var lost: Set<Int> = []
    for needed in script.dependencies[index] where script.keys[needed] != nil {
      if state.wasRemade(needed) || !state.isUsable(needed) { continue }
      if Bool.random(using: &random) { lost.insert(needed) }
    }
    return lost
  }

  private mutating func remade(_ producer: Int) {
    remaking.remove(producer)
    let producers = lost(by: producer)
    if !producers.isEmpty { return apply(.remakeLost(producer, producers: producers)) }
    apply(Int.random(in: 0..<4, using: &random) == 0 ? .remakeFailed(producer) : .remade(producer))
  }

  private mutating func check() {
    if state.running != running.count + remaking.count {
      violations.append("\(state.running) slots are taken, expected \(running) and \(remaking)")
    }
    if state.asked != asked.count { violations.append("\(state.asked) are asked, not \(asked)") }
  }

  /// Takes other outputs of some ended nodes, as a conflict does.
  mutating func reopen(_ roots: [Int]) {
    let effects = state.transition(.reopen(roots))
    ended.subtract(effects.reopened)
    for index in effects.reopened { if let key = script.keys[index] { finished.remove(key) } }
  }
}

// How long a run will still take, from recorded times. An event costs the same with 10,000 steps.
import Terminal

/// An estimate that follows a run.
///
/// What stands behind a step that runs will run, too, and counts in full. Of the other steps that
/// are not yet looked at only a share will run: the share found so far among such steps. A step
/// without a recorded time is taken for the mean of its likes (the same name without its number),
/// those of this run included; where there are none, there is no estimate.
package struct TimeLeft {
  private enum Phase { case unseen, behind, running, settled }

  /// Steps that share a name but for the number.
  private struct Kind {
    var seconds = 0.0
    var known = 0
    var unseen = 0
    var behind = 0
    var mean: Double? { known > 0 ? seconds / Double(known) : nil }
  }

  private let plan: RunPlan
  private let slots: Double
  private let numbers: [String: Int]
  private let kindOf: [Int]
  private var kinds: [Kind]
  private var phases: [Phase]
  private var recorded: [Double?]
  /// Seconds of the longest chain of recorded steps after each node.
  private var after: [Double]
  private var unseen = 0.0
  private var behind = 0.0
  private var looked = 0
  private var missed = 0

  package init(_ plan: RunPlan, slots: Int) {
    self.plan = plan
    self.slots = Double(max(1, slots))
    numbers = Dictionary(plan.nodes.enumerated().map { ($1.name, $0) }) { first, _ in first }
    var names: [String: Int] = [:]
    kindOf = plan.nodes.map { node in
      let name = Text.withoutNumber(node.name)
      let kind = names[name] ?? names.count
      names[name] = kind
      return kind
    }
    kinds = Array(repeating: Kind(), count: names.count)
    phases = Array(repeating: .unseen, count: plan.nodes.count)
    recorded = plan.nodes.map { $0.isStep ? nil : 0 }
    after = Array(repeating: 0, count: plan.nodes.count)
    for index in plan.nodes.indices { count(index, 1) }
  }

  /// Takes in the recorded seconds by step; they may come when the run has begun already.
  package mutating func learn(_ seconds: [String: Double]) {
    for index in plan.nodes.indices {
      guard plan.nodes[index].isStep, recorded[index] == nil,
        let time = seconds[plan.nodes[index].name]
      else { continue }
      count(index, -1)
      recorded[index] = time
      count(index, 1)
      kinds[kindOf[index]].seconds += time
      kinds[kindOf[index]].known += 1
    }
    for index in plan.nodes.indices.reversed() {
      after[index] =
        plan.nodes[index].users.map { after[$0] + (expected($0) ?? 0) }.max() ?? 0
    }
  }

  /// A step begins to run.
  package mutating func started(_ name: String) {
    guard let index = numbers[name] else { return }
    look(index, missed: true)
    move(index, .running)
    // Each node is marked once in a run, so all marks together cost no more than the graph.
    var marked = [index]
    while let next = marked.popLast() {
      for user in plan.nodes[next].users where phases[user] == .unseen {
        move(user, .behind)
        marked.append(user)
      }
    }
  }

  /// A node has ended; `seconds` where it was built in this run.
  package mutating func finished(_ name: String, seconds: Double?) {
    guard let index = numbers[name] else { return }
    look(index, missed: false)
    move(index, .settled)
    guard let seconds, recorded[index] == nil else { return }
    kinds[kindOf[index]].seconds += seconds
    kinds[kindOf[index]].known += 1
  }

  /// The seconds that a step is expected to take, if anything is known.
  package func expected(_ name: String) -> Double? { numbers[name].flatMap(expected) }

  private func expected(_ index: Int) -> Double? {
    recorded[index] ?? kinds[kindOf[index]].mean
  }

  /// The seconds left: work over slots, or the longest chain behind what runs; nil if unknown.
  ///
  /// 0 where all that is left should have ended already.
  package func seconds(running: [RunningStep], now: Double) -> Double? {
    let share = looked > 0 ? Double(missed) / Double(looked) : 1
    var work = max(0, behind) + share * max(0, unseen)
    for kind in kinds where kind.unseen + kind.behind > 0 {
      let steps = Double(kind.behind) + share * Double(kind.unseen)
      if steps == 0 { continue }
      guard let mean = kind.mean else { return nil }
      work += steps * mean
    }
    var chain = 0.0
    for step in running {
      guard let index = numbers[step.name], let rest = rest(step, index, now) else { return nil }
      work += rest
      chain = max(chain, rest + after[index])
    }
    return max(work / slots, chain)
  }

  private func rest(_ step: RunningStep, _ index: Int, _ now: Double) -> Double? {
    let elapsed = max(0, now - step.since)
    if let fraction = step.fraction, fraction >= 0.1 {
      return elapsed * max(0, 1 - fraction) / fraction
    }
    return expected(index).map { max(0, $0 - elapsed) }
  }

  private mutating func look(_ index: Int, missed isMiss: Bool) {
    guard phases[index] == .unseen, plan.nodes[index].isStep else { return }
    looked += 1
    missed += isMiss ? 1 : 0
  }

  private mutating func move(_ index: Int, _ phase: Phase) {
    count(index, -1)
    phases[index] = phase
    count(index, 1)
  }

  private mutating func count(_ index: Int, _ sign: Int) {
    switch (phases[index], recorded[index]) {
    case (.unseen, let time?): unseen += Double(sign) * time
    case (.behind, let time?): behind += Double(sign) * time
    case (.unseen, nil): kinds[kindOf[index]].unseen += sign
    case (.behind, nil): kinds[kindOf[index]].behind += sign
    case (.running, _), (.settled, _): break
    }
  }
}

/// An estimate as it is shown: the clock counts down, corrections come slowly.
package struct SteadyEstimate {
  private var end: Double?
  private var asked = 0.0

  /// The seconds left to show at a moment, for an estimate that may jump.
  package mutating func show(_ seconds: Double?, now: Double) -> Double? {
    defer { asked = now }
    guard let seconds else {
      end = nil
      return nil
    }
    guard let old = end else {
      end = now + seconds
      return seconds
    }
    // A correction is taken in within some seconds.
    let new = old + (now + seconds - old) * min(1, max(0, now - asked) / 4)
    end = new
    return max(0, new - now)
  }
}

// The state of all nodes of a run as a value. It knows no step, no store and no process: only which
// node may begin when, and what the end of one means for the others.
import Content

/// The nodes of a run, from the first one that may be resolved to the last one that ended.
///
/// A node is in one state at a time, and `transition(_:)` is the only way from one to another:
///
///     waiting --> ready --> queued --> running --> ended
///                   |  \       ^          |  ^
///                   |   asked -+          v  |
///                   |     |            recovering
///                   +-> duplicate ------------> ended (with the node of the same key)
///
/// From running a node goes back to queued once, where what it lacked was made again meanwhile. A
/// transition that the picture does not have is a bug of the caller's and ends the program.
package struct RunState: Sendable {
  /// Where a node stands.
  package enum Node: Hashable, Sendable {
    /// The run does not hold it.
    case notChosen
    /// So many of the nodes that it needs have not ended.
    case waiting(Int)
    /// All that it needs has ended; it is to be resolved.
    case ready
    /// The shared store was asked for its result, or a source is being read.
    case asked
    /// A node with the same key is on its way, and its end is this one's, too.
    case duplicate
    /// It has to run and waits for a slot.
    case queued
    /// It has a slot.
    case running
    /// Bytes that it needs are lost; it waits for the nodes that make them again.
    case recovering
    case ended(End)
  }

  /// How a node ended, as far as others care.
  package enum End: Hashable, Sendable {
    /// Its outputs can be used.
    case usable
    case failed
    /// Something that it needs failed, or the run was stopped.
    case skipped
    /// It is in the arm of a branch that was not taken.
    case notTaken
  }

  /// What happened to a node.
  package enum Event: Hashable, Sendable {
    /// ready -> asked: nothing is known of its key here, or it is a source, which has none, to be read.
    case ask(Int, ActionKey?)
    /// ready -> duplicate: another node of this key is asked, queued or running.
    case share(Int, ActionKey)
    /// ready or asked -> queued: it must run; a publication has no key.
    case queue(Int, ActionKey?)
    /// queued -> running.
    case start(Int)
    /// running -> recovering: these ended nodes made what is lost.
    case lose(Int, producers: Set<Int>)
    /// running -> queued: what it lacked was made again meanwhile, so it is tried once more.
    case again(Int)
    /// ready, asked, queued or running -> ended, and its duplicates with it.
    case end(Int, End)
    /// A producer has made its bytes again.
    case remade(Int)
    /// A producer that runs again lacks bytes, too.
    case remakeLost(Int, producers: Set<Int>)
    /// A producer could not make its bytes again, so whoever waits for them fails.
    case remakeFailed(Int)
    /// ended -> waiting or ready, for all nodes that rest on these: their outputs became others.
    case reopen([Int])
  }

  /// What follows from a transition, for the caller to carry out.
  package struct Effects: Hashable, Sendable {
    /// Nodes that ended, in order: the event's own, then its duplicates.
    package var ended: [Int] = []
    /// Producers that are to run once more, now.
    package var remake: [Int] = []
    /// Nodes whose lost bytes cannot be made: each is running, and the caller ends it as failed.
    package var abandoned: [Int] = []
    /// Nodes that were ended and are open again.
    package var reopened: Set<Int> = []
  }

  package private(set) var nodes: [Node]
  private let dependencies: [[Int]]
  private let users: [[Int]]
  /// A stack: the first of the graph is on top.
  private var ready: [Int]
  /// Nodes that wait for a slot, the first of the graph last.
  private var queue: [Int] = []
  /// Which node works on a key, and who waits for its end.
  private var keys: [ActionKey: (owner: Int, duplicates: [Int])] = [:]
  private var keyOf: [Int: ActionKey] = [:]
  private var recovery = Recovery()
  /// Slots that are taken, those of producers that run again included.
  package private(set) var running = 0
  /// Nodes that the shared store is asked for, and sources that are being read.
  package private(set) var asked = 0

  /// The state before a run: `dependencies` lists what each node needs, `chosen` the nodes of the
  /// run with all that they need.
  package init(dependencies: [[Int]], chosen: [Int]) {
    self.dependencies = dependencies
    var nodes = [Node](repeating: .notChosen, count: dependencies.count)
    var users = [[Int]](repeating: [], count: dependencies.count)
    var ready: [Int] = []
    for index in chosen {
      for needed in dependencies[index] { users[needed].append(index) }
      nodes[index] = dependencies[index].isEmpty ? .ready : .waiting(dependencies[index].count)
      if dependencies[index].isEmpty { ready.append(index) }
    }
    self.nodes = nodes
    self.users = users
    self.ready = ready.reversed()
  }

  // MARK: - Questions

  /// The node to resolve next; the event that says what came of it takes it off.
  package var nextReady: Int? { ready.last }

  /// The node to start next, once a slot is free.
  package var nextQueued: Int? { queue.last }

  /// How many nodes wait for a slot.
  package var queued: Int { queue.count }

  /// The node that works on a key, if any does.
  package func owner(of key: ActionKey) -> Int? { keys[key]?.owner }

  /// Whether a node's outputs can be used.
  package func isUsable(_ index: Int) -> Bool { nodes[index] == .ended(.usable) }

  /// Whether a producer has run again already, whatever came of it: none does so twice.
  package func wasRemade(_ index: Int) -> Bool { recovery.done.contains(index) }

  /// Whether a node has been tried once more.
  package func wasRetried(_ index: Int) -> Bool { recovery.retried.contains(index) }

  /// Whether nothing is left to do.
  package var isOver: Bool { ready.isEmpty && queue.isEmpty && running == 0 && asked == 0 }

  // MARK: - The one way to change

  /// Takes in what happened.
  ///
  /// Ends the program where the event does not fit the node's state.
  package mutating func transition(_ event: Event) -> Effects {
    var effects = Effects()
    switch event {
    case .ask(let index, let key):
      takeReady(index, event)
      if let key { own(key, index, event) }
      nodes[index] = .asked
      asked += 1
    case .share(let index, let key):
      takeReady(index, event)
      require(keys[key] != nil, event)
      keys[key]?.duplicates.append(index)
      nodes[index] = .duplicate
    case .queue(let index, let key):
      if nodes[index] == .asked {
        asked -= 1
      } else {
        takeReady(index, event)
        if let key { own(key, index, event) }
      }
      enqueue(index)
    case .start(let index):
      require(nodes[index] == .queued && queue.last == index, event)
      queue.removeLast()
      nodes[index] = .running
      running += 1
    case .lose(let index, let producers):
      require(nodes[index] == .running, event)
      running -= 1
      nodes[index] = .recovering
      effects.remake = wait(for: producers, .node(index), event)
    case .again(let index):
      require(nodes[index] == .running && recovery.retry(index), event)
      running -= 1
      enqueue(index)
    case .end(let index, let end):
      self.end(index, end, event, &effects)
    case .remade(let producer):
      running -= 1
      for waiter in recovery.finish(producer, event) { resume(waiter, &effects) }
    case .remakeLost(let producer, let producers):
      require(recovery.isRemaking(producer), event)
      running -= 1
      effects.remake = wait(for: producers, .producer(producer), event)
    case .remakeFailed(let producer):
      running -= 1
      abandon(producer, event, &effects)
    case .reopen(let roots):
      reopen(roots, event, &effects)
    }
    return effects
  }

  /// The one place where a node ends and its users come nearer to their turn.
  private mutating func end(
    _ index: Int, _ end: End, _ event: Event, _ effects: inout Effects
  ) {
    switch nodes[index] {
    case .ready: takeReady(index, event)
    case .asked: asked -= 1
    case .queued:
      require(queue.last == index, event)
      queue.removeLast()
    case .running: running -= 1
    case .duplicate: break
    case .notChosen, .waiting, .recovering, .ended: require(false, event)
    }
    nodes[index] = .ended(end)
    effects.ended.append(index)
    // The ready nodes are a stack: the first of them in graph order goes on last.
    for user in users[index].reversed() {
      guard case .waiting(let count) = nodes[user] else { continue }
      nodes[user] = count > 1 ? .waiting(count - 1) : .ready
      if count == 1 { ready.append(user) }
    }
    guard let key = keyOf.removeValue(forKey: index), let claim = keys.removeValue(forKey: key)
    else { return }
    for duplicate in claim.duplicates {
      self.end(duplicate, end == .usable ? .usable : .skipped, event, &effects)
    }
  }

  private mutating func takeReady(_ index: Int, _ event: Event) {
    require(nodes[index] == .ready && ready.last == index, event)
    ready.removeLast()
  }

  private mutating func own(_ key: ActionKey, _ index: Int, _ event: Event) {
    require(keys[key] == nil, event)
    keys[key] = (index, [])
    keyOf[index] = key
  }

  /// Puts a node in line for a slot, in graph order whatever order they were resolved in.
  private mutating func enqueue(_ index: Int) {
    nodes[index] = .queued
    var low = 0
    var high = queue.count
    while low < high {
      let middle = (low + high) / 2
      if queue[middle] > index { low = middle + 1 } else { high = middle }
    }
    queue.insert(index, at: low)
  }

  // MARK: - Lost bytes

  /// Lets a waiter wait for producers; those that are to start now.
  private mutating func wait(
    for producers: Set<Int>, _ waiter: Recovery.Waiter, _ event: Event
  ) -> [Int] {
    require(!producers.isEmpty && producers.allSatisfy { isUsable($0) }, event)
    let starting = recovery.add(waiter, for: producers, event)
    running += starting.count
    return starting
  }

  private mutating func resume(_ waiter: Recovery.Waiter, _ effects: inout Effects) {
    switch waiter {
    case .node(let index): enqueue(index)
    case .producer(let producer):
      effects.remake.append(producer)
      running += 1
    }
  }

  private mutating func abandon(_ producer: Int, _ event: Event, _ effects: inout Effects) {
    var failing = [producer]
    while let next = failing.popLast() {
      for waiter in recovery.fail(next, event) {
        switch waiter {
        case .node(let index):
          // Its end is the caller's to say, as that of any node that ran.
          nodes[index] = .running
          running += 1
          effects.abandoned.append(index)
        case .producer(let other): failing.append(other)
        }
      }
    }
  }

  // MARK: - Conflicts

  private mutating func reopen(_ roots: [Int], _ event: Event, _ effects: inout Effects) {
    var open = roots
    while let index = open.popLast() {
      require(isUsable(index) || !roots.contains(index), event)
      for user in users[index] where effects.reopened.insert(user).inserted { open.append(user) }
    }
    effects.reopened.subtract(roots)
    for index in effects.reopened.sorted(by: >) {
      if case .ended = nodes[index] {} else { require(false, event) }
      let count = dependencies[index].count { effects.reopened.contains($0) }
      nodes[index] = count > 0 ? .waiting(count) : .ready
      if count == 0 { ready.append(index) }
    }
  }

  private func require(_ holds: Bool, _ event: Event) {
    if !holds { Recovery.bug("the event \(event) does not fit; the nodes are \(nodes)") }
  }
}

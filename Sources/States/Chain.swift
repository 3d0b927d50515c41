// States one after another, put together into a machine.

/// States in their order: each is followed by the next.
///
///     let machine = try Chain()
///       .then("Train") { .task(training, then: $0) }
///       .then("Save") { .task(saving, then: $0) }
///       .machine()
///
/// A choice is followed by its rules; the chain goes on with its default.
public struct Chain: Sendable {
  /// What a chain cannot hold.
  public struct Mistake: Error, Hashable, CustomStringConvertible {
    /// The mistake in one sentence.
    public let description: String
  }

  private struct Link {
    let name: String
    let state: @Sendable (Transition) -> State
  }

  private var links: [Link] = []
  /// States beside the chain, such as those that rules and catchers lead to.
  private var others: [(name: String, state: State)] = []

  /// An empty chain.
  public init() {}

  /// Adds a state behind the last; `state` gets what follows it.
  public func then(_ name: String, _ state: @escaping @Sendable (Transition) -> State.Kind) -> Chain
  {
    var chain = self
    chain.links.append(Link(name: name) { State(state($0)) })
    return chain
  }

  /// Adds a state behind the last, with paths and comment of its own.
  public func then(whole name: String, _ state: @escaping @Sendable (Transition) -> State) -> Chain
  {
    var chain = self
    chain.links.append(Link(name: name, state: state))
    return chain
  }

  /// Adds a choice behind the last state: what follows it is its default.
  public func choose(_ name: String, _ rules: [ChoiceRule]) -> Chain {
    then(name) { then in
      if case .next(let following) = then { return .choice(rules, otherwise: following) }
      return .choice(rules, otherwise: nil)
    }
  }

  /// Adds a state that rules or catchers lead to.
  public func beside(_ name: String, _ state: State) -> Chain {
    var chain = self
    chain.others.append((name, state))
    return chain
  }

  /// The machine of the chain.
  ///
  /// - Throws: a `Mistake` where it is empty or has a name twice.
  public func machine(
    comment: String? = nil, timeoutSeconds: Int? = nil
  ) throws(Mistake) -> StateMachine {
    guard let first = links.first else { throw Mistake(description: "the chain has no states") }
    var states: [String: State] = [:]
    for (index, link) in links.enumerated() {
      let then: Transition = index + 1 < links.count ? .next(links[index + 1].name) : .end
      try Self.add(link.name, link.state(then), to: &states)
    }
    for other in others { try Self.add(other.name, other.state, to: &states) }
    return StateMachine(
      comment: comment, startAt: first.name, states: states, timeoutSeconds: timeoutSeconds)
  }

  private static func add(
    _ name: String, _ state: State, to states: inout [String: State]
  ) throws(Mistake) {
    guard states.updateValue(state, forKey: name) == nil else {
      throw Mistake(description: "the state '\(name)' is added twice; give each a name of its own")
    }
  }
}

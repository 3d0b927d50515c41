// When to stop asking a shared store, and what is said about it. It sends no request of its own.
import Synchronization

/// Guards every request to a shared store.
///
/// The first sign that the store is out of reach is said once, and nothing more is asked of it in this
/// process: the run goes on with what is here. Where only writing is refused, reading goes on. Safe to
/// use from any thread.
final class OutagePolicy: Sendable {
  /// What a request does there.
  enum Direction { case reading, writing }

  private struct State {
    var failure: RemoteFailure?
    /// Why this process writes no more.
    var writeFailure: RemoteFailure?
    /// Writes in a row that were refused, each for a reason of its own.
    var refusals = 0
    /// How often each thing was said.
    var said: [String: Int] = [:]
    var talk: @Sendable (String) -> Void = { _ in }
  }

  /// After so many refused writes in a row no other is tried.
  private static let mostRefusals = 3
  /// How often something is said of single objects.
  private static let mostNotes = 3

  /// Of the shared store, for people.
  let name: String
  /// Whether an outage ends the run.
  let isRequired: Bool
  private let state = Mutex(State())

  init(name: String, isRequired: Bool) {
    self.name = name
    self.isRequired = isRequired
  }

  /// Where warnings go from now on.
  func setTalk(_ talk: @escaping @Sendable (String) -> Void) {
    state.withLock { $0.talk = talk }
  }

  func say(_ text: String) {
    let talk = state.withLock { $0.talk }
    talk(text)
  }

  /// The failure that must end the run, if there was one.
  var fatalFailure: RemoteFailure? {
    let (failure, writeFailure) = state.withLock { ($0.failure, $0.writeFailure) }
    if let failure, isRequired || failure.kind == .unusable || failure.kind == .credentials {
      return failure
    }
    return isRequired ? writeFailure : nil
  }

  /// Throws where nothing can be written there any more.
  func checkWriting() throws {
    if let known = state.withLock({ $0.failure ?? $0.writeFailure }) { throw known }
  }

  /// Asks the shared store, unless it is out of reach already.
  func ask<Answer>(_ direction: Direction = .reading, _ body: () throws -> Answer) throws -> Answer
  {
    let known = state.withLock { $0.failure ?? (direction == .writing ? $0.writeFailure : nil) }
    if let known { throw known }
    do {
      let answer = try body()
      if direction == .writing { state.withLock { $0.refusals = 0 } }
      return answer
    } catch let failure as RemoteFailure {
      note(failure, direction)
      throw failure
    }
  }

  private func note(_ failure: RemoteFailure, _ direction: Direction) {
    switch failure.kind {
    case .unreachable, .unusable, .credentials: giveUp(failure)
    case .denied:
      if direction == .writing { stopWriting(failure) } else { giveUp(failure) }
    case .refused, .damaged:
      guard direction == .writing else { return }
      let count = state.withLock { state in
        state.refusals += 1
        return state.refusals
      }
      if count >= Self.mostRefusals { stopWriting(failure) }
    case .missing, .taken, .cancelled: break
    }
  }

  private func giveUp(_ failure: RemoteFailure) {
    let isFirst = state.withLock { state in
      defer { state.failure = state.failure ?? failure }
      return state.failure == nil
    }
    guard isFirst, fatalFailure == nil else { return }
    say("\(name) is out of reach, the run goes on without it: \(failure)")
  }

  /// Lets this process only read from now on.
  func stopWriting(_ failure: RemoteFailure) {
    let isFirst = state.withLock { state in
      defer { state.writeFailure = state.writeFailure ?? failure }
      return state.writeFailure == nil && state.failure == nil
    }
    guard isFirst, fatalFailure == nil else { return }
    say("\(name) is only read from here on, nothing is uploaded: \(failure)")
  }

  /// Says what went wrong with one object, a few times for each `what`; not what is said of the store.
  func sayUnlessOutOfReach(_ what: String, _ error: any Error) {
    if case let failure as RemoteFailure = error {
      switch failure.kind {
      case .unreachable, .unusable, .credentials, .denied, .cancelled: return
      case .refused, .missing, .damaged, .taken: break
      }
      if state.withLock({ $0.writeFailure == failure }) { return }
    }
    let count = state.withLock { state in
      state.said[what, default: 0] += 1
      return state.said[what, default: 0]
    }
    if count <= Self.mostNotes { say("\(name): \(what): \(error)") }
  }
}

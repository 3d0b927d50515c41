// When to stop asking a shared store, and what is said about it. It sends no request of its own.
import Synchronization

/// Guards every request to a shared store.
///
/// The first sign that the store is out of reach is said once, and nothing more is asked of it in this
/// process: the run goes on with what is here. Safe to use from any thread.
final class OutagePolicy: Sendable {
  private struct State {
    var failure: RemoteFailure?
    var talk: @Sendable (String) -> Void = { _ in }
  }

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
    guard let failure = state.withLock({ $0.failure }) else { return nil }
    return isRequired || failure.kind == .unusable ? failure : nil
  }

  /// Asks the shared store, unless it is out of reach already.
  func ask<Answer>(_ body: () throws -> Answer) throws -> Answer {
    if let failure = state.withLock({ $0.failure }) { throw failure }
    do {
      return try body()
    } catch let failure as RemoteFailure {
      if failure.kind == .unreachable || failure.kind == .unusable { giveUp(failure) }
      throw failure
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

  func sayUnlessOutOfReach(_ what: String, _ error: any Error) {
    if case let failure as RemoteFailure = error {
      switch failure.kind {
      case .unreachable, .unusable, .cancelled: return
      default: break
      }
    }
    say("\(name): \(what): \(error)")
  }
}

// The rule of a server whose port is known only once it listens.
import FileTools

/// Holds requests back until the rule for them is there.
final class Door: Sendable {
  private let state = Monitor<Access?>(nil)

  func open(_ access: Access) { state.withLock { $0 = access } }

  /// The rule; waits for it.
  var access: Access { state.wait { access, _ in access } }
}

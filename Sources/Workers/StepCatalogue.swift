// The steps that a worker can run, by family and name.
import AtelierStep
import Synchronization

/// Finds a step's type by the names in a key document.
///
/// A type's name is asked for only within the family that is looked for: the runtime takes a while to
/// tell it, and a worker looks for one step in its life.
package final class StepCatalogue: Sendable {
  private struct Name: Hashable {
    let family: String
    let step: String
  }

  private let types: [any Step.Type]
  private let found = Mutex<[Name: any Step.Type]>([:])

  /// A catalogue of the families' steps.
  package init(_ steps: [any Step.Type]) { types = steps }

  /// The type of a step, or nil; throws where two have one name.
  package func type(family: String, step: String) throws -> (any Step.Type)? {
    let name = Name(family: family, step: step)
    if let type = found.withLock({ $0[name] }) { return type }
    let named = types.filter { $0.code.family == family && $0.stepName == step }
    guard let type = named.first else { return nil }
    guard named.count == 1 else {
      throw StepFailure("two steps are named '\(step)' in the family \(family)")
    }
    found.withLock { $0[name] = type }
    return type
  }
}

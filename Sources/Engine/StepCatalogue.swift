// The steps that a worker can run, by family and name.
import AtelierStep
import Content

/// Finds a step's type by the names in a key document.
public struct StepCatalogue: Sendable {
  private struct Name: Hashable {
    let family: String
    let step: String
  }

  private let types: [Name: any Step.Type]

  /// A catalogue of the families' steps; throws where two have one name.
  public init(_ steps: [any Step.Type]) throws {
    var types: [Name: any Step.Type] = [:]
    for type in steps {
      let name = Name(family: type.code.family, step: type.stepName)
      guard types.updateValue(type, forKey: name) == nil else {
        throw StepFailure("two steps are named '\(name.step)' in the family \(name.family)")
      }
    }
    self.types = types
  }

  /// The type of a step, or nil.
  public func type(family: String, step: String) -> (any Step.Type)? {
    types[Name(family: family, step: step)]
  }
}

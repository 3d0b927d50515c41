// What the program hands to each verb: its workshops and steps, the environment, and the output.
import Atelier
import AtelierStep
import CommandLine
import Execution
import PlatformSources
import Terminal
import Workers

/// The surroundings of one verb.
package struct VerbContext: Sendable {
  /// The first workshop is the one that targets without a workshop's name mean.
  package let workshops: [any Workshop.Type]
  /// All steps that a worker of this executable can run.
  package let steps: @Sendable () -> [any Step.Type]
  /// The words of the command line's first level.
  package let verbs: @Sendable () -> [String]
  /// The user's environment.
  package let environment: [String: String]
  package let output: Console
  /// Credentials for services, shared by all that the process does.
  package let credentials = CloudCredentials()
  /// Clients of the platform and what they saw, shared likewise.
  package let observations = PlatformObservations()

  package init(
    workshops: [any Workshop.Type], steps: @escaping @Sendable () -> [any Step.Type],
    verbs: @escaping @Sendable () -> [String], environment: [String: String], output: Console
  ) {
    self.workshops = workshops
    self.steps = steps
    self.verbs = verbs
    self.environment = environment
    self.output = output
  }

  /// Every step that a worker can run.
  package var catalogue: StepCatalogue { StepCatalogue(steps()) }

  /// The workshop of a name; a misspelt one gets the nearest name suggested, and for one of the call's
  /// checkout that is not built it says so.
  package func workshop(_ name: String, _ call: Call) throws -> any Workshop.Type {
    guard let workshop = workshops.first(where: { $0.name == name }) else {
      if let root = try? ProjectRoot.find(call.directory, environment),
        let source = SourceNames(root: root).workshop(name)
      {
        throw UsageError(
          "the workshop '\(name)' is in \(source), and not built yet: run `make build` first")
      }
      throw UsageError(
        "there is no workshop '\(name)'."
          + Suggestion.text(for: name, among: workshops.map { $0.name })
          + " `atelier list workshops` lists them.")
    }
    return workshop
  }
}

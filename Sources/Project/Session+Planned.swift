// The session of a plan that was made elsewhere: its settings, and no configuration file.
import Atelier
import CommandLine
import Configuration

extension Session {
  /// A session of a workshop by the settings of a plan.
  ///
  /// What the settings leave out has its default: no file of this machine counts. Secrets, which no plan
  /// holds, come from the environment.
  ///
  /// - Throws: a `UsageError` where this program has no such workshop, or a `ConfigurationError` where a
  ///   setting is unknown to it.
  package init(
    planned name: String, settings overrides: [String: String], projectRoot: String,
    _ context: VerbContext
  ) throws {
    guard let workshop = context.workshops.first(where: { $0.name == name }) else {
      throw UsageError(
        "this program has no workshop '\(name)'; it has "
          + context.workshops.map { $0.name }.joined(separator: ", "))
    }
    self.context = context
    self.workshop = workshop
    self.projectRoot = projectRoot
    configPath = ""
    targets = []
    environmentVariables = context.environment
    given = nil
    configuration = try Configuration(
      document: nil, overrides: overrides, environment: context.environment)
    declared = workshop.settings + EngineSettings.beside(workshop.settings)
    try configuration.validate(known: declared.map(\.known))
    settings = SettingsReader(configuration, declared: declared)
    stored = Self.stored(configuration)
  }
}

// A workshop: a named DAG with its own configuration. The catalogue of workshops is the CLI's.
import AtelierStep
import Configuration

/// A named pipeline that its own `config.ini` drives.
public protocol Workshop: Sendable {
  /// The settings that its wiring reads.
  associatedtype Settings: SettingsTable
  /// The name on the command line, for example `propensity`.
  static var name: String { get }
  /// The folder below `Workshops/` that holds its config.ini and baselines.
  static var folder: String { get }
  /// One line for people.
  static var summary: String { get }
  /// What the workshop's numbers have to be read with, which reports lead with; nil: nothing.
  static var caution: String? { get }
  /// The stages in their order.
  static var stages: [Stage] { get }
  /// The CloudFormation template of what the workshop needs on AWS; nil where it needs nothing.
  static var stackTemplate: String? { get }
  /// Where files arrive that each want a run of their own; nil where the workshop has none.
  static var landing: Landing? { get }
  /// A document of another program that sets some of its settings; nil where it accepts none.
  static var settingsDocument: SettingsDocument? { get }
  /// Whether it ingests into feature groups below its bucket and prefix, where `atelier features`
  /// looks for them.
  static var keepsFeatures: Bool { get }
  /// The texts of the files in the workshop's folder Scripts, by name, as they were at build time;
  /// the build writes it.
  static var scripts: [String: String] { get }
  /// Wires the steps.
  ///
  /// A setting becomes a parameter of the one step that it is passed to; a step's `run` never reads
  /// configuration.
  ///
  /// The graph depends on the settings and on what `PipelineBuilder.contents(ofFile:)` and
  /// `names(inFolder:)` read, and on nothing else: no clock, no environment, no other file.
  static func wire(_ pipeline: inout PipelineBuilder, _ settings: Settings) throws
  /// What the names on AWS begin with, in documents; nil: the workshop's name.
  static func nameOnAWS(_ settings: Settings) throws -> String?
  /// How documents for AWS train with a built-in algorithm, where they are asked to; nil: the
  /// workshop has no such training.
  static func builtInTraining(_ settings: Settings) throws -> BuiltInTraining?
}

extension Workshop {
  /// Nil: the numbers speak for themselves.
  public static var caution: String? { nil }
  /// Nil: the workshop needs nothing on AWS.
  public static var stackTemplate: String? { nil }
  /// Nil: the workshop has no inbox.
  public static var landing: Landing? { nil }
  /// Nil: the workshop accepts no document of another program.
  public static var settingsDocument: SettingsDocument? { nil }
  /// False: the workshop has no feature groups.
  public static var keepsFeatures: Bool { false }
  /// Nil: the workshop's name.
  public static func nameOnAWS(_ settings: Settings) throws -> String? { nil }
  /// Nil: the workshop's own steps train.
  public static func builtInTraining(_ settings: Settings) throws -> BuiltInTraining? { nil }
  /// None: the workshop has no folder Scripts.
  public static var scripts: [String: String] { [:] }

  /// What the names on AWS begin with, for a configuration.
  ///
  /// - Throws: a `SettingError` or `ConfigurationError` for a value that makes no sense.
  public static func nameOnAWS(_ configuration: Configuration) throws -> String? {
    try nameOnAWS(Settings(reading: configuration))
  }

  /// How documents for AWS train with a built-in algorithm, for a configuration.
  ///
  /// - Throws: a `SettingError` or `ConfigurationError` for a value that makes no sense.
  public static func builtInTraining(_ configuration: Configuration) throws -> BuiltInTraining? {
    try builtInTraining(Settings(reading: configuration))
  }

  /// The configuration keys that it knows.
  public static var settings: [SettingDeclaration] { Settings.declarations }

  /// The finished graph for a configuration.
  ///
  /// - Parameters:
  ///   - configuration: the values of all settings.
  ///   - projectRoot: the folder that relative paths of the configuration start from, absolute.
  ///   - remoteNames: lists a folder in a bucket.
  ///   - given: the files and folders that wiring reads, from where the graph was planned; nil: this
  ///     machine's.
  /// - Throws: a `SettingError` or `ConfigurationError` for a value that makes no sense, and
  ///   `WiringErrors`.
  public static func graph(
    _ configuration: Configuration, projectRoot: String,
    remoteNames: @escaping (_ url: String) throws -> [String] = { throw NoBucket(url: $0) },
    given: GivenReadings? = nil
  ) throws -> Graph {
    var pipeline = PipelineBuilder(
      workshop: name, stages: stages, projectRoot: projectRoot,
      scripts: ScriptFolder(
        path: "\(projectRoot)/Workshops/\(folder)/Scripts", builtIn: scripts),
      remoteNames: remoteNames, given: given)
    try wire(&pipeline, Settings(reading: configuration))
    return try pipeline.finish()
  }
}

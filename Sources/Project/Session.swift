// One call of the program: project, workshop, configuration, graph, and the store behind it.
import Atelier
import CommandLine
import Configuration
import Planning
import Terminal

/// What a verb works on.
package struct Session {
  package let workshop: any Workshop.Type
  package let projectRoot: String
  package let configPath: String
  package internal(set) var configuration: Configuration
  /// All keys that the workshop and the engine know.
  package let declared: [SettingDeclaration]
  package internal(set) var settings: SettingsReader
  var stored: Result<StoreSettings, any Error>
  let given: GivenSettings?
  /// The targets without a workshop's name.
  package internal(set) var targets: [String]
  package let environmentVariables: [String: String]
  package let context: VerbContext
  package var output: Console { context.output }

  /// Reads the configuration of the workshop that `--workshop` or the targets name.
  package init(_ call: Call, targets: [String] = [], _ context: VerbContext) throws {
    self.context = context
    let variables = context.environment
    environmentVariables = variables
    projectRoot = try ProjectRoot.find(call.directory, variables)
    (workshop, self.targets) = try Self.split(targets, call, context)
    let standard = "\(projectRoot)/Workshops/\(workshop.folder)/config.ini"
    configPath = call.configFile.map(FileSystem.absolute) ?? standard
    let shown =
      configPath.hasPrefix(projectRoot + "/")
      ? String(configPath.dropFirst(projectRoot.count + 1)) : configPath
    let bytes = try FileSystem.read(configPath)
    // ConfigParser takes it, but no path and no word of a command can hold it.
    if let nul = bytes.firstIndex(of: 0) {
      let line = 1 + bytes[..<nul].count { $0 == UInt8(ascii: "\n") }
      throw UsageError("\(shown):\(line): expected text, found a NUL byte; take it out")
    }
    let document = try IniDocument(bytes: bytes, file: shown)
    let overrides = try Dictionary(
      call.assignments.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    given = try GivenSettings(workshop, projectRoot: projectRoot, variables)
    let bare = try Configuration(
      document: document, overrides: overrides, environment: variables)
    configuration = bare.with(try given?.layer(under: bare))
    let own = workshop.settings
    declared = own + EngineSettings.beside(own)
    try configuration.validate(known: declared.map(\.known))
    settings = SettingsReader(configuration, declared: declared)
    stored = Self.stored(configuration)
    for note in configuration.layer?.notes ?? [] { output.message("note: \(note)") }
  }

  /// Read once; what is wrong is thrown where somebody asks, so that a listing shows it.
  static func stored(_ configuration: Configuration) -> Result<StoreSettings, any Error> {
    Result { try StoreSettings(reading: configuration) }
  }

  /// Where results are kept and steps run.
  ///
  /// - Throws: a `ConfigurationError` that names the key.
  package func storeSettings() throws -> StoreSettings { try stored.get() }

  /// The session of a verb that works on a whole workshop, which a positional argument may name.
  package init(_ call: Call, workshop argument: Argument, _ context: VerbContext) throws {
    let name = call[argument].first
    if let name { _ = try context.workshop(name, call) }
    try self.init(call, targets: name.map { [$0] } ?? [], context)
  }

  /// The same session over another configuration file.
  package func with(_ document: IniDocument) throws -> Session {
    try with(document: document, overrides: [:])
  }

  /// The same session with other values than those of the command line.
  package func with(overrides: [String: String]) throws -> Session {
    try with(document: configuration.document, overrides: overrides)
  }

  private func with(document: IniDocument?, overrides: [String: String]) throws -> Session {
    let bare = try Configuration(
      document: document, overrides: overrides, environment: environmentVariables)
    let configuration = bare.with(try given?.layer(under: bare))
    try configuration.validate(known: declared.map(\.known))
    var copy = self
    copy.configuration = configuration
    copy.settings = SettingsReader(configuration, declared: declared)
    copy.stored = Self.stored(configuration)
    return copy
  }

  /// The same session with other targets, without a workshop's name.
  package func with(targets: [String]) -> Session {
    var copy = self
    copy.targets = targets
    return copy
  }

  /// A target as somebody would type it who has named no workshop otherwise: with the workshop's name, but
  /// for that of the first.
  package func path(of target: String) -> String {
    isFirst ? target : "\(workshop.name)/\(target)"
  }

  /// ` -w NAME` for commands that messages propose; empty for the first workshop.
  package var option: String { isFirst ? "" : " -w \(workshop.name)" }

  private var isFirst: Bool { context.workshops.first?.name == workshop.name }

  /// The wired graph; with `isOffline` wiring that lists a bucket throws instead.
  package func graph(
    isOffline: Bool = false, given readings: GivenReadings? = nil
  ) throws -> Graph {
    try workshop.graph(
      configuration, projectRoot: projectRoot,
      remoteNames: { url in
        guard !isOffline else { throw UsageError("\(url) is not listed now") }
        return try sources(.open(root: storeRoot(), readOnly: true)).names(inFolder: url)
      }, given: readings)
  }

  /// Says what the wiring warns of.
  package func warn(of graph: Graph) {
    for text in graph.warnings { output.message("warning: \(text)") }
  }

  /// The chosen nodes; a misspelt target gets the nearest name suggested.
  package func selection(_ graph: Graph) throws -> Selection {
    do {
      return try Selection(targets, in: graph)
    } catch {
      let known = Set(
        error.known.flatMap { [$0, Text.withoutNumber($0)] } + context.workshops.map { $0.name })
      throw unknown(error.target, isStep: false, among: known.sorted())
    }
  }

  /// `Section.key=value`.
  package static func assignment(_ text: String) throws -> (name: String, value: String) {
    guard let equals = text.firstIndex(of: "="), text[..<equals].contains(".") else {
      throw UsageError("'\(text)' is not of the form Section.key=value")
    }
    return (String(text[..<equals]), String(text[text.index(after: equals)...]))
  }

  /// `[workshop/]target`: all targets, and `--workshop`, must name one workshop.
  private static func split(
    _ targets: [String], _ call: Call, _ context: VerbContext
  ) throws -> (any Workshop.Type, [String]) {
    let option = call.workshop
    var names = option.map { [$0] } ?? []
    var rest: [String] = []
    var areAllNamed = true
    for target in targets {
      let parts = target.split(separator: "/", maxSplits: 1).map(String.init)
      if parts.count == 2 {
        names.append(parts[0])
        rest.append(parts[1])
      } else if context.workshops.contains(where: { $0.name == target }) {
        names.append(target)
      } else {
        areAllNamed = false
        rest.append(target)
      }
    }
    let standard = context.workshops.first?.name ?? ""
    // A target without a workshop's name is one of `--workshop`, else of the first workshop.
    if option == nil, !areAllNamed { names.append(standard) }
    let name = names.first ?? standard
    if let other = names.first(where: { $0 != name }) {
      throw UsageError(
        "the targets name two workshops, \(name) and \(other); use one workshop per call")
    }
    return (try context.workshop(name, call), rest)
  }
}

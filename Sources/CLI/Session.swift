// One call of the program: project, workshop, configuration, graph, and the store behind it.
#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import Atelier
import CSystem
import Configuration
import Engine

/// What a verb works on.
struct Session {
  let workshop: any Workshop.Type
  let projectRoot: String
  let configPath: String
  let configuration: Configuration
  let settings: Settings
  /// The targets without a workshop's name.
  let targets: [String]
  let environmentVariables: [String: String]
  let house: House

  /// Reads the configuration of the workshop that the targets name.
  init(_ arguments: Arguments, targets: [String], _ house: House) throws {
    self.house = house
    let variables = ProcessInfo.processInfo.environment
    environmentVariables = variables
    projectRoot = try Self.root(arguments)
    (workshop, self.targets) = try Self.split(targets, house)
    let standard = "\(projectRoot)/Workshops/\(workshop.folder)/config.ini"
    configPath = arguments.value("config").map(FileSystem.absolute) ?? standard
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
    configuration = try Configuration(
      document: document, overrides: try Self.overrides(arguments), environment: variables)
    let declared = workshop.settings + EngineSettings.beside(workshop.settings)
    try configuration.validate(known: declared.map(\.known))
    settings = Settings(configuration, declared: declared, projectRoot: projectRoot)
  }

  /// The session of a verb that takes a workshop and no part of it; `use` says what it does with it.
  init(wholeWorkshop arguments: Arguments, _ house: House, use: String) throws {
    try self.init(arguments, targets: arguments.positionals, house)
    guard let target = targets.first else { return }
    throw UsageError(
      "`atelier \(arguments.command.name)` takes a workshop and \(use); '\(target)' is none."
        + Suggestion.text(for: target, among: house.workshops.map { $0.name }))
  }

  /// The same session over another configuration.
  func with(_ configuration: Configuration) throws -> Session {
    let declared = workshop.settings + EngineSettings.beside(workshop.settings)
    try configuration.validate(known: declared.map(\.known))
    return Session(copying: self, configuration, declared)
  }

  private init(copying other: Session, _ configuration: Configuration, _ declared: [Setting]) {
    workshop = other.workshop
    projectRoot = other.projectRoot
    configPath = other.configPath
    targets = other.targets
    environmentVariables = other.environmentVariables
    house = other.house
    self.configuration = configuration
    settings = Settings(configuration, declared: declared, projectRoot: other.projectRoot)
  }

  /// All keys that the workshop and the engine know.
  var declared: [Setting] { workshop.settings + EngineSettings.beside(workshop.settings) }

  /// The wired graph.
  func graph() throws -> Graph {
    try workshop.graph(settings) { url in
      try sources(.open(root: storeRoot(), readOnly: true)).names(inFolder: url)
    }
  }

  /// The chosen nodes; a misspelt target gets the nearest name suggested.
  func selection(_ graph: Graph) throws -> Selection {
    do {
      return try Selection(targets, in: graph)
    } catch {
      let known = Set(
        error.known.flatMap { [$0, Self.withoutNumber($0)] } + house.workshops.map { $0.name })
      throw UsageError(
        "\(error)." + Suggestion.text(for: error.target, among: known.sorted())
          + " `atelier list steps` shows all.")
    }
  }

  static func withoutNumber(_ name: String) -> String {
    guard let dot = name.lastIndex(of: "."), name[name.index(after: dot)...].allSatisfy(\.isNumber)
    else { return name }
    return String(name[..<dot])
  }

  private static func overrides(_ arguments: Arguments) throws -> [String: String] {
    var overrides: [String: String] = [:]
    for text in arguments.all("set") {
      let (name, value) = try assignment(text)
      overrides[name] = value
    }
    return overrides
  }

  /// `Section.key=value`.
  static func assignment(_ text: String) throws -> (name: String, value: String) {
    guard let equals = text.firstIndex(of: "="), text[..<equals].contains(".") else {
      throw UsageError("'\(text)' is not of the form Section.key=value")
    }
    return (String(text[..<equals]), String(text[text.index(after: equals)...]))
  }

  /// `[workshop/]target`: all targets must name one workshop.
  private static func split(
    _ targets: [String], _ house: House
  ) throws -> (any Workshop.Type, [String]) {
    let standard = house.workshops.first?.name ?? ""
    var names: [String] = []
    var rest: [String] = []
    for target in targets {
      let parts = target.split(separator: "/", maxSplits: 1).map(String.init)
      if parts.count == 2 {
        names.append(parts[0])
        rest.append(parts[1])
      } else if house.workshops.contains(where: { $0.name == target }) {
        names.append(target)
      } else {
        names.append(standard)
        rest.append(target)
      }
    }
    let name = names.first ?? standard
    if let other = names.first(where: { $0 != name }) {
      throw UsageError("the targets name two workshops, \(name) and \(other); run one at a time")
    }
    guard let workshop = house.workshops.first(where: { $0.name == name }) else {
      throw UsageError(
        "there is no workshop '\(name)'."
          + Suggestion.text(for: name, among: house.workshops.map { $0.name }))
    }
    return (workshop, rest)
  }

  /// The project's folder, for a verb that needs no configuration, too.
  static func root(_ arguments: Arguments) throws -> String {
    try findRoot(
      arguments.value("project") ?? ProcessInfo.processInfo.environment["ATELIER_PROJECT"])
  }

  /// The folder that holds Workshops/: as told, else upwards from here, else from the program.
  static func findRoot(_ told: String?) throws -> String {
    if let told {
      let root = FileSystem.resolved(told) ?? FileSystem.absolute(told)
      guard FileSystem.isDirectory(root + "/Workshops") else {
        throw UsageError("\(root) holds no folder Workshops/; --project names the project's root")
      }
      return root
    }
    let here = FileManager.default.currentDirectoryPath
    let program = cs_self_path().map { String(cString: $0) } ?? ""
    for start in [here, program] {
      var folder = start
      while !folder.isEmpty {
        if FileSystem.isDirectory(folder + "/Workshops"),
          FileSystem.isFile(folder + "/Package.swift")
        {
          return folder
        }
        folder = String(folder[..<(folder.lastIndex(of: "/") ?? folder.startIndex)])
      }
    }
    throw UsageError(
      "no project here: no folder above \(here) holds Package.swift and Workshops/; "
        + "give --project DIR")
  }
}

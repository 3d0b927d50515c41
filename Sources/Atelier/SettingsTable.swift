// The settings of a workshop as one value: declared, listed and read by one walk over its properties.
import Configuration

/// Settings that are declared as properties with ``Setting``, and are read together.
///
///     struct RetailSettings: SettingsTable {
///       @Setting("Retail", "rows", "simulated sales", in: 1...100_000_000) var rows = 60_000
///       var bucket = BucketSettings(bucket: "retail-workshop", prefix: "retail")
///     }
///
/// A property may be a table of its own, which several workshops share. `Decodable` is what lets the
/// compiler write how a table is made of read values; there is nothing to write for it.
public protocol SettingsTable: SettingsGroup {
  /// All settings with their defaults.
  init()
}

/// Settings that belong together, as a property of a ``SettingsTable``: a table that is made with
/// defaults or a section of its own.
public protocol SettingsGroup: Decodable, Sendable {
  /// Checks what no value can say alone; throws a `SettingError`. It runs when all values are read.
  func check() throws
}

extension SettingsGroup {
  /// Nothing: the values say all.
  public func check() throws {}
}

extension SettingsTable {
  /// The declared keys, in the order of the properties.
  public static var declarations: [SettingDeclaration] { declarations(of: Self()) }

  /// The settings with the values of a configuration; `self.check()` and those of its tables are done.
  ///
  /// - Throws: the mistake, or `SettingErrors` where several values are wrong.
  public init(reading configuration: Configuration) throws {
    var reading = TableReading(configuration: configuration)
    self = try reading.table(Self())
    try reading.throwProblems()
    for check in reading.checks { try check() }
    try check()
  }

  private static func declarations(of table: any SettingsGroup) -> [SettingDeclaration] {
    Mirror(reflecting: table).children.flatMap { child -> [SettingDeclaration] in
      switch child.value {
      case let setting as any DeclaredSetting: [setting.declaration]
      case let nested as any SettingsGroup: declarations(of: nested)
      default: []
      }
    }
  }
}

/// The settings of a workshop that has none.
public struct NoSettings: SettingsTable {
  /// Nothing to set.
  public init() {}
}

/// One walk over a table: each setting is read, and mistakes are collected.
private struct TableReading {
  let configuration: Configuration
  private var problems: [any Error] = []
  /// The checks of nested tables, the innermost first.
  private(set) var checks: [() throws -> Void] = []

  init(configuration: Configuration) { self.configuration = configuration }

  /// The table with values of the configuration; its defaults where one is wrong.
  mutating func table<Table: SettingsGroup>(_ table: Table) throws -> Table {
    var values: [String: Any] = [:]
    for child in Mirror(reflecting: table).children {
      guard let label = child.label else { continue }
      switch child.value {
      case let setting as any DeclaredSetting:
        // The compiler keeps the setting of `rows` in `_rows`.
        values[String(label.dropFirst())] = read(setting)
      case let nested as any SettingsGroup:
        values[label] = try self.nested(nested)
      default: values[label] = child.value
      }
    }
    return try Table(from: PropertyDecoder(values: values))
  }

  func throwProblems() throws {
    guard let first = problems.first else { return }
    throw problems.count == 1 ? first : SettingErrors(errors: problems)
  }

  private mutating func read<Declared: DeclaredSetting>(_ setting: Declared) -> Declared {
    do {
      return try setting.reading(configuration)
    } catch {
      problems.append(error)
      return setting
    }
  }

  private mutating func nested<Table: SettingsGroup>(_ table: Table) throws -> Table {
    let read = try self.table(table)
    checks.append(read.check)
    return read
  }
}

// Which packages this machine has, by name, whatever manager keeps the list.

/// The installed packages, and what finds each.
struct InstalledPackages {
  struct Package {
    let name: String
    let architecture: String
    let version: String
    /// Names of packages and of what packages provide that it needs, each alternative among them.
    let depends: [String]
    /// The absolute paths that it brought; nil where the manager keeps them in a list of their own.
    var files: [String]?
    /// The name in a key, different for those that may be installed beside each other.
    var key: String
  }

  private var byName: [String: [Package]] = [:]

  init() {}

  /// Adds a package, which its name, what it provides and its files find.
  mutating func add(_ package: Package, providing names: [String]) {
    byName[package.name, default: []].append(package)
    for name in Set(names) where name != package.name {
      byName[name, default: []].append(package)
    }
  }

  /// Each package once.
  var all: [Package] { byName.flatMap { name, packages in packages.filter { $0.name == name } } }

  /// The packages of a name, and those that provide it.
  func named(_ name: String) -> [Package] { byName[name] ?? [] }
}

/// A package manager's list of what is installed.
protocol PackageDatabase {
  /// Reads the list; nil where this machine has no such manager.
  func installed() throws -> InstalledPackages?
  /// The absolute paths that a package brought.
  func files(of package: InstalledPackages.Package) throws -> [String]
  /// The files that each installation replaces or writes to.
  var records: [String] { get }
}

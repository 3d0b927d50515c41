// Which packages of the system a step may read, with all that they depend on.
import Content
import FileTools

/// Packages of the system that cannot be had.
package struct PackageError: Error, Hashable, CustomStringConvertible {
  package let description: String
}

/// Packages and what they depend on, down to the C library.
package struct PackageClosure: Sendable {
  /// Versions by package, and the digest of all files under a name that no package can have: what
  /// somebody edited in place has the version that it had.
  package let versions: [String: String]
  /// The absolute paths of all files that the packages brought.
  package let files: [String]
  /// The folders above them.
  package let folders: [String]
  /// The files that each installation replaces or writes to, as they were.
  private let records: [String: FileIdentity?]

  /// The closure of packages by name, of the manager that this machine has: dpkg, else rpm.
  ///
  /// Of alternatives the installed ones count, and so do the installed packages that provide a name.
  package init(of names: [String], digests: FileSetDigest) throws {
    try self.init(of: names, digests: digests, from: [DpkgDatabase(), RpmDatabase()])
  }

  /// The closure of packages by the first of some databases that is there.
  init(of names: [String], digests: FileSetDigest, from databases: [any PackageDatabase]) throws {
    for database in databases {
      let records = try Dictionary(
        uniqueKeysWithValues: database.records.map { ($0, try FileIdentity(ofFile: $0)) })
      guard let installed = try database.installed() else { continue }
      try self.init(of: names, in: installed, database, records, digests)
      return
    }
    throw PackageError(
      description:
        "\(names.joined(separator: ", ")): this machine has neither dpkg nor rpm, which say "
        + "what packages hold; declare the files that the step needs as inputs or programs instead")
  }

  private init(
    of names: [String], in installed: InstalledPackages, _ database: any PackageDatabase,
    _ records: [String: FileIdentity?], _ digests: FileSetDigest
  ) throws {
    self.records = records
    var pending = names
    var found: [String: InstalledPackages.Package] = [:]
    while let name = pending.popLast() {
      let packages = installed.named(name)
      if packages.isEmpty, names.contains(name) {
        throw PackageError(
          description: "the package '\(name)' is not installed; install it, or correct the name in "
            + "`.system(packages:)`")
      }
      for package in packages where found[package.key] == nil {
        found[package.key] = package
        pending += package.depends
      }
    }
    var files: Set<String> = []
    var folders: Set<String> = []
    for package in found.values {
      for path in try database.files(of: package) where Self.isSystem(path) {
        switch try FileStatus(path, followingLinks: true)?.kind {
        case .file: files.insert(path)
        case .folder: folders.insert(path)
        default: continue
        }
      }
    }
    self.files = files.sorted()
    let contents = try digests.digest(of: self.files, below: [])
    versions = found.mapValues(\.version)
      .merging(["(contents)": contents.description]) { version, _ in version }
    self.folders = folders.subtracting(["/", "/."]).sorted()
  }

  /// Whether packages were installed or removed since.
  package var hasMoved: Bool {
    records.contains { path, identity in (try? FileIdentity(ofFile: path)) != identity }
  }

  /// The paths that say which packages there are.
  package var recordPaths: [String] { records.filter { $0.value != nil }.keys.sorted() }

  /// Whether a path is one of programs and their data, not of a machine's configuration.
  private static func isSystem(_ path: String) -> Bool {
    path.hasPrefix("/usr/") || path.hasPrefix("/lib") || path.hasPrefix("/bin")
  }
}

// Which packages of the system a step may read, with all that they depend on. It starts nothing.
import Content
import FileTools

/// Packages of the system that cannot be had.
package struct PackageError: Error, Hashable, CustomStringConvertible {
  package let description: String
}

/// Packages of dpkg and what they depend on, down to the C library.
package struct PackageClosure: Sendable {
  /// Versions by package, and the digest of all files under a name that no package can have: what
  /// somebody edited in place has the version that it had.
  package let versions: [String: String]
  /// The absolute paths of all files that the packages brought.
  package let files: [String]
  /// The folders above them.
  package let folders: [String]
  /// Of the status file, which each installation replaces.
  package let identity: FileIdentity?

  static let database = "/var/lib/dpkg"
  /// Bytes of the largest status file or list that is read.
  private static let mostBytes = 256 << 20
  package static let status = "/var/lib/dpkg/status"

  /// The closure of packages by name.
  ///
  /// Of alternatives the installed ones count, and so do the installed packages that provide a name.
  package init(of names: [String], digests: FileSetDigest) throws {
    guard let bytes = try Disk.read(Self.status, atMost: Self.mostBytes) else {
      throw PackageError(
        description: "\(names.joined(separator: ", ")): this machine has no dpkg, which says what "
          + "packages hold (\(Self.status) is missing); declare the files that the step needs as "
          + "inputs or programs instead")
    }
    identity = try FileIdentity(ofFile: Self.status)
    let installed = InstalledPackages(status: bytes)
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
      for path in try Self.contents(of: package) {
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
  package var hasMoved: Bool { (try? FileIdentity(ofFile: Self.status)) != identity }

  private static func contents(of package: InstalledPackages.Package) throws -> [String] {
    for name in [package.name, "\(package.name):\(package.architecture)"] {
      let list = "\(database)/info/\(name).list"
      guard let bytes = try Disk.read(list, atMost: Self.mostBytes) else { continue }
      return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        .filter { $0.hasPrefix("/usr/") || $0.hasPrefix("/lib") || $0.hasPrefix("/bin") }
    }
    return []
  }
}

/// The packages that dpkg's status file says are installed.
struct InstalledPackages {
  struct Package {
    let name: String
    let architecture: String
    let version: String
    /// Names of packages that it needs, each alternative among them.
    let depends: [String]
    /// The name in a key.
    var key: String { name }
  }

  private var byName: [String: [Package]] = [:]

  init(status bytes: [UInt8]) {
    var fields: [String: String] = [:]
    var last = ""
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      guard let first = line.first else {
        add(fields)
        fields = [:]
        continue
      }
      if first == UInt8(ascii: " ") || first == UInt8(ascii: "\t") { continue }
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
      last = String(decoding: line[..<colon], as: UTF8.self)
      guard Self.wanted.contains(last) else { continue }
      let value = line[line.index(after: colon)...].drop { $0 == UInt8(ascii: " ") }
      fields[last] = String(decoding: value, as: UTF8.self)
    }
    add(fields)
  }

  private static let wanted: Set<String> = [
    "Package", "Status", "Architecture", "Version", "Depends", "Pre-Depends", "Provides",
  ]

  private mutating func add(_ fields: [String: String]) {
    guard let name = fields["Package"], let version = fields["Version"],
      fields["Status"]?.hasSuffix(" installed") == true
    else { return }
    let needs = [fields["Pre-Depends"], fields["Depends"]].compactMap(\.self)
    let package = Package(
      name: name, architecture: fields["Architecture"] ?? "", version: version,
      depends: needs.flatMap(Self.names))
    byName[name, default: []].append(package)
    for provided in Self.names(fields["Provides"] ?? "") where provided != name {
      byName[provided, default: []].append(package)
    }
  }

  /// The names in `a (>= 1), b | c:any`.
  static func names(_ list: String) -> [String] {
    list.split(whereSeparator: { $0 == "," || $0 == "|" }).compactMap { part in
      let name = part.drop { $0 == " " }.prefix { $0 != " " && $0 != ":" && $0 != "(" }
      return name.isEmpty ? nil : String(name)
    }
  }

  func named(_ name: String) -> [Package] { byName[name] ?? [] }
}

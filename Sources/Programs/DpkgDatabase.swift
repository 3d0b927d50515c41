// What dpkg has installed, by its status file and lists. It starts nothing.
import FileTools

/// The database of Debian's package manager.
struct DpkgDatabase: PackageDatabase {
  /// Bytes of the largest status file or list that is read.
  private static let mostBytes = 256 << 20

  private let folder: String

  /// The database in a folder.
  init(folder: String = "/var/lib/dpkg") { self.folder = folder }

  var records: [String] { [status] }

  private var status: String { "\(folder)/status" }

  func installed() throws -> InstalledPackages? {
    try Disk.read(status, atMost: Self.mostBytes).map(Self.packages)
  }

  func files(of package: InstalledPackages.Package) throws -> [String] {
    for name in [package.name, "\(package.name):\(package.architecture)"] {
      let list = "\(folder)/info/\(name).list"
      guard let bytes = try Disk.read(list, atMost: Self.mostBytes) else { continue }
      return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }
    return []
  }

  /// The packages that a status file says are installed.
  static func packages(status bytes: [UInt8]) -> InstalledPackages {
    var packages = InstalledPackages()
    var fields: [String: String] = [:]
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      guard let first = line.first else {
        add(fields, to: &packages)
        fields = [:]
        continue
      }
      if first == UInt8(ascii: " ") || first == UInt8(ascii: "\t") { continue }
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
      let name = String(decoding: line[..<colon], as: UTF8.self)
      guard wanted.contains(name) else { continue }
      let value = line[line.index(after: colon)...].drop { $0 == UInt8(ascii: " ") }
      fields[name] = String(decoding: value, as: UTF8.self)
    }
    add(fields, to: &packages)
    return packages
  }

  private static let wanted: Set<String> = [
    "Package", "Status", "Architecture", "Version", "Depends", "Pre-Depends", "Provides",
  ]

  private static func add(_ fields: [String: String], to packages: inout InstalledPackages) {
    guard let name = fields["Package"], let version = fields["Version"],
      fields["Status"]?.hasSuffix(" installed") == true
    else { return }
    let needs = [fields["Pre-Depends"], fields["Depends"]].compactMap(\.self)
    packages.add(
      InstalledPackages.Package(
        name: name, architecture: fields["Architecture"] ?? "", version: version,
        depends: needs.flatMap(names), key: name),
      providing: names(fields["Provides"] ?? ""))
  }

  /// The names in `a (>= 1), b | c:any`.
  private static func names(_ list: String) -> [String] {
    list.split(whereSeparator: { $0 == "," || $0 == "|" }).compactMap { part in
      let name = part.drop { $0 == " " }.prefix { $0 != " " && $0 != ":" && $0 != "(" }
      return name.isEmpty ? nil : String(name)
    }
  }
}

// Under which texts the parts of a bundle may be passed on, as packages and wheels bring them.
import FileTools
import Programs
import Project

/// Finds licence texts of files.
struct Licenses {
  private let owners: PackageOwners
  /// A folder of further texts: those of what is part of the program itself.
  private let more: String

  /// Reads the lists of the system's packages.
  init(more: String) throws {
    owners = try PackageOwners()
    self.more = more
  }

  /// The names under which texts lie in a bundle, and their files, each once.
  func texts(for origins: [String]) throws -> [(name: String, path: String)] {
    var texts: [String: String] = [:]
    for name in try Disk.names(in: more) ?? [] { texts[name] = "\(more)/\(name)" }
    for path in origins {
      if let owner = owners.owner(of: path) {
        let text = Self.text(of: owner)
        if FileSystem.isFile(text) { texts["\(owner)/copyright"] = text }
      }
    }
    for folder in Set(origins.compactMap(Self.modules)).sorted() {
      for record in try Disk.names(in: folder) ?? [] where record.hasSuffix(".dist-info") {
        for place in ["", "/licenses"] {
          let names = try Disk.names(in: "\(folder)/\(record)\(place)") ?? []
          for name in names where Self.isText(name, in: place) {
            let path = "\(folder)/\(record)\(place)/\(name)"
            if FileSystem.isFile(path) {
              texts["\(record.dropLast(".dist-info".count))/\(name)"] = path
            }
          }
        }
      }
    }
    for path in origins where path.hasSuffix("/LICENSE.txt") { texts["python/LICENSE.txt"] = path }
    return texts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// The packages whose text is not on this machine.
  func missing(for origins: [String]) -> [String] {
    Set(origins.compactMap(owners.owner)).filter { !FileSystem.isFile(Self.text(of: $0)) }.sorted()
  }

  private static func text(of package: String) -> String { "/usr/share/doc/\(package)/copyright" }

  /// The folder of Python packages that a file lies in.
  private static func modules(_ path: String) -> String? {
    path.firstRange(of: "/site-packages/").map { String(path[..<$0.lowerBound]) + "/site-packages" }
  }

  private static func isText(_ name: String, in place: String) -> Bool {
    place == "/licenses"
      || ["LICENSE", "COPYING", "NOTICE", "AUTHORS", "METADATA"].contains(where: name.hasPrefix)
  }
}

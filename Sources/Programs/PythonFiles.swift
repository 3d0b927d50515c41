// The modules that belong to a Python: its standard library, and those of its virtual environment. It
// starts nothing.
import AtelierStep
import Content
import FileTools

/// The files that a Python imports, byte code and its own tests left out.
package struct PythonFiles: Sendable, Hashable {
  /// A file as it was when the digest was taken.
  package struct File: Sendable, Hashable {
    package let path: String
    package let identity: FileIdentity
  }

  /// Of all modules by their paths within the Python.
  package let digest: Digest
  package let files: [File]
  /// Extension modules and their libraries, which load others.
  let libraries: [File]
  /// The folders whose names may be listed.
  package let folders: [File]

  /// The files of the Python at a path; nil for a program that is none, and where nothing is wanted.
  init?(
    of program: String, _ wanted: PythonModules, digests: FileSetDigest
  ) throws {
    guard wanted != .none, let real = Disk.resolved(program),
      let name = real.split(separator: "/").last, name.hasPrefix("python")
    else { return nil }
    let environment = Disk.parent(of: Disk.parent(of: program))
    let settings = environment + "/pyvenv.cfg"
    let home = try Disk.readDocument(settings).flatMap { Self.settings(in: $0) }
    let prefix = Disk.parent(of: home?.folder ?? Disk.parent(of: real))
    guard let library = try Self.library(below: prefix, name: String(name)) else { return nil }
    let seesPackages = wanted == .all && (home?.seesPackages ?? true)
    var walk = Walk()
    try walk.add(library, without: seesPackages ? [] : Self.packages)
    if home != nil, wanted == .all { try walk.add(environment + "/lib", without: []) }
    folders = walk.folders
    let modules = walk.files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    let roots = [library, environment + "/lib"]
    // A folder without files can be imported, too.
    let names = walk.folders.map { folder in
      roots.first { folder.path.hasPrefix($0) }.map { String(folder.path.dropFirst($0.count)) }
        ?? ""
    }.sorted()
    digest = try Digest.of(
      "\(digests.digest(of: modules, below: roots)) \(seesPackages)\n"
        + names.joined(separator: "\n"))
    libraries = modules.filter { $0.path.contains(".so") }
    // Says where the rest is: of this machine, and not in the digest.
    var all = modules
    if home != nil, let identity = try FileIdentity(ofFile: settings) {
      all.append(File(path: settings, identity: identity))
    }
    files = all
  }

  /// What `pyvenv.cfg` says: the folder of the Python that the environment was made of, and whether
  /// packages of that are seen; nil where there is no environment.
  static func settings(in bytes: [UInt8]) -> (folder: String, seesPackages: Bool)? {
    var values: [String: String] = [:]
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      let parts = line.split(separator: "=", maxSplits: 1).map { part in
        String(part.drop { $0 == " " }.reversed().drop { $0 == " " || $0 == "\r" }.reversed())
      }
      if parts.count == 2 { values[parts[0]] = parts[1] }
    }
    guard let home = values["home"] else { return nil }
    return (home, values["include-system-site-packages"] == "true")
  }

  private static let packages: Set<String> = ["site-packages", "dist-packages"]

  /// The folder of the standard library.
  private static func library(below prefix: String, name: String) throws -> String? {
    for folder in ["lib", "lib64"] {
      let names = try Disk.names(in: "\(prefix)/\(folder)") ?? []
      for candidate in [name] + names.filter({ $0.hasPrefix("python3.") }).sorted() {
        let path = "\(prefix)/\(folder)/\(candidate)"
        if try FileStatus(path + "/encodings/__init__.py", followingLinks: true) != nil {
          return path
        }
      }
    }
    return nil
  }

  private struct Walk {
    private(set) var files: [File] = []
    private(set) var folders: [File] = []
    private static let unused: Set<String> = [
      "__pycache__", "test", "tests", "idlelib", "ensurepip",
    ]

    mutating func add(_ folder: String, without names: Set<String>) throws {
      guard let found = try Disk.names(in: folder) else { return }
      if let identity = try FileIdentity(ofFile: folder) {
        folders.append(File(path: folder, identity: identity))
      }
      for name in found where !names.contains(name) && !Self.unused.contains(name) {
        let path = folder + "/" + name
        guard let status = try FileStatus(path, followingLinks: true) else { continue }
        switch status.kind {
        case .file: files.append(File(path: path, identity: status.identity))
        // A link to a folder may lead back to where it is.
        case .folder where try FileStatus(path, followingLinks: false)?.kind == .folder:
          try add(path, without: names)
        default: continue
        }
      }
    }
  }
}

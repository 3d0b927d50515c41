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
  /// The folders whose names may be listed.
  package let folders: [String]

  /// The files of the Python at a path; nil for a program that is none, and where nothing is wanted.
  init?(
    of program: String, _ wanted: PythonModules, digests: FileSetDigest
  ) throws {
    guard wanted != .none, let real = Disk.resolved(program),
      let name = real.split(separator: "/").last, name.hasPrefix("python")
    else { return nil }
    let prefix = Disk.parent(of: Disk.parent(of: real))
    guard let library = try Self.library(below: prefix, name: String(name)) else { return nil }
    let environment = Disk.parent(of: Disk.parent(of: program))
    let settings = environment + "/pyvenv.cfg"
    let isVirtual = try FileStatus(settings, followingLinks: true)?.kind == .file
    var walk = Walk()
    try walk.add(library, without: isVirtual || wanted == .standard ? Self.packages : [])
    if isVirtual, wanted == .all { try walk.add(environment + "/lib", without: []) }
    folders = walk.folders
    let modules = walk.files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    digest = try digests.digest(of: modules, below: [library, environment + "/lib"])
    // Says where the rest is: of this machine, and not in the digest.
    files =
      try isVirtual
      ? modules
        + [FileIdentity(ofFile: settings)].compactMap(\.self).map {
          .init(path: settings, identity: $0)
        }
      : modules
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
    private(set) var folders: [String] = []
    private static let unused: Set<String> = [
      "__pycache__", "test", "tests", "idlelib", "ensurepip",
    ]

    mutating func add(_ folder: String, without names: Set<String>) throws {
      guard let found = try Disk.names(in: folder) else { return }
      folders.append(folder)
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

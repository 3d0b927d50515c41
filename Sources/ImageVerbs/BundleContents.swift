// Everything that an installed Atelier has: program, loader, libraries, tools, Python, workshops. The one
// place that knows where each lies in it.
import Atelier
import AtelierStep
import Content
import FileTools
import Names
import OCI
import Programs
import Project

/// The files of a bundle, below a folder that may lie anywhere.
struct BundleContents {
  private(set) var tree = LayerTree()
  /// What the bundle lacks, in a sentence each.
  private(set) var notes: [String] = []
  /// The files of this machine that are in it, links resolved.
  private(set) var origins: Set<String> = []
  private var digests: [String: Digest] = [:]
  private var pythonDigest: Digest?

  private let top: String
  private let projectRoot: String

  /// Gathers the files of this machine.
  ///
  /// - Parameters:
  ///   - name: the folder at the top.
  ///   - launcher: the static program that starts the bundle's own loader.
  ///   - own: the running program.
  init(
    name: String, root: String, launcher: String, own: String, workshops: [any Workshop.Type],
    programs: ImagePrograms
  ) throws {
    (top, projectRoot) = (name, root)
    try add(launcher, at: "bin/atelier", isExecutable: true)
    try add(own, at: "libexec/atelier", isExecutable: true)
    try addLoads(programs.own(own).loads)
    try addLocale()
    for (program, identity) in programs.found {
      if try add(program, identity) { try addLoads(identity.loads) }
    }
    notes += programs.missing
    for workshop in workshops {
      let read = try ProjectFiles(workshop: workshop.folder, root: root)
      for file in read.files { try add(file.bytes, at: file.path) }
      notes += read.emptied.map {
        "\($0.file): \($0.names.joined(separator: ", ")) not in the bundle; put secrets into the environment"
      }
    }
    // Where a system keeps the authorities that it trusts; others may keep them elsewhere.
    if let authorities = [
      "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
    ].first(where: FileSystem.isFile) {
      try add(authorities, at: "runtime/ca-certificates.crt")
    } else {
      notes.append("no file of trusted certificates was found here; the bundle has none")
    }
  }

  /// Adds the texts under which the parts may be passed on, of packages and wheels, and those in a folder.
  mutating func addLicenses(_ licenses: Licenses) throws {
    for (name, path) in try licenses.texts(for: origins.sorted()) {
      try add(path, at: "share/licenses/\(name)")
    }
    notes += licenses.missing(for: origins.sorted()).map { "no licence text was found for \($0)" }
  }

  /// Adds the list of all files by digest, last of all.
  mutating func addManifest(version: String, platform: String) throws {
    let files = digests.mapValues { JSONValue.string($0.description) }
    try add(
      JSONValue.object([
        "v": 1, "version": .string(version), "platform": .string(platform), "files": .object(files),
      ]).canonicalBytes() + [UInt8(ascii: "\n")], at: "share/manifest.json")
  }

  /// Adds a program without what it loads; false for a second Python, which is left out.
  private mutating func add(_ program: Program, _ identity: ProgramIdentity) throws -> Bool {
    let path = identity.path
    if let python = identity.python {
      // A Python finds its modules from where it lies, so both go into one folder.
      let real = Disk.resolved(path) ?? path
      if let first = pythonDigest, first != identity.digest {
        notes.append(
          "the bundle has the Python that the tools of `make setup` were installed for, not \(real); "
            + "steps in Python run again there")
        return false
      }
      pythonDigest = identity.digest
      try add(real, at: "python/bin/\(Self.name(real))", isExecutable: true)
      guard let library = python.folders.map(\.path).min(by: { $0.count < $1.count }) else {
        return true
      }
      for file in python.files where file.path.hasPrefix(library + "/") {
        let place = "python/lib/\(Self.name(library))\(file.path.dropFirst(library.count))"
        try add(file.path, at: place)
      }
    } else if path.hasPrefix(projectRoot + "/") {
      try add(
        path, at: String(path.dropFirst(projectRoot.count + 1)), isExecutable: program.isExecutable)
    } else {
      let folder = program.isExecutable ? "libexec" : "runtime"
      try add(path, at: "\(folder)/\(Self.name(path))", isExecutable: program.isExecutable)
    }
    return true
  }

  /// Libraries and the loader; those of the project's tools keep their place beside what names it.
  private mutating func addLoads(_ loads: [LoadedFile]) throws {
    for load in loads {
      let isLoader = load.name.hasPrefix("ld-")
      if load.path.hasPrefix(projectRoot + "/") {
        try add(
          load.path,
          at: PathParts.plain(load.path.dropFirst(projectRoot.count + 1)).joined(separator: "/"))
      } else {
        try add(load.path, at: "runtime/\(load.name)", isExecutable: isLoader)
      }
    }
  }

  private mutating func addLocale() throws {
    for folder in ["", "/LC_MESSAGES"] {
      for name in try Disk.names(in: SystemRuntime.locale + folder) ?? [] {
        let path = "\(SystemRuntime.locale)\(folder)/\(name)"
        guard FileSystem.isFile(path) else { continue }
        try add(path, at: "runtime/locale/C.utf8\(folder)/\(name)")
      }
    }
  }

  private mutating func add(_ path: String, at place: String, isExecutable: Bool = false) throws {
    let real = Disk.resolved(path) ?? path
    let digest = try Digest.of(file: real).digest
    if let known = digests[place] {
      // Two paths of one library.
      guard known != digest else { return }
      throw FileError.unsuitable(
        path: path, found: "another \(Self.name(place)) than the one that is there already",
        expected: "one file of each name")
    }
    digests[place] = digest
    origins.insert(real)
    try tree.addFile("\(top)/\(place)", from: real, isExecutable: isExecutable)
  }

  private mutating func add(_ bytes: [UInt8], at place: String) throws {
    digests[place] = try Digest.of(bytes)
    try tree.addFile("\(top)/\(place)", bytes)
  }

  private static func name(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}

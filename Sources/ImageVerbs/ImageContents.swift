// Everything that a container of Atelier has: system, tools, program, project. The one place that
// knows it.
import Atelier
import AtelierStep
import CommandLine
import FileTools
import OCI
import Programs
import Project
import Terminal

/// The layers of an image, and how its containers start.
struct ImageContents {
  let layers: [(name: String, tree: LayerTree)]
  let configuration: ImageConfiguration
  /// What the image lacks, in a sentence each.
  let notes: [String]

  /// The program in the image.
  static let program = "\(HostFiles.project)/bin/atelier"
  /// What SageMaker lets a container write to.
  static let scratch = "/opt/ml"
  private static let standardPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

  /// Gathers the files of this machine.
  ///
  /// - Parameters:
  ///   - wanted: the programs that steps of the workshops declare.
  ///   - own: the running program.
  init(
    root: String, workshops: [any Workshop.Type], wanted: [Program], locator: ProgramLocator,
    own: String, version: String
  ) throws {
    var files = HostFiles(projectRoot: root)
    let programs = try ImagePrograms(locator, wanted: wanted)
    try Self.addSystem(&files)
    try Self.add(programs, own, to: &files)
    var notes = programs.missing
    for workshop in workshops {
      let read = try ProjectFiles(workshop: workshop.folder, root: root)
      for file in read.files { try files.add(file.bytes, at: "\(HostFiles.project)/\(file.path)") }
      notes += read.emptied.map {
        "\($0.file): \($0.names.joined(separator: ", ")) not in the image; containers read secrets from "
          + "their environment"
      }
    }
    // The least changing first: a new program leaves the large layers as they are.
    let parts = files.tree.parts { path -> String in
      if path.hasPrefix("opt/atelier/bin/") { return "program" }
      if path.hasPrefix("opt/atelier/Workshops/") { return "project" }
      return path.hasPrefix("opt/atelier/.tools/") ? "tools" : "system"
    }
    layers = ["system", "tools", "program", "project"].compactMap { name in
      parts[name].map { (name, $0) }
    }
    configuration = ImageConfiguration(
      architecture: ImageConfiguration.ownArchitecture, entrypoint: [Self.program],
      environment: [
        "PATH=\(HostFiles.project)/bin:\(try Self.pythonFolder(locator))\(Self.standardPath)",
        "ATELIER_PROJECT=\(HostFiles.project)",
        // Relative to the project's root it could not be written.
        "ATELIER_ATELIER_ROOT=\(Self.scratch)/atelier",
      ] + Self.named(programs, locator, files), workingFolder: Self.scratch,
      labels: [
        "org.opencontainers.image.title": "atelier", "org.opencontainers.image.version": version,
      ])
    self.notes = notes
  }

  /// What a container has of a system before any program: places for the kernel's file systems,
  /// users.
  private static func addSystem(_ files: inout HostFiles) throws {
    for folder in ["/dev", "/etc", "/proc", "/sys", "/root", scratch] {
      try files.addFolder(at: folder)
    }
    for folder in ["/tmp", "/var/tmp"] { try files.addFolder(at: folder, mode: 0o1777) }
    func add(_ text: String, at path: String) throws {
      try files.add(Array(text.utf8), at: path)
    }
    try add(
      "root:x:0:0:root:/root:/sbin/nologin\n"
        + "nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin\n", at: "/etc/passwd")
    try add("root:x:0:\nnogroup:x:65534:\n", at: "/etc/group")
    try add("hosts: files dns\n", at: "/etc/nsswitch.conf")
    // The trusted authorities, where the system's libcurl looks for them.
    for path in [
      "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
      "/etc/ssl/ca-bundle.pem",
    ] where try FileStatus(path, followingLinks: true) != nil {
      try files.add(path)
    }
  }

  /// The programs with all that they load, at the paths where steps look for them.
  private static func add(
    _ programs: ImagePrograms, _ own: String, to files: inout HostFiles
  ) throws {
    let itself = try programs.own(own)
    try files.add(own, at: program, isExecutable: true)
    for load in itself.loads { try files.add(load.path) }
    for path in try programs.runtime(of: own) { try files.add(path) }
    for identity in programs.identities {
      try files.add(identity.path)
      for load in identity.loads { try files.add(load.path) }
      for folder in identity.python?.folders ?? [] { try files.add(folder.path) }
      for file in identity.python?.files ?? [] { try add(module: file.path, to: &files) }
    }
    for closure in programs.closures {
      for folder in closure.folders { try files.add(folder) }
      for file in closure.files { try files.add(file) }
    }
    for record in try PackageClosure.dpkgRecords(of: programs.closures) {
      try files.add(record.bytes, at: record.path)
    }
    // What a library directory beyond the loader's own needs to be found.
    let loaded = (itself.loads + programs.identities.flatMap(\.loads)).map(\.path)
    if loaded.contains(where: { !isStandard($0, files.projectRoot) }),
      try FileStatus(ProgramLoads.cache, followingLinks: true) != nil
    {
      try files.add(ProgramLoads.cache)
    }
  }

  /// A file of a Python; of a virtual environment's settings only what a Python reads, since the
  /// rest names who made it and where.
  private static func add(module path: String, to files: inout HostFiles) throws {
    guard path.hasSuffix("/pyvenv.cfg"), let bytes = try Disk.read(path) else {
      return try files.add(path)
    }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter { line in
      ["home", "include-system-site-packages", "version"].contains {
        line.hasPrefix($0 + " ") || line.hasPrefix($0 + "=")
      }
    }
    try files.add(
      Array((lines.joined(separator: "\n") + "\n").utf8), at: files.inImage(path))
  }

  /// The variables of programs that a variable names here, too.
  private static func named(
    _ programs: ImagePrograms, _ locator: ProgramLocator, _ files: HostFiles
  ) -> [String] {
    Set(
      programs.found.compactMap { program, identity in
        let variable = ProgramLocator.variable(for: program)
        return locator.environment[variable] == nil
          ? nil : "\(variable)=\(files.inImage(identity.path))"
      }
    ).sorted()
  }

  /// Whether the loader finds a library without its cache, or the program itself says where it is.
  private static func isStandard(_ path: String, _ root: String) -> Bool {
    path.hasPrefix(root + "/")
      || ["/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/"].contains { path.hasPrefix($0) }
  }

  /// The folder of the Python that PATH leads to, where it is none of the usual ones.
  private static func pythonFolder(_ locator: ProgramLocator) throws -> String {
    guard let path = try? locator.path(of: Program("python3", python: .standard)) else { return "" }
    let folder = Disk.parent(of: path)
    return standardPath.split(separator: ":").contains { $0 == folder } ? "" : folder + ":"
  }
}
